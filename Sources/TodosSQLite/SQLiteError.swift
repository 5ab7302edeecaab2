internal import CSQLite

/// An SQLite call that failed, with the operation that was attempted.
///
/// The message is SQLite's own and may name tables and columns; values that were bound to a
/// statement are not part of it.
public struct SQLiteError: Error, Hashable, Sendable {
    /// What was being done, as it reads in a sentence: "commit a transaction".
    public let operation: String

    /// The extended result code (<https://www.sqlite.org/rescode.html>).
    public let code: Int32

    /// SQLite's explanation.
    public let message: String

    init(_ operation: String, code: Int32, message: String) {
        self.operation = operation
        self.code = code
        self.message = message
    }

    /// SQLite's symbolic name for the primary result code: "SQLITE_BUSY".
    public var name: String {
        switch primaryCode {
        case SQLITE_ERROR: "SQLITE_ERROR"
        case SQLITE_INTERNAL: "SQLITE_INTERNAL"
        case SQLITE_PERM: "SQLITE_PERM"
        case SQLITE_ABORT: "SQLITE_ABORT"
        case SQLITE_BUSY: "SQLITE_BUSY"
        case SQLITE_LOCKED: "SQLITE_LOCKED"
        case SQLITE_NOMEM: "SQLITE_NOMEM"
        case SQLITE_READONLY: "SQLITE_READONLY"
        case SQLITE_INTERRUPT: "SQLITE_INTERRUPT"
        case SQLITE_IOERR: "SQLITE_IOERR"
        case SQLITE_CORRUPT: "SQLITE_CORRUPT"
        case SQLITE_NOTFOUND: "SQLITE_NOTFOUND"
        case SQLITE_FULL: "SQLITE_FULL"
        case SQLITE_CANTOPEN: "SQLITE_CANTOPEN"
        case SQLITE_PROTOCOL: "SQLITE_PROTOCOL"
        case SQLITE_SCHEMA: "SQLITE_SCHEMA"
        case SQLITE_TOOBIG: "SQLITE_TOOBIG"
        case SQLITE_CONSTRAINT: "SQLITE_CONSTRAINT"
        case SQLITE_MISMATCH: "SQLITE_MISMATCH"
        case SQLITE_MISUSE: "SQLITE_MISUSE"
        case SQLITE_NOLFS: "SQLITE_NOLFS"
        case SQLITE_AUTH: "SQLITE_AUTH"
        case SQLITE_RANGE: "SQLITE_RANGE"
        case SQLITE_NOTADB: "SQLITE_NOTADB"
        default: "result code"
        }
    }

    /// The code without its extension, which tells what can be done about it.
    var primaryCode: Int32 { code & 0xFF }
}

extension SQLiteError: CustomStringConvertible {
    public var description: String {
        "cannot \(operation): \(message) (\(name), \(code))"
    }
}

extension SQLiteError {
    /// Whether the same call may succeed later although nobody repairs the data or this program:
    /// space is freed, a lock released, a device answers again.
    var isTransient: Bool {
        switch primaryCode {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_READONLY, SQLITE_INTERRUPT,
            SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_PROTOCOL:
            true
        default:
            false
        }
    }

    /// Whether the file itself is damaged, which every other call will meet as well.
    var isDamage: Bool {
        primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB
    }
}
