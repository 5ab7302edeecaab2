internal import Libuv
internal import PostgresClient
public import Todos

// The tasks of the server, in the same database. Each change may be made twice and leads to the same.
extension PostgresTodoStore: StoredTaskStore {
    /// Of tasks that are begun at the same moment by several processes a few more may be admitted than
    /// the quota says.
    public func insertTask(
        _ task: StoredTask,
        within quota: StoredTaskQuota
    ) async throws(StoredTaskError) -> StoredTaskAdmission {
        let now = PostgresValue(quota.nowMilliseconds)
        let id = PostgresValue(task.id)
        let rows = try await work([
            TaskStatements.countOfSubject(
                now,
                PostgresValue(task.owner.issuer),
                PostgresValue(task.owner.subject),
                id
            ),
            TaskStatements.count(now, id),
            PostgresCall(
                statement: TaskStatements.insert,
                parameters: task.columns + [
                    PostgresValue(origin), now, PostgresValue(quota.perSubjectCountMax),
                    PostgresValue(quota.countMax),
                ]
            ),
        ])
        guard rows[0].number(0, 0) < quota.perSubjectCountMax else { return .tooManyOfSubject }
        guard rows[1].number(0, 0) < quota.countMax else { return .tooMany }
        return .admitted
    }

    public func task(
        _ id: String,
        of owner: StoredTask.Owner
    ) async throws(StoredTaskError) -> StoredTask? {
        let rows = try await work([
            TaskStatements.find(
                PostgresValue(id),
                PostgresValue(owner.issuer),
                PostgresValue(owner.subject),
                PostgresValue(owner.workspace)
            )
        ])[0]
        return rows.count > 0 ? rows.task(0) : nil
    }

    public func updateTask(_ task: StoredTask) async throws(StoredTaskError) {
        let number = Int64.random(in: .min ... .max)
        var calls = [
            TaskStatements.update(
                PostgresValue(task.id),
                PostgresValue(task.revision),
                PostgresValue(task.state.status),
                PostgresValue(task.state.isFinal),
                PostgresValue(task.state.statusMessage),
                PostgresValue(task.state.content),
                PostgresValue(task.state.updatedAtMilliseconds),
                PostgresValue(number),
                PostgresValue(origin)
            )
        ]
        if notifies { calls.append(TaskFeed.notice(of: number, by: origin)) }
        _ = try await work(calls)
    }

    public func removeTask(_ id: String) async throws(StoredTaskError) {
        _ = try await work([TaskStatements.remove(PostgresValue(id))])
    }

    public func removeExpiredTasks(atMilliseconds now: Int64) async throws(StoredTaskError) {
        _ = try await work([TaskStatements.removeExpired(PostgresValue(now))])
    }

    /// Gives this state to tasks of processes that have ended, now and from now on.
    ///
    /// A process that ended without saying so has ended once it has been silent for half a minute.
    public func interruptAllTasks(_ ending: StoredTask.State) async throws(StoredTaskError) {
        single.run { $0.roll.interrupts(with: ending) }
        let number = Int64.random(in: .min ... .max)
        var calls = [ending.interrupting(ownTasksOf: origin, by: origin, change: number)]
        if notifies { calls.append(TaskFeed.notice(of: number, by: origin)) }
        _ = try await work(calls)
    }

    public var isShared: Bool { true }

    public func passWords(
        _ words: [StoredTaskWord],
        toTask id: String
    ) async throws(StoredTaskError) {
        var calls = [
            TaskStatements.pass(
                PostgresValue(id),
                PostgresValue(array: words.map(\.topic)),
                PostgresValue(array: words.map(\.content)),
                PostgresValue(array: words.map { _ in Int64.random(in: .min ... .max) })
            )
        ]
        if notifies {
            let prefix = ProcessFeeds.payloadPrefix(TaskMailbox.letter, origin: origin)
            calls.append(TaskStatements.notifyProcess(PostgresValue(prefix), PostgresValue(id)))
        }
        _ = try await work(calls)
    }

    public func followTasks(_ hearer: StoredTaskHearer) async throws(StoredTaskError) {
        single.run { $0.follow(hearer) }
    }

    private func work(_ calls: [PostgresCall]) async throws(StoredTaskError) -> [PostgresRows] {
        do throws(PostgresError) {
            return try await run(calls)
        } catch {
            throw StoredTaskError(reason: "\(error)")
        }
    }
}

extension StoredTask.State {
    /// Gives this state to the tasks of processes that are not there, and to those of one that is.
    func interrupting(
        ownTasksOf process: Int64?,
        by origin: Int64,
        change: Int64
    ) -> PostgresCall {
        TaskStatements.interrupt(
            PostgresValue(status),
            PostgresValue(statusMessage),
            PostgresValue(content),
            PostgresValue(updatedAtMilliseconds),
            process.map { PostgresValue($0) } ?? PostgresValue(nil),
            PostgresValue(change),
            PostgresValue(origin)
        )
    }
}
