public import Todos

/// Work on tasks, with who awaits the answer.
enum TaskWork: Sendable {
    case insert(StoredTask, StoredTaskQuota, Request.Answer<StoredTaskAdmission>)
    case find(String, StoredTask.Owner, Request.Answer<StoredTask?>)
    case update(StoredTask, Request.Answer<Void>)
    case remove(String, Request.Answer<Void>)
    case removeExpired(atMilliseconds: Int64, Request.Answer<Void>)
    case interruptAll(StoredTask.State, Request.Answer<Void>)
}

// The tasks of the server, in the same file and on the same thread as the to-dos: durable when they
// are acknowledged.
extension SQLiteTodoStore: StoredTaskStore {
    public func insertTask(
        _ task: StoredTask,
        within quota: StoredTaskQuota
    ) async throws(StoredTaskError) -> StoredTaskAdmission {
        try await answer { .insert(task, quota, $0) }
    }

    public func task(
        _ id: String,
        of owner: StoredTask.Owner
    ) async throws(StoredTaskError) -> StoredTask? {
        try await answer { .find(id, owner, $0) }
    }

    public func updateTask(_ task: StoredTask) async throws(StoredTaskError) {
        try await answer { .update(task, $0) }
    }

    public func removeTask(_ id: String) async throws(StoredTaskError) {
        try await answer { .remove(id, $0) }
    }

    public func removeExpiredTasks(
        atMilliseconds now: Int64
    ) async throws(StoredTaskError) {
        try await answer { .removeExpired(atMilliseconds: now, $0) }
    }

    /// A file is opened by one process, so that no other works at any of its tasks.
    public func interruptAllTasks(_ ending: StoredTask.State) async throws(StoredTaskError) {
        try await answer { .interruptAll(ending, $0) }
    }

    private func answer<Success: Sendable>(
        _ work: (Request.Answer<Success>) -> TaskWork
    ) async throws(StoredTaskError) -> Success {
        let result = await withCheckedContinuation { waiting in
            send(.task(work(waiting))) { waiting.resume(returning: .failure($0)) }
        }
        switch result {
        case .success(let value): return value
        case .failure(.unavailable(let reason)), .failure(.failed(let reason)),
            .failure(.unconfirmed(let reason)):
            throw StoredTaskError(reason: reason)
        case .failure(.idempotencyKeyReused):
            preconditionFailure("tasks have no idempotency key")
        }
    }
}
