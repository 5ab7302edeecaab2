internal import CSQLite

/// A prepared statement: bind, step until there are no more rows, reset.
@safe
struct Statement: ~Copyable {
    // Safe: owned from `init` to `deinit`; the connection outlives its use, as SQLite keeps a
    // connection that was closed for as long as it has statements.
    private let handle: OpaquePointer

    /// What the statement does, as it reads in a sentence.
    private let operation: String

    init(owning handle: OpaquePointer, operation: String) {
        unsafe self.handle = handle
        self.operation = operation
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    /// Sets the parameter of that index, counted from 1.
    func bind(_ number: Int64, at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(handle, index, number))
    }

    /// Sets the parameter of that index, counted from 1, to a copy of the text.
    func bind(_ text: String, at index: Int32) throws(SQLiteError) {
        let byteCount = UInt64(text.utf8.count)
        // The length is passed along, so that a NUL within the text does not end it.
        let code = unsafe text.withCString { bytes in
            unsafe csqlite_bind_text(handle, index, bytes, byteCount)
        }
        try check(code)
    }

    /// Sets the parameter of that index, counted from 1, to NULL.
    func bindNull(at index: Int32) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(handle, index))
    }

    /// Runs to the next row.
    ///
    /// - Returns: `false` when there is none.
    func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code)
        }
    }

    /// Runs a statement that returns no rows and makes it ready for another run.
    func run() throws(SQLiteError) {
        defer { reset() }
        while try step() {}
    }

    /// Makes the statement ready for another run; ends its read of the database.
    ///
    /// The code that SQLite returns here is that of the last step, which has been reported.
    func reset() {
        _ = unsafe sqlite3_reset(handle)
    }

    /// The value of a column of the row, counted from 0.
    func number(at column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    /// The value of a column of the row, counted from 0.
    func text(at column: Int32) -> String {
        guard let bytes = unsafe sqlite3_column_text(handle, column) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        // Safe: valid until the next step or reset, and copied here.
        return unsafe String(
            decoding: UnsafeBufferPointer(start: bytes, count: count),
            as: UTF8.self
        )
    }

    /// Whether a column of the row, counted from 0, is NULL.
    func isNull(at column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        if code != SQLITE_OK { throw error(code) }
    }

    private func error(_ code: Int32) -> SQLiteError {
        // Safe: SQLite's message is valid until the next call on the connection, and copied here.
        let message = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
        return SQLiteError(operation, code: code, message: message)
    }
}
