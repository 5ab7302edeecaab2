internal import Libuv
internal import PostgresClient

/// What one process does every minute for the database, beside others that do the same.
///
/// Confined to its loop's thread.
final class Housekeeping {
    private static let tickMilliseconds: UInt64 = 60_000

    /// Expired idempotency keys that one statement deletes.
    private static let deletionCountMax: Int64 = 1_000

    /// How long it is kept what a transaction has changed: much longer than anybody asks for it.
    private static let changeLifetime = "10 minutes"

    private let pool: PostgresPool
    private var ticker: Ticker?

    init(in pool: PostgresPool) {
        self.pool = pool
        ticker = Ticker(on: pool.loop, everyMilliseconds: Self.tickMilliseconds) { [weak self] in
            self?.clean(nowSeconds: WallClock.secondsSinceEpoch()) {}
        }
    }

    func close() {
        ticker?.close()
    }

    /// Deletes what has expired.
    ///
    /// A failure leaves it to the next time, or to somebody else.
    func clean(nowSeconds: Int64, _ didEnd: @escaping () -> Void) {
        let calls = [
            TodoStatements.removeOldChanges(PostgresValue(Self.changeLifetime)),
            SessionStatements.removeExpired(PostgresValue(nowSeconds)),
            TaskStatements.removeOldWords(),
        ]
        pool.run(calls) { [self] _ in removeResults(nowSeconds: nowSeconds, didEnd) }
    }

    private func removeResults(nowSeconds: Int64, _ didEnd: @escaping () -> Void) {
        let call = TodoStatements.removeExpiredResults(
            PostgresValue(nowSeconds),
            PostgresValue(Self.deletionCountMax)
        )
        pool.run([call]) { [self] answer in
            if case .success(let rows) = answer,
                rows.first?.commandTag == "DELETE \(Self.deletionCountMax)"
            {
                removeResults(nowSeconds: nowSeconds, didEnd)
            } else {
                didEnd()
            }
        }
    }
}
