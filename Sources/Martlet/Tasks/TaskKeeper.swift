internal import AccessControl
internal import JSON
internal import Libuv
package import Logging
package import MCP
internal import Synchronization

/// Looks after the tasks of a process: begins them, has them answered, stops and ends them.
///
/// Any loop may ask about any task, so what runs is behind a lock, which no other request takes.
/// A task of which clients are told is in the store before, and so is the end of one.
package final class TaskKeeper: Sendable {
    /// What became of a call that was to become a task.
    package enum Creation: Sendable {
        case created(TaskRecord)
        case refused(RequestFailure)
    }

    private struct State {
        var tasks: [TaskID: RunningTask] = [:]

        /// Tools at work, those included whose task has been cancelled meanwhile.
        var runningCount = 0
        var isStopping = false
        var waitsForTools = true
        var isTicking = false
        var tickCount = 0
        var allEnded: CheckedContinuation<Void, Never>?
        var stopSecondsLeft = 0

        /// Takes out whoever waits for the tools to end, if that was long enough.
        mutating func takeStopWaiter() -> CheckedContinuation<Void, Never>? {
            guard let waiter = allEnded else { return nil }
            stopSecondsLeft -= 1
            guard stopSecondsLeft <= 0 else { return nil }
            allEnded = nil
            return waiter
        }
    }

    /// Seconds that the end of a task is at hand for those who listen.
    private static let endedSecondsMax = 10

    /// Seconds between looks at the store for tasks whose time is up.
    private static let purgeSeconds = 60

    /// Seconds that tools have to end in when the server stops.
    private static let stopSecondsMax = 5

    private let limits: TaskLimits
    private let store: any TaskStore
    private let changes: ChangeAnnouncer
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let state = Mutex(State())

    /// The clock gives milliseconds since 1970.
    package init(
        _ limits: TaskLimits,
        store: any TaskStore,
        changes: ChangeAnnouncer,
        logger: Logger,
        now: @escaping @Sendable () -> Int64 = { WallClock.millisecondsSinceEpoch() }
    ) {
        precondition(limits.runSeconds <= limits.lifetimeSeconds, "a task outlives its run")
        self.limits = limits
        self.store = store
        self.changes = changes
        self.logger = logger
        self.now = now
    }

    /// Ends what a process before this one has left.
    func recover() async {
        do throws(TaskStoreError) {
            try await store.interruptAll(
                message: "The server was restarted before the task ended.",
                atMilliseconds: now()
            )
        } catch {
            logger.error("tasks of the last run stay as they are: \(error)")
        }
    }

    // How a task begins.

    /// Keeps a new task; the tool starts, and ``didStart(_:_:)`` is called, when its client has been told.
    package func create(_ call: FeatureCall, of owner: TaskOwner) async -> Creation {
        let refusal = state.withLock { state -> RequestFailure? in
            if state.isStopping { return .unavailable(reason: "the server stops") }
            guard state.runningCount < limits.runningCountMax else {
                return .rejected(
                    message: "Too many tasks are running. Try again when some have ended."
                )
            }
            state.runningCount += 1
            return nil
        }
        if let refusal { return .refused(refusal) }
        let begin = now()
        var generator = SystemRandomNumberGenerator()
        let record = TaskRecord(
            id: TaskID(random: &generator),
            owner: owner,
            tool: call.name,
            arguments: call.arguments.json,
            createdAtMilliseconds: begin,
            lifetimeMilliseconds: Int64(limits.lifetimeSeconds) * 1_000,
            pollIntervalMilliseconds: limits.pollIntervalMilliseconds
        )
        let quota = TaskQuota(
            countMax: limits.countMax,
            perSubjectCountMax: limits.perSubjectCountMax,
            nowMilliseconds: begin
        )
        do throws(TaskStoreError) {
            switch try await store.insert(record, within: quota) {
            case .admitted: break
            case .tooManyOfSubject:
                didStopRunning()
                let count = limits.perSubjectCountMax
                return .refused(
                    .rejected(
                        message: "You have \(count) tasks. Try again when some are forgotten."
                    )
                )
            case .tooMany:
                didStopRunning()
                return .refused(
                    .rejected(message: "There are too many tasks. Try again later.")
                )
            }
        } catch {
            didStopRunning()
            return .refused(.unavailable(reason: error.description))
        }
        state.withLock { $0.tasks[record.id] = RunningTask(record, call) }
        return .created(record)
    }

    /// Forgets a task whose client was gone before it was told of it.
    func abandon(_ id: TaskID) async {
        state.withLock { $0.tasks[id] = nil }
        didStopRunning()
        do throws(TaskStoreError) {
            try await store.remove(id)
        } catch {
            logger.error("\(error)")
        }
    }

    /// Takes note of the tool that runs as a task, so that it can be stopped.
    package func didStart(_ id: TaskID, _ run: Task<Void, Never>) {
        let isGoingOn = state.withLock { state in
            state.tasks[id]?.run = run
            return state.tasks[id]?.isGoingOn ?? false
        }
        // Cancelled before it could be.
        if !isGoingOn { run.cancel() }
    }

    /// The way from a tool to its task.
    package func link(to id: TaskID) -> TaskLink {
        TaskLink { message in
            self.report(message, id)
        } ask: { requests async throws(RequestFailure) in
            try await self.ask(requests, id)
        }
    }

    // What clients ask.

    /// A task as its owner is shown it; `nil` for everybody else, and if it does not exist.
    package func record(
        _ id: TaskID,
        of owner: TaskOwner
    ) async throws(TaskStoreError) -> TaskRecord? {
        let running = snapshot(id, of: owner)
        // Another's task takes the way of a task that never was.
        let found: TaskRecord?
        if let running { found = running } else { found = try await store.task(id, of: owner) }
        guard let found, now() < found.expiresAtMilliseconds else { return nil }
        return found
    }

    /// A task of this process that runs, or has ended just now.
    func snapshot(_ id: TaskID, of owner: TaskOwner) -> TaskRecord? {
        state.withLock { state in
            guard let record = state.tasks[id]?.record, record.owner == owner else { return nil }
            return record
        }
    }

    /// Takes answers to the questions of a task; those to no open question are ignored.
    ///
    /// - Throws: ``RPCError/malformedParams(name:expected:)`` if an answer is none to its question.
    package func answer(_ id: TaskID, _ answers: [String: RawJSON]) async throws(RPCError) {
        let time = now()
        typealias Taken = (
            record: TaskRecord,
            ready: [(tool: CheckedContinuation<RunningTask.Answers, Never>, answers: [RawJSON])]
        )
        let taken = try state.withLock { state throws(RPCError) -> Taken? in
            guard var task = state.tasks[id], task.isGoingOn else { return nil }
            let before = task.questions.requests
            let rounds = try task.questions.receive(answers)
            guard task.questions.requests != before else { return nil }
            var ready: [(CheckedContinuation<RunningTask.Answers, Never>, [RawJSON])] = []
            for round in rounds {
                switch task.waiting[round.number] {
                case .tool(let tool):
                    ready.append((tool, round.answers))
                    task.waiting[round.number] = nil
                default:
                    task.waiting[round.number] = .answered(.success(round.answers))
                }
            }
            task.showQuestions(atMilliseconds: time)
            state.tasks[id] = task
            return (task.record, ready)
        }
        guard let taken else { return }
        for (tool, answers) in taken.ready { tool.resume(returning: .success(answers)) }
        await keep(taken.record)
    }

    /// Stops a task, unless it has ended.
    ///
    /// The tool hears of it as of any cancelled call; what it still does counts no more.
    package func cancel(_ id: TaskID) async {
        await end(id, .cancelled, message: "The client cancelled the task.")
    }

    // What tools do.

    private func report(_ message: String, _ id: TaskID) {
        let time = now()
        let hasChanged = state.withLock { state in
            guard var task = state.tasks[id], task.isGoingOn else { return false }
            _ = task.record.change(to: task.record.status, message: message, atMilliseconds: time)
            state.tasks[id] = task
            return true
        }
        // Not worth the store's while: it is told of what a client or a later process must know.
        if hasChanged { changes.announce(.task(id)) }
    }

    private func ask(
        _ requests: [InputRequest],
        _ id: TaskID
    ) async throws(RequestFailure) -> [RawJSON] {
        guard !requests.isEmpty else { return [] }
        let time = now()
        let asked = state.withLock { state -> (round: Int, record: TaskRecord)? in
            guard var task = state.tasks[id], task.isGoingOn else { return nil }
            let round = task.questions.ask(requests)
            task.waiting[round] = .notYet
            task.showQuestions(atMilliseconds: time)
            state.tasks[id] = task
            return (round, task.record)
        }
        guard let asked else { throw Self.isOver }
        await keep(asked.record)
        let answers = await withTaskCancellationHandler {
            await withCheckedContinuation { tool in wait(tool, for: asked.round, of: id) }
        } onCancel: {
            withdraw(asked.round, of: id)
        }
        return try answers.get()
    }

    private func wait(
        _ tool: CheckedContinuation<RunningTask.Answers, Never>,
        for round: Int,
        of id: TaskID
    ) {
        let answers = state.withLock { state -> RunningTask.Answers? in
            switch state.tasks[id]?.waiting[round] {
            case .notYet:
                state.tasks[id]?.waiting[round] = .tool(tool)
                return nil
            case .answered(let answers):
                state.tasks[id]?.waiting[round] = nil
                return answers
            case .tool, nil:
                // The task has ended, or the tool was cancelled before it waited.
                return .failure(Self.isOver)
            }
        }
        if let answers { tool.resume(returning: answers) }
    }

    /// The part of a tool that asked is cancelled: its questions are no more.
    private func withdraw(_ round: Int, of id: TaskID) {
        let time = now()
        let tool = state.withLock { state -> CheckedContinuation<RunningTask.Answers, Never>? in
            guard var task = state.tasks[id],
                let waiting = task.waiting.removeValue(forKey: round)
            else { return nil }
            task.questions.withdraw(round)
            if task.isGoingOn { task.showQuestions(atMilliseconds: time) }
            state.tasks[id] = task
            if case .tool(let tool) = waiting { return tool }
            return nil
        }
        tool?.resume(returning: .failure(Self.isOver))
        changes.announce(.task(id))
    }

    /// Ends a task with what its tool has to say.
    package func finish(_ id: TaskID, _ call: FeatureCall, _ outcome: CallOutcome) async {
        didStopRunning()
        await end(id, call, outcome)
    }

    private func end(_ id: TaskID, _ call: FeatureCall, _ outcome: CallOutcome) async {
        let (status, message) = call.finalStatus(
            of: outcome,
            resultByteCountMax: limits.resultByteCountMax
        )
        await end(id, status, message: message)
    }

    private static let isOver = RequestFailure.rejected(message: "The task has ended.")

    // How a task ends.

    private func end(_ id: TaskID, _ status: TaskRecord.Status, message: String?) async {
        let time = now()
        let ended = state.withLock { state -> Ended? in
            guard var task = state.tasks[id],
                task.end(status, message: message, atMilliseconds: time)
            else { return nil }
            let waiting = task.takeWaiting()
            state.tasks[id] = task
            return Ended(waiting: waiting, run: task.run)
        }
        guard let ended else { return }
        ended.stop()
        await saveEnding(of: id)
    }

    /// What has to be stopped outside the lock.
    private struct Ended {
        let waiting: [CheckedContinuation<RunningTask.Answers, Never>]
        let run: Task<Void, Never>?

        func stop() {
            for tool in waiting { tool.resume(returning: .failure(TaskKeeper.isOver)) }
            run?.cancel()
        }
    }

    /// Has the store keep how a task ended, and then shows it.
    ///
    /// If the store cannot, the next tick tries again.
    private func saveEnding(of id: TaskID) async {
        guard let ending = state.withLock({ $0.tasks[id]?.ending }) else { return }
        var isKept = true
        do throws(TaskStoreError) {
            try await store.update(ending)
        } catch {
            isKept = false
            logger.error("\(error)")
        }
        state.withLock { state in
            state.tasks[id]?.isSaving = false
            guard isKept else { return }
            state.tasks[id]?.record = ending
            state.tasks[id]?.ending = nil
        }
        if isKept { changes.announce(.task(id)) }
    }

    /// Has the store keep a task that goes on, for whoever cannot ask this process.
    private func keep(_ record: TaskRecord) async {
        changes.announce(.task(record.id))
        do throws(TaskStoreError) {
            try await store.update(record)
        } catch {
            logger.warning("\(error)")
        }
    }

    private func didStopRunning() {
        let allEnded = state.withLock { state in
            state.runningCount -= 1
            guard state.runningCount == 0 else { return CheckedContinuation<Void, Never>?.none }
            let allEnded = state.allEnded
            state.allEnded = nil
            return allEnded
        }
        allEnded?.resume()
    }
}

// Time.

extension TaskKeeper {
    /// A second has passed.
    package func tick() async {
        let time = now()
        let due = state.withLock { state -> Due? in
            guard !state.isTicking else { return nil }
            state.isTicking = true
            state.tickCount += 1
            var due = Due()
            for id in state.tasks.keys {
                guard var task = state.tasks[id] else { continue }
                if task.record.expiresAtMilliseconds <= time {
                    due.expired.append(Ended(waiting: task.takeWaiting(), run: task.run))
                    state.tasks[id] = nil
                    continue
                }
                if task.ending != nil, !task.isSaving {
                    task.isSaving = true
                    due.unsaved.append(id)
                } else if task.record.status == .working, task.run != nil {
                    task.workedSeconds += 1
                    if task.workedSeconds > limits.runSeconds { due.overdue.append(id) }
                } else if task.record.status.isFinal {
                    task.endedSeconds += 1
                }
                state.tasks[id] = task.endedSeconds > Self.endedSecondsMax ? nil : task
            }
            due.isPurge = state.tickCount % Self.purgeSeconds == 0
            due.allEnded = state.takeStopWaiter()
            return due
        }
        guard let due else { return }
        for task in due.expired { task.stop() }
        due.allEnded?.resume()
        for id in due.unsaved { await saveEnding(of: id) }
        for id in due.overdue { await endOverdue(id) }
        if due.isPurge {
            do throws(TaskStoreError) {
                try await store.removeExpired(atMilliseconds: time)
            } catch {
                logger.error("\(error)")
            }
        }
        state.withLock { $0.isTicking = false }
    }

    private struct Due {
        var expired: [Ended] = []
        var unsaved: [TaskID] = []
        var overdue: [TaskID] = []
        var isPurge = false
        var allEnded: CheckedContinuation<Void, Never>?
    }

    private func endOverdue(_ id: TaskID) async {
        guard let call = state.withLock({ $0.tasks[id]?.call }) else { return }
        await end(id, call, .timedOut(afterSeconds: limits.runSeconds))
    }

    /// Ends what runs, and waits a little for the tools.
    ///
    /// Called while the loops still turn, or they could not end.
    func stop() async {
        let ids = state.withLock { state in
            state.isStopping = true
            return Array(state.tasks.keys)
        }
        for id in ids {
            await end(id, .interrupted, message: "The server was stopped before the task ended.")
        }
        await withCheckedContinuation { continuation in
            let areAllEnded = state.withLock { state in
                guard state.runningCount > 0, state.waitsForTools else { return true }
                state.allEnded = continuation
                state.stopSecondsLeft = Self.stopSecondsMax
                return false
            }
            if areAllEnded { continuation.resume() }
        }
    }

    /// Has ``stop()`` wait for no tool, now or later.
    func leaveRunning() {
        let allEnded = state.withLock { state in
            state.waitsForTools = false
            let allEnded = state.allEnded
            state.allEnded = nil
            return allEnded
        }
        allEnded?.resume()
    }
}
