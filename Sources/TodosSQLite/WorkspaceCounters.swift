internal import CSQLite

/// The ids that a transaction gives to new to-dos.
///
/// Each workspace's count is read when the transaction first adds to it and written once, before
/// the transaction commits, however many to-dos share it.
struct WorkspaceCounters {
    private struct Counter {
        let key: Int64
        var lastID: Int64
    }

    private var counters: [String: Counter] = [:]

    /// Counts one more to-do of a workspace, which is created if there is none of that name.
    ///
    /// - Parameters:
    ///   - workspace: The workspace's name.
    ///   - statements: Those of the connection whose transaction this is.
    /// - Returns: The workspace's key and an id that no to-do of it has had.
    /// - Throws: ``SQLiteError``, also for a workspace that has had as many to-dos as can be counted.
    mutating func next(
        in workspace: String,
        with statements: borrowing WriteStatements
    ) throws(SQLiteError) -> (key: Int64, id: Int64) {
        var counter = try counter(of: workspace, with: statements)
        guard counter.lastID < .max else {
            throw SQLiteError(
                "count a to-do",
                code: SQLITE_CONSTRAINT,
                message: "the workspace has used all ids"
            )
        }
        counter.lastID += 1
        counters[workspace] = counter
        return (counter.key, counter.lastID)
    }

    /// What a workspace's count has come to; it is created if there is none of that name.
    mutating func last(
        in workspace: String,
        with statements: borrowing WriteStatements
    ) throws(SQLiteError) -> (key: Int64, id: Int64) {
        let counter = try counter(of: workspace, with: statements)
        counters[workspace] = counter
        return (counter.key, counter.lastID)
    }

    /// Has a workspace that was counted in go on after an id.
    mutating func set(_ workspace: String, lastID: Int64) {
        counters[workspace]?.lastID = lastID
    }

    /// Writes the counts to the database, as a part of the transaction.
    func store(with statements: borrowing WriteStatements) throws(SQLiteError) {
        for counter in counters.values {
            try statements.updateWorkspace.bind(counter.key, at: 1)
            try statements.updateWorkspace.bind(counter.lastID, at: 2)
            try statements.updateWorkspace.run()
        }
    }

    private func counter(
        of workspace: String,
        with statements: borrowing WriteStatements
    ) throws(SQLiteError) -> Counter {
        if let known = counters[workspace] { return known }
        if let stored = try Self.find(workspace, with: statements) { return stored }
        try statements.addWorkspace.bind(workspace, at: 1)
        try statements.addWorkspace.run()
        guard let added = try Self.find(workspace, with: statements) else {
            throw SQLiteError("add a workspace", code: SQLITE_ERROR, message: "it is not there")
        }
        return added
    }

    private static func find(
        _ workspace: String,
        with statements: borrowing WriteStatements
    ) throws(SQLiteError) -> Counter? {
        defer { statements.findWorkspace.reset() }
        try statements.findWorkspace.bind(workspace, at: 1)
        guard try statements.findWorkspace.step() else { return nil }
        return Counter(
            key: statements.findWorkspace.number(at: 0),
            lastID: statements.findWorkspace.number(at: 1)
        )
    }
}
