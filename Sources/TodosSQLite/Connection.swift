internal import CSQLite

/// A connection to an SQLite file, closed when its owner lets go of it.
///
/// Not for two threads at once: SQLite is told not to lock.
@safe
struct Connection: ~Copyable {
    // Safe: opened before `init`, closed in `deinit`, and lent to nobody who outlives the connection:
    // `sqlite3_close_v2` waits for statements that are finalized later.
    private let handle: OpaquePointer

    private init(owning handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    /// Opens a file for reading and writing, and creates it if there is none.
    ///
    /// - Parameters:
    ///   - path: Taken as a path, whatever it looks like: SQLite is shown no URI and no special
    ///     name.
    ///   - virtualFileSystem: The name SQLite knows it by; `nil` for the operating system's.
    /// - Returns: A connection that has not read the file yet.
    /// - Throws: ``SQLiteError`` when the file cannot be created, opened or written to.
    static func open(
        path: String,
        virtualFileSystem: String?
    ) throws(SQLiteError) -> Connection {
        // `file:x` and `:memory:` are names of files to everybody but SQLite.
        let path = path.hasPrefix("/") ? path : "./" + path
        if virtualFileSystem == nil { try createPrivateFile(path) }

        let flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        var handle: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &handle, flags, virtualFileSystem)
        guard let handle = unsafe handle else {
            throw SQLiteError("open a database", code: code, message: "out of memory")
        }
        // SQLite hands out a connection even when it fails, to be read its message from and closed.
        let connection = unsafe Connection(owning: handle)
        try connection.check(code, "open a database")
        guard unsafe sqlite3_db_readonly(handle, "main") == 0 else {
            throw SQLiteError(
                "write to the database",
                code: SQLITE_READONLY,
                message: "the file is write-protected"
            )
        }
        try connection.check(
            unsafe csqlite_enable_defensive(handle),
            "make a connection defensive"
        )
        return connection
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
    }

    /// Whether a transaction is open.
    var isInTransaction: Bool {
        unsafe sqlite3_get_autocommit(handle) == 0
    }

    /// Runs statements that return no rows or whose rows nobody needs.
    func execute(_ sql: String, to operation: String) throws(SQLiteError) {
        try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil), operation)
    }

    /// The single number that a statement returns.
    func number(_ sql: String, to operation: String) throws(SQLiteError) -> Int64 {
        let statement = try prepare(sql, to: operation)
        guard try statement.step() else {
            throw SQLiteError(operation, code: SQLITE_DONE, message: "no row")
        }
        return statement.number(at: 0)
    }

    /// The single text that a statement returns.
    func text(_ sql: String, to operation: String) throws(SQLiteError) -> String {
        let statement = try prepare(sql, to: operation)
        guard try statement.step() else {
            throw SQLiteError(operation, code: SQLITE_DONE, message: "no row")
        }
        return statement.text(at: 0)
    }

    /// Compiles a statement that will be run many times.
    ///
    /// - Parameters:
    ///   - sql: One statement.
    ///   - operation: What the statement does, for its errors: "list to-dos".
    /// - Returns: A statement without parameters set.
    /// - Throws: ``SQLiteError`` when the SQL is wrong or the schema cannot be read.
    func prepare(_ sql: String, to operation: String) throws(SQLiteError) -> Statement {
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            handle,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &statement,
            nil
        )
        guard code == SQLITE_OK, let statement = unsafe statement else {
            throw error(operation, code)
        }
        return unsafe Statement(owning: statement, operation: operation)
    }

    /// Waits this long for another connection's lock before a call fails with `SQLITE_BUSY`.
    func setBusyTimeout(milliseconds: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_busy_timeout(handle, milliseconds), "set the busy timeout")
    }

    private func check(_ code: Int32, _ operation: String) throws(SQLiteError) {
        if code != SQLITE_OK { throw error(operation, code) }
    }

    private func error(_ operation: String, _ code: Int32) -> SQLiteError {
        // Safe: SQLite's message is valid until the next call on the connection, and copied here.
        let message = unsafe String(cString: sqlite3_errmsg(handle))
        return SQLiteError(operation, code: code, message: message)
    }

    /// Creates the file with permissions that SQLite, which follows the process's mask, would not
    /// choose; the write-ahead log inherits them.
    ///
    /// A file that exists is not even opened: closing it would drop the locks that another
    /// connection of this process has on it (<https://www.sqlite.org/howtocorrupt.html>, §2.2).
    private static func createPrivateFile(_ path: String) throws(SQLiteError) {
        let number = unsafe csqlite_create_private_file(path)
        guard number != 0, number != EEXIST else { return }
        // Safe: the text is static or the thread's own, and copied here.
        let reason = unsafe String(cString: strerror(number))
        throw SQLiteError("create the file", code: SQLITE_CANTOPEN, message: reason)
    }
}
