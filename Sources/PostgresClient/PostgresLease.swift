internal import Libuv

/// A connection for a transaction of several round trips.
///
/// Not `Sendable`: belongs to the loop of its pool. It must be given back by ``end()``.
public final class PostgresLease {
    private let pool: PostgresPool
    private var connection: Connection?

    init(_ connection: Connection, of pool: PostgresPool) {
        self.connection = connection
        self.pool = pool
    }

    /// Whether something stands between here and PostgreSQL that may share connections out.
    public var isShared: Bool { connection?.isShared ?? false }

    /// Has statements carried out, in one round trip.
    ///
    /// - Parameters:
    ///   - calls: What to do. What follows a statement that is refused is not done.
    ///   - isolation: Left out.
    /// - Returns: What each statement returned.
    /// - Throws: ``PostgresError``.
    public func run(
        _ calls: [PostgresCall],
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) -> [PostgresRows] {
        let answer = await withCheckedContinuation(isolation: isolation) { continuation in
            send(calls) { continuation.resume(returning: $0) }
        }
        return try answer.get()
    }

    private func send(_ calls: [PostgresCall], _ didEnd: @escaping (Exchange.Answer) -> Void) {
        let exchange = Exchange(
            calls,
            deadlineMilliseconds: pool.deadlineMilliseconds,
            resendCountMax: 0,
            didEnd
        )
        guard let connection, connection.isFree else {
            return exchange.fail(.noConnection(message: "the connection was closed meanwhile"))
        }
        connection.send([exchange])
    }

    /// Gives the connection back; a transaction that is still open is rolled back first.
    public func end() {
        guard let connection else { return }
        self.connection = nil
        guard connection.isFree, connection.isInTransaction else {
            pool.takeBack(connection)
            return
        }
        let rollback = PostgresStatement("ROLLBACK", to: "roll a transaction back")
        let exchange = Exchange(
            [rollback()],
            deadlineMilliseconds: pool.deadlineMilliseconds,
            resendCountMax: 0
        ) { [pool] answer in
            // A connection that cannot even do this is of no use; one that broke is gone already.
            if case .failure(let error) = answer, !error.isAmbiguous {
                connection.close(error.cause)
            }
            pool.takeBack(connection)
        }
        connection.send([exchange])
    }
}
