internal import Libuv
internal import PostgresClient

// What processes tell each other of the sessions of the legacy protocol.
extension PostgresTodoStore {
    /// How long what is said once can be read, in seconds.
    private static let onceSeconds: Int64 = 60

    /// Rows of sessions that a process begins with at most, the latest first.
    private static let keptCountMax: Int64 = 100_000

    /// Tells other processes something of a session; they hear of it after this returns.
    ///
    /// Of two that say something of the same topic at the same time either may have the last word.
    /// Once this has returned, it replaces nothing that is said afterwards, however often it had to
    /// be sent.
    ///
    /// - Throws: ``SessionRowError``; nobody was told.
    public func putSession(_ row: SessionRow) async throws(SessionRowError) {
        let number = Int64.random(in: .min ... .max)
        let isOnce = row.topic == nil
        let now = WallClock.secondsSinceEpoch()
        let session = PostgresValue(row.session)
        let topic = PostgresValue(row.topic ?? "\(SessionStatements.oncePrefix)\(number)")
        // What is said once has a topic of its own, and replaces nothing.
        let replaced =
            isOnce ? nil : try await work([SessionStatements.numberOf(session, topic)])[0]
        var calls = [
            SessionStatements.put(
                session,
                topic,
                PostgresValue(row.content),
                PostgresValue(isOnce ? now + Self.onceSeconds : row.expiresAt),
                PostgresValue(number),
                PostgresValue(origin),
                replaced?.firstNumber ?? PostgresValue(nil)
            )
        ]
        if notifies {
            let letter = SessionFeed.letter
            let payload = ProcessFeeds.payload(letter, origin: origin, number: number)
            calls.append(TodoStatements.notify(PostgresValue(payload)))
        }
        _ = try await work(calls)
    }

    /// Tells of what is kept of sessions, and from then on of what other processes say.
    ///
    /// - Parameter didHear: Called on one of the loops.
    /// - Throws: ``SessionRowError`` if it cannot be told what is kept.
    public func followSessions(
        _ didHear: @escaping @Sendable (SessionRow) -> Void
    ) async throws(SessionRowError) {
        single.run { $0.sessions.didHear = didHear }
        let now = PostgresValue(WallClock.secondsSinceEpoch())
        let rows = try await work([
            SessionStatements.kept(now, PostgresValue(Self.keptCountMax))
        ])[0]
        for row in 0..<rows.count { didHear(rows.session(row)) }
    }

    private func work(_ calls: [PostgresCall]) async throws(SessionRowError) -> [PostgresRows] {
        do throws(PostgresError) {
            return try await run(calls)
        } catch {
            throw SessionRowError(reason: "\(error)")
        }
    }
}

extension PostgresRows {
    /// The number in the first column of the first row, if there is a row.
    fileprivate var firstNumber: PostgresValue? {
        count > 0 ? PostgresValue(number(0, 0)) : nil
    }
}

/// What other processes say of sessions, once somebody wants to hear it.
///
/// Confined to its loop's thread.
final class SessionFeed {
    /// What `NOTIFY` says of sessions.
    static let letter: Character = "s"

    var didHear: (@Sendable (SessionRow) -> Void)?

    var table: TableFeed.Table {
        TableFeed.Table(
            letter: Self.letter,
            ofNumbers: SessionStatements.ofNumbers,
            recent: SessionStatements.recent,
            isWanted: { [weak self] in self?.didHear != nil },
            didRead: { [weak self] rows, row in self?.didHear?(rows.session(row)) }
        )
    }
}
