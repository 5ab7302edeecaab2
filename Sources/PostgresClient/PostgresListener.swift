public import Libuv

/// A connection that listens (`LISTEN`), and comes back when it has broken.
///
/// Not `Sendable`: made, used and closed on the loop's thread.
public final class PostgresListener {
    /// What is heard, and what becomes of listening.
    public struct Events {
        /// Listening begins, or begins again, after so many seconds in which something may have been
        /// said that was not heard.
        public var didBegin: (_ deafSeconds: UInt64) -> Void

        /// Somebody said something.
        public var didHear: (_ payload: String) -> Void

        /// The database refuses to be listened to, or is not what would be listened to; nothing will
        /// be heard.
        public var isRefused: (PostgresError) -> Void

        public var report: (PostgresEvent) -> Void

        public init(
            didBegin: @escaping (_ deafSeconds: UInt64) -> Void,
            didHear: @escaping (_ payload: String) -> Void,
            isRefused: @escaping (PostgresError) -> Void,
            report: @escaping (PostgresEvent) -> Void
        ) {
            self.didBegin = didBegin
            self.didHear = didHear
            self.isRefused = isRefused
            self.report = report
        }
    }

    /// What may be between here and the database.
    public enum Path: Hashable, Sendable {
        /// Nothing that may share connections out by transaction: what is said to the one that was
        /// listening is then heard by somebody else, or nobody.
        case direct
        case any
    }

    private static let tickMilliseconds: UInt64 = 500

    /// How often the connection is asked whether it is still there.
    private static let probeMilliseconds: UInt64 = 15_000

    private static let delayMillisecondsMax: UInt64 = 5_000
    private static let probe = PostgresStatement("SELECT 1", to: "see whether anybody is there")

    private let url: PostgresURL
    private let listen: PostgresStatement
    private let path: Path
    private let limits: PostgresLimits
    private let loop: EventLoop
    private let events: Events
    private var connection: Connection?
    private var ticker: Ticker?
    private var failureCount: UInt64 = 0
    private var nextMilliseconds: UInt64 = 0
    private var lastFailure: PostgresError?

    /// When something came from the database at the latest; before that, when this was made.
    private var lastHeardMilliseconds: UInt64

    /// - Parameters:
    ///   - channel: A name of letters, digits and underscores, in lower case.
    ///   - url: The database.
    ///   - path: What may be in between.
    ///   - limits: How long to wait for it.
    ///   - loop: The loop whose thread calls this.
    ///   - events: Told in later turns of the loop.
    public init(
        to channel: String,
        at url: PostgresURL,
        by path: Path,
        _ limits: PostgresLimits,
        on loop: EventLoop,
        _ events: Events
    ) {
        loop.checkIsolated()
        self.url = url
        self.path = path
        listen = PostgresStatement("LISTEN \(channel)", to: "listen to \(channel)")
        self.limits = limits
        self.loop = loop
        self.events = events
        lastHeardMilliseconds = loop.monotonicMilliseconds
        ticker = Ticker(on: loop, everyMilliseconds: Self.tickMilliseconds) { [weak self] in
            self?.tick()
        }
        connect()
    }

    /// Stops listening.
    public func close() {
        ticker?.close()
        ticker = nil
        connection?.close(.closed)
        connection = nil
    }

    private func tick() {
        connection?.checkDeadline(answerSeconds: limits.requestSeconds)
        guard loop.monotonicMilliseconds >= nextMilliseconds else { return }
        guard let connection else { return connect() }
        guard connection.isFree else { return }
        nextMilliseconds = loop.monotonicMilliseconds + Self.probeMilliseconds
        send(Self.probe, on: connection) { [weak self] answer in
            guard let self, case .success = answer else { return }
            lastHeardMilliseconds = loop.monotonicMilliseconds
        }
    }

    private func connect() {
        connection = Connection(
            url,
            preparing: PostgresPreparation(),
            withinSeconds: limits.connectSeconds,
            on: loop,
            Connection.Events(
                didOpen: { [weak self] in self?.didOpen($0) },
                didBecomeFree: { _ in },
                didClose: { [weak self] _, cause, unanswered in
                    for exchange in unanswered { exchange.fail(cause) }
                    self?.didClose(cause)
                },
                didNotify: { [weak self] _, payload in self?.events.didHear(payload) }
            )
        )
    }

    private func didOpen(_ connection: Connection) {
        guard path == .any || !connection.isShared else {
            close()
            return events.isRefused(PostgresError("listen to the \(url)", .shared))
        }
        send(listen, on: connection) { [weak self] answer in
            guard let self else { return }
            switch answer {
            case .success:
                failureCount = 0
                if lastFailure != nil { events.report(.recovered) }
                lastFailure = nil
                nextMilliseconds = loop.monotonicMilliseconds + Self.probeMilliseconds
                let now = loop.monotonicMilliseconds
                let deafSeconds = (now - lastHeardMilliseconds) / 1_000 + 1
                lastHeardMilliseconds = now
                events.didBegin(deafSeconds)
            case .failure(let error) where !error.isTransient:
                close()
                events.isRefused(error)
            case .failure(let error):
                // Of a connection that broke its closing tells.
                connection.close(error.cause)
            }
        }
    }

    private func didClose(_ cause: PostgresError.Cause) {
        connection = nil
        guard ticker != nil else { return }
        let error = PostgresError("listen to the \(url)", cause)
        if error != lastFailure { events.report(.failed(error)) }
        lastFailure = error
        let delay = min(Self.delayMillisecondsMax, 200 << min(failureCount, 10))
        failureCount += 1
        nextMilliseconds = loop.monotonicMilliseconds + .random(in: delay / 2...delay)
    }

    private func send(
        _ statement: PostgresStatement,
        on connection: Connection,
        _ didEnd: @escaping (Exchange.Answer) -> Void
    ) {
        let deadline = loop.monotonicMilliseconds + UInt64(limits.requestSeconds) * 1_000
        connection.send([
            Exchange([statement()], deadlineMilliseconds: deadline, resendCountMax: 0, didEnd)
        ])
    }
}
