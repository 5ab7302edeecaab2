internal import AccessControl
internal import JSON
public import Martlet
public import Todos

/// The server's tasks in the database of the to-dos.
public struct DatabaseTaskStore: TaskStore {
    private let store: any StoredTaskStore

    public init(_ store: any StoredTaskStore) {
        self.store = store
    }

    public func insert(
        _ task: TaskRecord,
        within quota: TaskQuota
    ) async throws(TaskStoreError) -> TaskAdmission {
        let quota = StoredTaskQuota(
            countMax: Int64(quota.countMax),
            perSubjectCountMax: Int64(quota.perSubjectCountMax),
            nowMilliseconds: quota.nowMilliseconds
        )
        do throws(StoredTaskError) {
            return switch try await store.insertTask(StoredTask(task), within: quota) {
            case .admitted: .admitted
            case .tooManyOfSubject: .tooManyOfSubject
            case .tooMany: .tooMany
            }
        } catch {
            throw TaskStoreError(error)
        }
    }

    public func update(_ task: TaskRecord) async throws(TaskStoreError) {
        do throws(StoredTaskError) {
            try await store.updateTask(StoredTask(task))
        } catch {
            throw TaskStoreError(error)
        }
    }

    public func task(
        _ id: TaskID,
        of owner: TaskOwner
    ) async throws(TaskStoreError) -> TaskRecord? {
        let stored: StoredTask?
        do throws(StoredTaskError) {
            stored = try await store.task(id.text, of: StoredTask.Owner(owner))
        } catch {
            throw TaskStoreError(error)
        }
        guard let stored else { return nil }
        guard let task = TaskRecord(stored, of: owner) else {
            throw TaskStoreError(reason: "the row of a task is damaged")
        }
        return task
    }

    public func remove(_ id: TaskID) async throws(TaskStoreError) {
        do throws(StoredTaskError) {
            try await store.removeTask(id.text)
        } catch {
            throw TaskStoreError(error)
        }
    }

    public func removeExpired(atMilliseconds now: Int64) async throws(TaskStoreError) {
        do throws(StoredTaskError) {
            try await store.removeExpiredTasks(atMilliseconds: now)
        } catch {
            throw TaskStoreError(error)
        }
    }

    public func interruptAll(
        message: String,
        atMilliseconds now: Int64
    ) async throws(TaskStoreError) {
        let ending = StoredTask.State(
            .interrupted,
            statusMessage: message,
            updatedAtMilliseconds: now
        )
        do throws(StoredTaskError) {
            try await store.interruptAllTasks(ending)
        } catch {
            throw TaskStoreError(error)
        }
    }

    public var isShared: Bool { store.isShared }

    public func pass(_ words: [TaskWord], to task: TaskID) async throws(TaskStoreError) {
        do throws(StoredTaskError) {
            try await store.passWords(words.map(StoredTaskWord.init), toTask: task.text)
        } catch {
            throw TaskStoreError(error)
        }
    }

    public func follow(_ hearer: TaskHearer) async throws(TaskStoreError) {
        let stored = StoredTaskHearer(wantsChanges: hearer.wantsChanges) { id, owner in
            await hearer.didChange(TaskID(id), TaskOwner(owner))
        } didHear: { word, id in
            // A word that is not known comes from a newer release.
            if let word = TaskWord(word) { await hearer.didHear(word, TaskID(id)) }
        }
        do throws(StoredTaskError) {
            try await store.followTasks(stored)
        } catch {
            throw TaskStoreError(error)
        }
    }
}

extension TaskStoreError {
    fileprivate init(_ error: StoredTaskError) {
        self.init(reason: error.reason)
    }
}

extension StoredTask.Owner {
    fileprivate init(_ owner: TaskOwner) {
        self.init(
            issuer: owner.subject.issuer,
            subject: owner.subject.name,
            workspace: owner.workspace
        )
    }
}

extension TaskOwner {
    fileprivate init(_ owner: StoredTask.Owner) {
        self.init(
            subject: Subject(issuer: owner.issuer, name: owner.subject),
            workspace: owner.workspace
        )
    }
}

// Processes of different releases read topics: one never changes its meaning.
extension StoredTaskWord {
    fileprivate static let cancellation = "cancel"
    fileprivate static let answerPrefix = "answer "

    fileprivate init(_ word: TaskWord) {
        switch word {
        case .answer(let key, let answer):
            self.init(topic: Self.answerPrefix + key, content: answer.description)
        case .cancellation:
            self.init(topic: Self.cancellation, content: "")
        }
    }
}

extension TaskWord {
    /// - Returns: `nil` if the word is none that this release knows.
    fileprivate init?(_ word: StoredTaskWord) {
        if word.topic == StoredTaskWord.cancellation {
            self = .cancellation
        } else if word.topic.hasPrefix(StoredTaskWord.answerPrefix) {
            let key = String(word.topic.dropFirst(StoredTaskWord.answerPrefix.count))
            self = .answer(key: key, RawJSON(unchecked: ByteBuffer(word.content)))
        } else {
            return nil
        }
    }
}

extension StoredTask.State {
    fileprivate init(
        _ status: TaskRecord.Status,
        statusMessage: String?,
        updatedAtMilliseconds: Int64
    ) {
        self.init(
            status: status.name,
            isFinal: status.isFinal,
            statusMessage: statusMessage,
            content: status.content?.description,
            updatedAtMilliseconds: updatedAtMilliseconds
        )
    }
}

extension StoredTask {
    fileprivate init(_ task: TaskRecord) {
        self.init(
            id: task.id.text,
            owner: Owner(task.owner),
            tool: task.tool,
            arguments: task.arguments.description,
            createdAtMilliseconds: task.createdAtMilliseconds,
            lifetimeMilliseconds: task.lifetimeMilliseconds,
            expiresAtMilliseconds: task.expiresAtMilliseconds,
            pollIntervalMilliseconds: Int64(task.pollIntervalMilliseconds),
            state: State(
                task.status,
                statusMessage: task.statusMessage,
                updatedAtMilliseconds: task.updatedAtMilliseconds
            ),
            revision: Int64(task.revision)
        )
    }
}

extension TaskRecord {
    /// - Returns: `nil` if the row is none that was written here.
    fileprivate init?(_ stored: StoredTask, of owner: TaskOwner) {
        func json(_ text: String) -> RawJSON { RawJSON(unchecked: ByteBuffer(text)) }
        guard
            let status = Status(name: stored.state.status, content: stored.state.content.map(json))
        else { return nil }
        self.init(
            TaskRecord(
                id: TaskID(stored.id),
                owner: owner,
                tool: stored.tool,
                arguments: json(stored.arguments),
                createdAtMilliseconds: stored.createdAtMilliseconds,
                lifetimeMilliseconds: stored.lifetimeMilliseconds,
                pollIntervalMilliseconds: Int(stored.pollIntervalMilliseconds)
            ),
            status: status,
            statusMessage: stored.state.statusMessage,
            updatedAtMilliseconds: stored.state.updatedAtMilliseconds,
            revision: Int(stored.revision)
        )
    }
}
