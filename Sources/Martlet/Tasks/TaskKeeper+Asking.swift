internal import JSON
package import MCP
internal import Synchronization

// What the tools of tasks say and ask.
extension TaskKeeper {
    /// The way from a tool to its task.
    package func link(to id: TaskID) -> TaskLink {
        TaskLink { message in
            self.report(message, id)
        } ask: { requests async throws(RequestFailure) in
            try await self.ask(requests, id)
        }
    }

    func report(_ message: String, _ id: TaskID) {
        let time = now()
        let hasChanged = state.withLock { state in
            guard var task = state.tasks[id], task.isGoingOn else { return false }
            _ = task.record.change(to: task.record.status, message: message, atMilliseconds: time)
            state.tasks[id] = task
            return true
        }
        // The store is told with the next tick, if others read it.
        if hasChanged { changes.announce(.task(id)) }
    }

    func ask(
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

    func wait(
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
    func withdraw(_ round: Int, of id: TaskID) {
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

    static let isOver = RequestFailure.rejected(message: "The task has ended.")
}
