/// Something of PostgreSQL that failed, with the operation that was attempted.
///
/// Messages are PostgreSQL's primary ones, which name tables and columns, and of a value that is
/// malformed the value: every parameter is typed before it is sent. Its details, which repeat whole
/// rows, are left out.
public struct PostgresError: Error, Hashable, Sendable {
    public enum Cause: Error, Hashable, Sendable {
        /// PostgreSQL refused a statement; the connection is still good. The five characters of the
        /// SQLSTATE tell why (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
        case refused(sqlState: String, message: String)

        /// The connection broke: what was sent may or may not have been carried out.
        case connectionLost(message: String)

        /// There is no connection; nothing was sent.
        case noConnection(message: String)

        /// There is no connection on which statements can be prepared; nothing else was sent.
        case notPrepared(message: String)

        /// No connection was free for that long; nothing was sent.
        case noneFree(seconds: Int)

        /// So many wait for a connection already; nothing was sent.
        case tooManyWaiting(countMax: Int)

        /// There was no answer for that long, and the connection was given up: what was sent may or
        /// may not have been carried out.
        case noAnswer(seconds: Int)

        /// The connection may be shared with others, through which not everything is heard.
        case shared

        /// The pool is closed; nothing was sent.
        case closed
    }

    /// What was being done, as it reads in a sentence: "commit a transaction".
    public let operation: String

    public let cause: Cause

    public init(_ operation: String, _ cause: Cause) {
        self.operation = operation
        self.cause = cause
    }

    /// Whether what was sent may have been carried out for all that is known.
    public var isAmbiguous: Bool {
        switch cause {
        case .connectionLost, .noAnswer: true
        case .refused, .noConnection, .notPrepared, .noneFree, .tooManyWaiting, .shared, .closed:
            false
        }
    }

    /// Whether statements cannot be prepared, or one was not prepared where it was carried out, which
    /// is an invalid_sql_statement_name.
    public var isOfPreparation: Bool {
        if case .notPrepared = cause { return true }
        return sqlState == "26000"
    }

    /// The SQLSTATE, if PostgreSQL gave one.
    public var sqlState: String? {
        if case .refused(let sqlState, _) = cause { return sqlState }
        return nil
    }

    /// Whether the transaction was undone because of others at the same time, and may be tried again
    /// from its beginning: serialization_failure, deadlock_detected.
    public var isConflict: Bool {
        sqlState == "40001" || sqlState == "40P01"
    }

    /// Whether the same may succeed later although nobody repairs the data or this program.
    public var isTransient: Bool {
        switch cause {
        case .connectionLost, .noConnection, .notPrepared, .noneFree, .tooManyWaiting, .noAnswer,
            .closed:
            true
        case .shared: false
        case .refused(let sqlState, _):
            Self.transientClasses.contains(String(sqlState.prefix(2)))
                || Self.transientStates.contains(sqlState)
        }
    }

    /// Connection exception, transaction rollback, insufficient resources, operator intervention,
    /// system error.
    private static let transientClasses: Set<String> = ["08", "40", "53", "57", "58"]

    /// read_only_sql_transaction, which a standby says, and lock_not_available.
    private static let transientStates: Set<String> = ["25006", "55P03"]
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        let reason =
            switch cause {
            case .refused(let sqlState, let message): "\(message) (SQLSTATE \(sqlState))"
            case .connectionLost(let message): "the connection broke: \(message)"
            case .noConnection(let message): "there is no connection: \(message)"
            case .notPrepared(let message): "there is no connection: \(message)"
            case .noneFree(let seconds): "no connection was free for \(seconds) s"
            case .tooManyWaiting(let countMax): "\(countMax) requests wait for a connection"
            case .noAnswer(let seconds): "there was no answer for \(seconds) s"
            case .shared: "a pooler is in between, through which not everything is heard"
            case .closed: "the connections are closed"
            }
        let remark = isOfPreparation ? "; a pooler may share connections out by transaction" : ""
        return "cannot \(operation): \(reason)\(remark)"
    }
}
