internal import JSON
package import MCP
internal import Synchronization

// What clients ask of tasks.
extension TaskKeeper {
    /// A task as its owner is shown it; `nil` for everybody else, and if it does not exist.
    package func record(
        _ id: TaskID,
        of owner: TaskOwner
    ) async throws(TaskStoreError) -> TaskRecord? {
        let running = state.withLock { $0.tasks[id]?.record(of: owner) }
        // Another's task takes the way of a task that never was.
        let found: TaskRecord?
        if let running { found = running } else { found = try await store.task(id, of: owner) }
        guard let found, now() < found.expiresAtMilliseconds else { return nil }
        return found
    }

    /// A task that runs in this process, or has changed just now wherever it runs.
    func snapshot(_ id: TaskID, of owner: TaskOwner) -> TaskRecord? {
        state.withLock { state in
            state.tasks[id].map { $0.record(of: owner) } ?? state.others[id]?.record(of: owner)
        }
    }

    /// Takes answers to the questions of a task; those to no open question are ignored.
    ///
    /// - Throws: ``RPCError/malformedParams(name:expected:)`` if an answer is none to its question,
    ///   wherever the task runs, and ``RPCError/internalError`` if an answer cannot be passed on.
    package func answer(
        _ task: TaskRecord,
        _ answers: [String: RawJSON]
    ) async throws(RPCError) {
        guard isElsewhere(task) else { return try await take(answers, task.id) }
        guard case .inputRequired(let requests) = task.status else { return }
        let fitting = try OpenQuestions(requests).answered(by: answers)
        guard !fitting.isEmpty else { return }
        try await pass(fitting.map { .answer(key: $0.key, $0.value) }, to: task.id)
    }

    /// Stops a task, unless it has ended.
    ///
    /// The tool hears of it as of any cancelled call; what it still does counts no more.
    ///
    /// - Throws: ``RPCError/internalError`` if the process that works at it cannot be told.
    package func cancel(_ task: TaskRecord) async throws(RPCError) {
        guard isElsewhere(task) else { return await cancelHere(task.id) }
        guard !task.status.isFinal else { return }
        try await pass([.cancellation], to: task.id)
    }

    /// Whether another process works at the task, if any does.
    private func isElsewhere(_ task: TaskRecord) -> Bool {
        state.withLock { $0.tasks[task.id] == nil }
    }

    /// Stops a task of this process.
    func cancelHere(_ id: TaskID) async {
        await end(id, .cancelled, message: "The client cancelled the task.")
    }

    /// Takes answers to the questions of a task of this process.
    func take(_ answers: [String: RawJSON], _ id: TaskID) async throws(RPCError) {
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
}
