internal import Todos

// Each change is a transaction by itself, durable on return.
extension TodoDatabase {
    func insert(
        _ task: StoredTask,
        within quota: StoredTaskQuota
    ) throws(SQLiteError) -> StoredTaskAdmission {
        try endTransaction()
        guard try countOfSubject(task.owner, quota) < quota.perSubjectCountMax else {
            return .tooManyOfSubject
        }
        guard try count(quota) < quota.countMax else { return .tooMany }
        try tasks.insert.bind(task.id, at: 1)
        try tasks.insert.bind(task.owner.issuer, at: 2)
        try tasks.insert.bind(task.owner.subject, at: 3)
        try tasks.insert.bind(task.owner.workspace, at: 4)
        try tasks.insert.bind(task.tool, at: 5)
        try tasks.insert.bind(task.arguments, at: 6)
        try tasks.insert.bind(task.createdAtMilliseconds, at: 7)
        try tasks.insert.bind(task.lifetimeMilliseconds, at: 8)
        try tasks.insert.bind(task.expiresAtMilliseconds, at: 9)
        try tasks.insert.bind(task.pollIntervalMilliseconds, at: 10)
        try tasks.insert.bind(task.state.status, at: 11)
        try tasks.insert.bind(task.state.isFinal ? 1 : 0, at: 12)
        try tasks.insert.bind(task.state.statusMessage, at: 13)
        try tasks.insert.bind(task.state.content, at: 14)
        try tasks.insert.bind(task.state.updatedAtMilliseconds, at: 15)
        try tasks.insert.bind(task.revision, at: 16)
        try tasks.insert.run()
        return .admitted
    }

    private func countOfSubject(
        _ owner: StoredTask.Owner,
        _ quota: StoredTaskQuota
    ) throws(SQLiteError) -> Int64 {
        defer { tasks.countOfSubject.reset() }
        try tasks.countOfSubject.bind(quota.nowMilliseconds, at: 1)
        try tasks.countOfSubject.bind(owner.issuer, at: 2)
        try tasks.countOfSubject.bind(owner.subject, at: 3)
        return try tasks.countOfSubject.step() ? tasks.countOfSubject.number(at: 0) : 0
    }

    private func count(_ quota: StoredTaskQuota) throws(SQLiteError) -> Int64 {
        defer { tasks.count.reset() }
        try tasks.count.bind(quota.nowMilliseconds, at: 1)
        return try tasks.count.step() ? tasks.count.number(at: 0) : 0
    }

    func task(_ id: String, of owner: StoredTask.Owner) throws(SQLiteError) -> StoredTask? {
        defer { tasks.find.reset() }
        try tasks.find.bind(id, at: 1)
        try tasks.find.bind(owner.issuer, at: 2)
        try tasks.find.bind(owner.subject, at: 3)
        try tasks.find.bind(owner.workspace, at: 4)
        return try tasks.find.step() ? tasks.find.task : nil
    }

    /// Nothing happens if the task is not there, is final or has a higher revision.
    func update(_ task: StoredTask) throws(SQLiteError) {
        try endTransaction()
        try tasks.update.bind(task.id, at: 1)
        try tasks.update.bind(task.revision, at: 2)
        try tasks.update.bind(task.state.status, at: 3)
        try tasks.update.bind(task.state.isFinal ? 1 : 0, at: 4)
        try tasks.update.bind(task.state.statusMessage, at: 5)
        try tasks.update.bind(task.state.content, at: 6)
        try tasks.update.bind(task.state.updatedAtMilliseconds, at: 7)
        try tasks.update.run()
    }

    func removeTask(_ id: String) throws(SQLiteError) {
        try endTransaction()
        try tasks.remove.bind(id, at: 1)
        try tasks.remove.run()
    }

    func removeExpiredTasks(atMilliseconds now: Int64) throws(SQLiteError) {
        try endTransaction()
        try tasks.removeExpired.bind(now, at: 1)
        try tasks.removeExpired.run()
    }

    /// Gives every task that is not final this state.
    func interruptAllTasks(_ ending: StoredTask.State) throws(SQLiteError) {
        try endTransaction()
        try tasks.interruptAll.bind(ending.status, at: 1)
        try tasks.interruptAll.bind(ending.statusMessage, at: 2)
        try tasks.interruptAll.bind(ending.content, at: 3)
        try tasks.interruptAll.bind(ending.updatedAtMilliseconds, at: 4)
        try tasks.interruptAll.run()
    }

    /// Ends a transaction of to-dos that could not be rolled back at the time of its failure.
    private func endTransaction() throws(SQLiteError) {
        if connection.isInTransaction { try writes.rollback.run() }
    }
}
