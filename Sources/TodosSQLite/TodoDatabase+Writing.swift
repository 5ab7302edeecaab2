internal import Todos

/// What became of one write of a transaction.
typealias WriteOutcome = Result<TodoWriteResult, TodoStoreError>

extension TodoDatabase {
    /// The most to-dos that the writes of one transaction change, so that none waits for too many
    /// others; a single write that changes more has a transaction of its own.
    static let transactionTodoCountMax = 1_024

    /// Expired idempotency keys that a transaction deletes, besides two for each that it records.
    ///
    /// Deletions outnumber records, so that the table shrinks to one day's keys under any load.
    private static let expiredKeyDeletionCountMax: Int64 = 64

    /// Carries out writes in one transaction; those that succeed are durable on return.
    ///
    /// A write that SQLite refuses does not take the others down with it: the transaction is rolled
    /// back and each write gets one of its own. Savepoints would do the same and cost every write
    /// two statements more.
    ///
    /// A transaction that fails is undone as far as this process and its successors can tell. Only
    /// if a sync fails and the power goes before the next commit may writes that were reported as
    /// failed turn up after all; a retry under an idempotency key finds them done.
    ///
    /// - Parameters:
    ///   - requests: Those of one transaction, see ``transactionTodoCountMax``; carried out in their
    ///     order.
    ///   - report: Called with each failure of SQLite.
    /// - Returns: An outcome for each write, in the same order.
    func commit(
        _ requests: [TodoWriteRequest],
        report: (SQLiteError) -> Void
    ) -> [WriteOutcome] {
        do throws(SQLiteError) {
            return try transact(requests)
        } catch {
            report(error)
            if requests.count == 1 || error.isTransient || error.isDamage {
                let failure = error.storeError
                return requests.map { _ in .failure(failure) }
            }
        }
        return requests.flatMap { commit([$0], report: report) }
    }

    private func transact(_ requests: [TodoWriteRequest]) throws(SQLiteError) -> [WriteOutcome] {
        // A transaction that could not be rolled back at the time of its failure.
        if connection.isInTransaction { try writes.rollback.run() }
        workspaces = WorkspaceCounters()
        try writes.begin.run()
        do throws(SQLiteError) {
            var outcomes: [WriteOutcome] = []
            outcomes.reserveCapacity(requests.count)
            for request in requests { outcomes.append(try apply(request)) }
            try deleteExpiredKeys(after: requests)
            try workspaces.store(with: writes)
            try writes.commit.run()
            return outcomes
        } catch {
            // Some failures end the transaction by themselves.
            if connection.isInTransaction { try writes.rollback.run() }
            throw error
        }
    }

    private func apply(_ request: TodoWriteRequest) throws(SQLiteError) -> WriteOutcome {
        if let outcome = try outcomeRecorded(of: request) { return outcome }
        let result: TodoWriteResult
        switch request.write {
        case .add(let title):
            let todo = try add(title, request)
            result = TodoWriteResult(.todo(todo), changedIDs: [todo.id])
        case .addAll(let titles):
            result = try addAll(titles, request)
        case .complete(let id):
            result = try change(id, request) { $0.complete(at: request.now) }
        case .updateTitle(let id, let title):
            result = try change(id, request) { $0.rename(to: title, at: request.now) }
        case .delete(let id):
            result = try delete(id, request)
        case .deleteCompleted(let clearing):
            result = try clear(clearing, request)
        case .restore(let restoration):
            guard let restored = try restore(restoration, in: request.caller.workspace) else {
                return .failure(.failed(reason: "the workspace has used all ids"))
            }
            result = restored
        }
        try record(result.outcome, of: request)
        return .success(result)
    }

    private func add(
        _ title: TodoTitle,
        _ request: TodoWriteRequest
    ) throws(SQLiteError) -> Todo {
        let (key, id) = try workspaces.next(in: request.caller.workspace, with: writes)
        try writes.add.bind(key, at: 1)
        try writes.add.bind(id, at: 2)
        try writes.add.bind(title.text, at: 3)
        try writes.add.bind(request.caller.issuer, at: 4)
        try writes.add.bind(request.caller.subject, at: 5)
        try writes.add.bind(request.now, at: 6)
        try writes.add.run()
        return Todo(
            id: id,
            title: title,
            createdBy: request.caller.subject,
            createdAt: request.now
        )
    }

    private func addAll(
        _ titles: [TodoTitle],
        _ request: TodoWriteRequest
    ) throws(SQLiteError) -> TodoWriteResult {
        var ids: [Int64] = []
        ids.reserveCapacity(titles.count)
        for title in titles { ids.append(try add(title, request).id) }
        guard let first = ids.first, let last = ids.last else {
            preconditionFailure("a write of no to-dos")
        }
        // One thread counts, so that no other write's ids come in between.
        return TodoWriteResult(.added(first...last), changedIDs: ids)
    }

    private func change(
        _ id: Int64,
        _ request: TodoWriteRequest,
        _ body: (inout Todo) -> Void
    ) throws(SQLiteError) -> TodoWriteResult {
        let workspace = request.caller.workspace
        guard let before = try todo(id, in: workspace) else {
            return TodoWriteResult(.todo(nil), changedIDs: [])
        }
        var after = before
        body(&after)
        guard after != before else { return TodoWriteResult(.todo(after), changedIDs: []) }
        try writes.update.bind(workspace, at: 1)
        try writes.update.bind(id, at: 2)
        try writes.update.bind(after.title, at: 3)
        try writes.update.bind(after.isCompleted ? 1 : 0, at: 4)
        try writes.update.bind(after.updatedAt, at: 5)
        try writes.update.run()
        return TodoWriteResult(.todo(after), changedIDs: [id])
    }

    private func delete(
        _ id: Int64,
        _ request: TodoWriteRequest
    ) throws(SQLiteError) -> TodoWriteResult {
        let workspace = request.caller.workspace
        guard let todo = try todo(id, in: workspace) else {
            return TodoWriteResult(.todo(nil), changedIDs: [])
        }
        try writes.delete.bind(workspace, at: 1)
        try writes.delete.bind(id, at: 2)
        try writes.delete.run()
        return TodoWriteResult(.todo(todo), changedIDs: [id])
    }

    private func clear(
        _ clearing: TodoClearing,
        _ request: TodoWriteRequest
    ) throws(SQLiteError) -> TodoWriteResult {
        let workspace = request.caller.workspace
        let ids = try completedIDs(in: workspace, limit: TodoClearing.countMax + 1)
        let found = CompletedTodos(ids: ids)
        guard clearing.admits(found) else {
            return TodoWriteResult(.needsConsent(found), changedIDs: [])
        }
        let cleared = Array(ids.prefix(found.count))
        if let last = cleared.last {
            try writes.deleteCompleted.bind(workspace, at: 1)
            try writes.deleteCompleted.bind(last, at: 2)
            try writes.deleteCompleted.run()
        }
        return TodoWriteResult(
            .cleared(count: found.count, hasMore: found.hasMore),
            changedIDs: cleared
        )
    }

    /// What the first write with the request's idempotency key came to, if there was one.
    private func outcomeRecorded(
        of request: TodoWriteRequest
    ) throws(SQLiteError) -> WriteOutcome? {
        guard let key = request.idempotencyKey else { return nil }
        defer { writes.findResult.reset() }
        try bind(key, of: request, to: writes.findResult)
        guard try writes.findResult.step() else { return nil }
        guard writes.findResult.number(at: 1) > request.now else {
            // Expired, and about to be recorded anew.
            writes.findResult.reset()
            try bind(key, of: request, to: writes.deleteResult)
            try writes.deleteResult.run()
            return nil
        }
        guard writes.findResult.text(at: 0) == request.write.arguments else {
            return .failure(.idempotencyKeyReused)
        }
        return .success(TodoWriteResult(replaying: outcomeFound(of: request.write)))
    }

    /// The outcome in the row that ``WriteStatements/findResult`` stands at.
    private func outcomeFound(of write: TodoWrite) -> TodoWriteOutcome {
        switch write {
        case .add, .complete, .updateTitle, .delete:
            return .todo(writes.findResult.isNull(at: 2) ? nil : writes.findResult.todo(at: 2))
        case .addAll, .restore:
            let first = writes.findResult.number(at: 8)
            return .added(first...(first + writes.findResult.number(at: 9) - 1))
        case .deleteCompleted:
            return .cleared(
                count: Int(writes.findResult.number(at: 9)),
                hasMore: writes.findResult.number(at: 10) != 0
            )
        }
    }

    private func record(
        _ outcome: TodoWriteOutcome,
        of request: TodoWriteRequest
    ) throws(SQLiteError) {
        guard let key = request.idempotencyKey, outcome.isKept else { return }
        // What is not bound stays NULL; the statement still has what was bound for the last write.
        for index: Int32 in 8...16 { try writes.recordResult.bindNull(at: index) }
        switch outcome {
        case .todo(nil):
            break
        case .todo(let todo?):
            try writes.recordResult.bind(todo.id, at: 8)
            try writes.recordResult.bind(todo.title, at: 9)
            try writes.recordResult.bind(todo.isCompleted ? 1 : 0, at: 10)
            try writes.recordResult.bind(todo.createdBy, at: 11)
            try writes.recordResult.bind(todo.createdAt, at: 12)
            try writes.recordResult.bind(todo.updatedAt, at: 13)
        case .added(let ids):
            try writes.recordResult.bind(ids.lowerBound, at: 14)
            try writes.recordResult.bind(Int64(ids.count), at: 15)
        case .cleared(let count, let hasMore):
            try writes.recordResult.bind(Int64(count), at: 15)
            try writes.recordResult.bind(hasMore ? 1 : 0, at: 16)
        case .needsConsent, .restored, .conflict:
            return
        }
        try bind(key, of: request, to: writes.recordResult)
        try writes.recordResult.bind(request.write.arguments, at: 6)
        try writes.recordResult.bind(request.idempotencyKeyExpiresAt, at: 7)
        try writes.recordResult.run()
    }

    /// Binds what an idempotency key counts within, which is the beginning of two statements.
    private func bind(
        _ key: IdempotencyKey,
        of request: TodoWriteRequest,
        to statement: borrowing Statement
    ) throws(SQLiteError) {
        try statement.bind(request.caller.workspace, at: 1)
        try statement.bind(request.caller.issuer, at: 2)
        try statement.bind(request.caller.subject, at: 3)
        try statement.bind(request.write.kind, at: 4)
        try statement.bind(key.text, at: 5)
    }

    private func deleteExpiredKeys(after requests: [TodoWriteRequest]) throws(SQLiteError) {
        guard let now = requests.last?.now else { return }
        let recordCount = requests.count { $0.idempotencyKey != nil }
        try writes.deleteExpired.bind(now, at: 1)
        try writes.deleteExpired.bind(
            Self.expiredKeyDeletionCountMax + 2 * Int64(recordCount),
            at: 2
        )
        try writes.deleteExpired.run()
    }
}

extension SQLiteError {
    /// What a caller of the store can do about the error.
    var storeError: TodoStoreError {
        isTransient
            ? .unavailable(reason: "\(self)")
            : .failed(reason: "\(self)")
    }
}
