internal import Libuv
internal import PostgresClient

/// What other processes say, on the one connection of this process that listens, or by looking.
///
/// Confined to its loop's thread.
final class ProcessFeeds {
    /// The channel of `NOTIFY`.
    static let channel = "martlet"

    private static let tickMilliseconds: UInt64 = 1_000

    private let loop: EventLoop
    private let origin: Int64
    private let feeds: [any ProcessFeed]
    private var listener: PostgresListener?
    private var ticker: Ticker?

    /// - Parameters:
    ///   - url: Where to listen; `nil` looks at the tables instead.
    ///   - path: What may be in between; if something else is, the tables are looked at.
    ///   - feeds: What to tell of.
    ///   - pool: Of this loop.
    ///   - origin: The number of this process.
    ///   - report: Told what an operator should know.
    init(
        listeningAt url: PostgresURL?,
        by path: PostgresListener.Path,
        to feeds: [any ProcessFeed],
        in pool: PostgresPool,
        origin: Int64,
        report: @escaping @Sendable (PostgresEvent) -> Void
    ) {
        loop = pool.loop
        self.origin = origin
        self.feeds = feeds
        guard let url else {
            startPolling()
            return
        }
        tick { $0.retry() }
        listener = PostgresListener(
            to: Self.channel,
            at: url,
            by: path,
            pool.limits,
            on: pool.loop,
            PostgresListener.Events(
                didBegin: { [weak self] in self?.didBegin(afterSeconds: $0) },
                didHear: { [weak self] in self?.didHear($0) },
                isRefused: { [weak self] error in
                    report(.failed(error))
                    self?.startPolling()
                },
                report: report
            )
        )
    }

    /// What a transaction says when it commits: which table, who, and the number of its rows.
    static func payload(_ letter: Character, origin: Int64, number: Int64) -> String {
        "\(payloadPrefix(letter, origin: origin))\(number)"
    }

    static func payloadPrefix(_ letter: Character, origin: Int64) -> String {
        "\(letter) \(origin) "
    }

    func close() {
        listener?.close()
        ticker?.close()
    }

    private func didHear(_ payload: String) {
        let words = payload.split(separator: " ")
        guard words.count == 3, let letter = words[0].first, let number = Int64(words[2]),
            let origin = Int64(words[1]), origin != self.origin
        else { return }
        for feed in feeds where feed.letter == letter { feed.didHear(number) }
    }

    /// Nobody heard what was said meanwhile, or since this began: the tables tell.
    private func didBegin(afterSeconds deafSeconds: UInt64) {
        for feed in feeds { feed.catchUp(seconds: deafSeconds) }
    }

    private func startPolling() {
        tick { $0.poll() }
    }

    /// Does something with every feed every second, and nothing else any more.
    private func tick(_ body: @escaping (any ProcessFeed) -> Void) {
        ticker?.close()
        ticker = Ticker(on: loop, everyMilliseconds: Self.tickMilliseconds) { [weak self] in
            guard let self else { return }
            for feed in feeds { body(feed) }
        }
    }
}
