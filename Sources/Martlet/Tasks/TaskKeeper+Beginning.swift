internal import AccessControl
internal import JSON
internal import Logging
package import MCP
internal import Synchronization

// How a task begins.
extension TaskKeeper {
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
}
