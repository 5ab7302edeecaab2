internal import Todos

/// The to-dos in an SQLite file, for one thread.
final class TodoDatabase {
    /// How long opening waits for a lock that another process may be about to release.
    private static let busyTimeoutMilliseconds: Int32 = 500

    /// Bytes of a write-ahead log that stay allocated once its contents are in the database.
    private static let writeAheadLogByteCountMax = 67_108_864

    /// KiB of pages kept in memory.
    private static let pageCacheKibibytes = 16_384

    let connection: Connection
    let reads: ReadStatements
    let writes: WriteStatements
    let tasks: TaskStatements
    let archive: ArchiveStatements

    /// What the transaction under way has given out.
    var workspaces = WorkspaceCounters()

    /// Opens a file, creates it if there is none, and brings its schema up to date.
    ///
    /// The lock on the file is taken here and held until the connection closes.
    init(_ configuration: SQLiteTodoStore.Configuration) throws(TodoDatabaseError) {
        let path = configuration.path
        do throws(SQLiteError) {
            connection = try Connection.open(
                path: path,
                virtualFileSystem: configuration.virtualFileSystem
            )
            try connection.setBusyTimeout(milliseconds: Self.busyTimeoutMilliseconds)
            // Before the first read: the index of the write-ahead log then lives in memory of
            // our own instead of memory shared with other processes.
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE", to: "lock the file")
        } catch {
            throw TodoDatabaseError(opening: path, error)
        }
        let version = try Schema.validate(connection, at: path)
        let journalMode: String
        do throws(SQLiteError) {
            journalMode = try connection.text("PRAGMA journal_mode = WAL", to: "set up the log")
        } catch {
            throw TodoDatabaseError(opening: path, error)
        }
        guard journalMode == "wal" else {
            throw .noWriteAheadLog(path: path, journalMode: journalMode)
        }
        do throws(SQLiteError) {
            try connection.execute(
                """
                PRAGMA synchronous = \(configuration.synchronous.rawValue);
                PRAGMA wal_autocheckpoint = \(configuration.checkpointPageCount);
                PRAGMA foreign_keys = ON;
                PRAGMA trusted_schema = OFF;
                PRAGMA cache_size = -\(Self.pageCacheKibibytes);
                PRAGMA journal_size_limit = \(Self.writeAheadLogByteCountMax)
                """,
                to: "configure the connection"
            )
            try Schema.migrate(connection, from: version)
            reads = try ReadStatements(connection)
            writes = try WriteStatements(connection)
            tasks = try TaskStatements(connection)
            archive = try ArchiveStatements(connection)
        } catch {
            throw TodoDatabaseError(opening: path, error)
        }
    }

    /// Moves what the write-ahead log holds into the database file and empties the log.
    func checkpoint() throws(SQLiteError) {
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)", to: "empty the write-ahead log")
    }

    func page(_ query: TodoQuery, in workspace: String) throws(SQLiteError) -> TodoPage {
        // One more than asked for tells whether there is a next page.
        let limit = Int64(query.limit) + 1
        let after = query.after ?? 0
        guard let isCompleted = query.isCompleted else {
            let todos = try Self.todos(of: reads.page, in: workspace, after: after, limit: limit)
            return TodoPage(oneMoreThan: query.limit, todos: todos)
        }
        try reads.pageByCompletion.bind(isCompleted ? 1 : 0, at: 4)
        let todos = try Self.todos(
            of: reads.pageByCompletion,
            in: workspace,
            after: after,
            limit: limit
        )
        return TodoPage(oneMoreThan: query.limit, todos: todos)
    }

    func todo(_ id: Int64, in workspace: String) throws(SQLiteError) -> Todo? {
        defer { reads.todo.reset() }
        try reads.todo.bind(workspace, at: 1)
        try reads.todo.bind(id, at: 2)
        return try reads.todo.step() ? reads.todo.todo(at: 0) : nil
    }

    /// The ids of completed to-dos, the oldest first.
    func completedIDs(in workspace: String, limit: Int) throws(SQLiteError) -> [Int64] {
        defer { reads.completedIDs.reset() }
        try reads.completedIDs.bind(workspace, at: 1)
        try reads.completedIDs.bind(Int64(limit), at: 2)
        var ids: [Int64] = []
        while try reads.completedIDs.step() { ids.append(reads.completedIDs.number(at: 0)) }
        return ids
    }

    private static func todos(
        of statement: borrowing Statement,
        in workspace: String,
        after: Int64,
        limit: Int64
    ) throws(SQLiteError) -> [Todo] {
        defer { statement.reset() }
        try statement.bind(workspace, at: 1)
        try statement.bind(after, at: 2)
        try statement.bind(limit, at: 3)
        var todos: [Todo] = []
        while try statement.step() { todos.append(statement.todo(at: 0)) }
        return todos
    }
}
