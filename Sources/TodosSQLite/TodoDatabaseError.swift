internal import CSQLite

/// Why a file cannot serve as the to-do database, and what its operator can do about it.
public enum TodoDatabaseError: Error, Hashable, Sendable {
    /// The file or its directory is missing, not accessible, or not writable.
    case inaccessible(path: String, cause: SQLiteError)
    /// Another connection, most likely another server's, holds the file.
    case inUse(path: String)
    /// The file is not an SQLite database.
    case notADatabase(path: String)
    /// The file is an SQLite database that contradicts itself.
    case damaged(path: String, cause: SQLiteError)
    /// The file is an SQLite database of another application.
    case foreign(path: String)
    /// A newer release of this program has changed the schema.
    case newerSchema(path: String, version: Int64, versionMax: Int64)
    /// The file cannot have a write-ahead log.
    case noWriteAheadLog(path: String, journalMode: String)
    /// The schema could not be created or brought up to date.
    case unprepared(path: String, cause: SQLiteError)
    /// The system refuses the thread that serves the file.
    case noThread(reason: String)
}

extension TodoDatabaseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inaccessible(let path, let cause):
            """
            cannot open database \(path): \(cause); the file and its directory must exist and be \
            writable by the user that runs this server
            """
        case .inUse(let path):
            """
            cannot open database \(path): another process has it open; one file is served by one \
            process: stop the other, or name another file
            """
        case .notADatabase(let path):
            """
            cannot open database \(path): the file is not an SQLite database; name another file, \
            or restore it from a backup
            """
        case .damaged(let path, let cause):
            """
            cannot open database \(path): \(cause); the file is damaged: restore it from a backup
            """
        case .foreign(let path):
            """
            cannot open database \(path): it belongs to another application; name another file, \
            or one that does not exist yet
            """
        case .newerSchema(let path, let version, let versionMax):
            """
            cannot open database \(path): its schema has version \(version), and this release \
            knows versions up to \(versionMax); run the release that wrote it, or a newer one
            """
        case .noWriteAheadLog(let path, let journalMode):
            """
            cannot open database \(path): it stays in journal mode \(journalMode) and cannot have \
            a write-ahead log; use a file on a local disk
            """
        case .unprepared(let path, let cause):
            "cannot open database \(path): \(cause)"
        case .noThread(let reason):
            "cannot open the database: \(reason)"
        }
    }

    /// What a failed call means for the file that was being opened.
    init(opening path: String, _ cause: SQLiteError) {
        switch cause.primaryCode {
        case SQLITE_BUSY, SQLITE_LOCKED: self = .inUse(path: path)
        case SQLITE_NOTADB: self = .notADatabase(path: path)
        case SQLITE_CORRUPT: self = .damaged(path: path, cause: cause)
        default:
            self =
                cause.isTransient
                ? .inaccessible(path: path, cause: cause) : .unprepared(path: path, cause: cause)
        }
    }
}
