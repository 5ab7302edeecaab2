internal import AccessControl
public import MCP
internal import Synchronization

/// Tasks in memory, which end with the process.
///
/// Bounded by the quota that each new task comes with.
public final class MemoryTaskStore: TaskStore {
    private struct State {
        var tasks: [TaskID: TaskRecord] = [:]
        var counts: [Subject: Int] = [:]

        mutating func remove(_ id: TaskID) {
            guard let task = tasks.removeValue(forKey: id) else { return }
            let count = counts[task.owner.subject, default: 1]
            counts[task.owner.subject] = count > 1 ? count - 1 : nil
        }

        mutating func removeExpired(atMilliseconds now: Int64) {
            for task in tasks.values where task.expiresAtMilliseconds <= now { remove(task.id) }
        }
    }

    private let state = Mutex(State())

    public init() {}

    public func insert(
        _ task: TaskRecord,
        within quota: TaskQuota
    ) async throws(TaskStoreError) -> TaskAdmission {
        state.withLock { state in
            let subject = task.owner.subject
            func isFull() -> Bool {
                state.tasks.count >= quota.countMax
                    || state.counts[subject, default: 0] >= quota.perSubjectCountMax
            }
            // Only then is it worth looking for tasks that do not count.
            if isFull() { state.removeExpired(atMilliseconds: quota.nowMilliseconds) }
            guard state.counts[subject, default: 0] < quota.perSubjectCountMax else {
                return .tooManyOfSubject
            }
            guard state.tasks.count < quota.countMax else { return .tooMany }
            state.tasks[task.id] = task
            state.counts[subject, default: 0] += 1
            return .admitted
        }
    }

    public func update(_ task: TaskRecord) async throws(TaskStoreError) {
        state.withLock { state in
            guard let kept = state.tasks[task.id], !kept.status.isFinal,
                kept.revision < task.revision
            else { return }
            state.tasks[task.id] = task
        }
    }

    public func task(
        _ id: TaskID,
        of owner: TaskOwner
    ) async throws(TaskStoreError) -> TaskRecord? {
        state.withLock { state in
            guard let task = state.tasks[id], task.owner == owner else { return nil }
            return task
        }
    }

    public func remove(_ id: TaskID) async throws(TaskStoreError) {
        state.withLock { $0.remove(id) }
    }

    public func removeExpired(atMilliseconds now: Int64) async throws(TaskStoreError) {
        state.withLock { $0.removeExpired(atMilliseconds: now) }
    }

    /// Interrupts the tasks of a server that used the store before.
    public func interruptAll(
        message: String,
        atMilliseconds now: Int64
    ) async throws(TaskStoreError) {
        state.withLock { state in
            for id in state.tasks.keys {
                // What has ended stays as it is.
                _ = state.tasks[id]?.change(
                    to: .interrupted,
                    message: message,
                    atMilliseconds: now
                )
            }
        }
    }
}
