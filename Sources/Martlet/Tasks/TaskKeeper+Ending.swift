internal import JSON
internal import Logging
package import MCP
internal import Synchronization

// How a task ends.
extension TaskKeeper {
    /// Ends a task with what its tool has to say.
    package func finish(_ id: TaskID, _ call: FeatureCall, _ outcome: CallOutcome) async {
        didStopRunning()
        await end(id, call, outcome)
    }

    func end(_ id: TaskID, _ call: FeatureCall, _ outcome: CallOutcome) async {
        let (status, message) = call.finalStatus(
            of: outcome,
            resultByteCountMax: limits.resultByteCountMax
        )
        await end(id, status, message: message)
    }

    func end(_ id: TaskID, _ status: TaskRecord.Status, message: String?) async {
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
    struct Ended {
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
    func saveEnding(of id: TaskID) async {
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

    /// Shows a task that goes on, and has the store keep it for whoever cannot ask this process.
    func keep(_ record: TaskRecord) async {
        changes.announce(.task(record.id))
        await save(record)
    }

    /// Has the store keep a task that goes on.
    func save(_ record: TaskRecord) async {
        do throws(TaskStoreError) {
            try await store.update(record)
            state.withLock { state in
                guard let task = state.tasks[record.id] else { return }
                state.tasks[record.id]?.keptRevision = max(task.keptRevision, record.revision)
            }
        } catch {
            logger.warning("\(error)")
        }
    }

    func didStopRunning() {
        let allEnded = state.withLock { state in
            state.runningCount -= 1
            guard state.runningCount == 0 else { return CheckedContinuation<Void, Never>?.none }
            let allEnded = state.allEnded
            state.allEnded = nil
            return allEnded
        }
        allEnded?.resume()
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
