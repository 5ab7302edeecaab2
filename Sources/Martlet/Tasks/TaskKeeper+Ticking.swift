internal import Logging
internal import MCP
internal import Synchronization

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
                    if task.keptRevision < task.record.revision { due.unkept.append(task.record) }
                } else if task.record.status.isFinal {
                    task.endedSeconds += 1
                }
                state.tasks[id] = task.endedSeconds > Self.endedSecondsMax ? nil : task
            }
            state.forgetOthers()
            due.isPurge = state.tickCount % Self.purgeSeconds == 0
            due.allEnded = state.takeStopWaiter()
            return due
        }
        guard let due else { return }
        for task in due.expired { task.stop() }
        due.allEnded?.resume()
        for id in due.unsaved { await saveEnding(of: id) }
        for id in due.overdue { await endOverdue(id) }
        // How far a tool has come: not worth the while of a store that nobody else reads.
        if store.isShared {
            for task in due.unkept { await save(task) }
        }
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
        var unkept: [TaskRecord] = []
        var isPurge = false
        var allEnded: CheckedContinuation<Void, Never>?
    }

    private func endOverdue(_ id: TaskID) async {
        guard let call = state.withLock({ $0.tasks[id]?.call }) else { return }
        await end(id, call, .timedOut(afterSeconds: limits.runSeconds))
    }
}
