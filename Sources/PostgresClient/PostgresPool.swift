public import Libuv

/// The connections of one event loop to one database.
///
/// They are opened as they are needed and stay open. What waits for one is sent together, up to
/// ``sentTogetherCountMax``, as soon as one is free. A request whose
/// connection breaks is sent again, twice at most; whatever waits while there is no connection waits
/// until its deadline.
///
/// Not `Sendable`: made, used and closed on the loop's thread.
public final class PostgresPool {
    /// Who waits for a connection.
    private enum Waiter {
        case exchange(Exchange)
        case lease(deadlineMilliseconds: UInt64, (Result<PostgresLease, PostgresError>) -> Void)

        var deadlineMilliseconds: UInt64 {
            switch self {
            case .exchange(let exchange): exchange.deadlineMilliseconds
            case .lease(let deadlineMilliseconds, _): deadlineMilliseconds
            }
        }

        func fail(_ cause: PostgresError.Cause) {
            switch self {
            case .exchange(let exchange): exchange.fail(cause)
            case .lease(_, let didEnd):
                didEnd(.failure(PostgresError("begin a transaction", cause)))
            }
        }
    }

    /// Requests that are sent on a connection before the first of them is answered.
    static let sentTogetherCountMax = 64

    /// How often a request is sent again.
    private static let resendCountMax = 2

    private static let tickMilliseconds: UInt64 = 100
    private static let firstDelayMilliseconds: UInt64 = 100
    private static let delayMillisecondsMax: UInt64 = 5_000

    public let loop: EventLoop
    public let limits: PostgresLimits
    private let url: PostgresURL
    private let preparation: PostgresPreparation
    private let report: (PostgresEvent) -> Void
    private var connections: [Connection] = []

    /// Connections that somebody has for himself.
    private var leased: Set<ObjectIdentifier> = []
    private var waiting: [Waiter] = [] {
        didSet { waitingGauge.set(waiting.count) }
    }

    /// Requests that wait for a connection.
    public let waitingGauge = WaitingGauge()

    private var ticker: Ticker?

    /// Whether ``close()`` was called.
    private var isClosed = false

    // Failures to connect, one after the other.
    private var failureCount: UInt64 = 0
    private var retryAtMilliseconds: UInt64 = 0
    private var lastFailure: PostgresError?

    /// - Parameters:
    ///   - url: The database.
    ///   - preparation: What the connections prepare.
    ///   - limits: What may be open, and wait.
    ///   - loop: The loop whose thread calls this.
    ///   - report: Told what an operator should know.
    public init(
        _ url: PostgresURL,
        preparing preparation: PostgresPreparation,
        _ limits: PostgresLimits,
        on loop: EventLoop,
        report: @escaping (PostgresEvent) -> Void
    ) {
        loop.checkIsolated()
        // OpenSSL writes to sockets that the peer may have closed.
        SignalWatcher.ignoreBrokenPipes()
        self.url = url
        self.preparation = preparation
        self.limits = limits
        self.loop = loop
        self.report = report
        ticker = Ticker(on: loop, everyMilliseconds: Self.tickMilliseconds) { [weak self] in
            self?.tick()
        }
    }

    /// When a request that is made now has waited long enough, by the loop's clock.
    public var deadlineMilliseconds: UInt64 {
        loop.monotonicMilliseconds + UInt64(limits.requestSeconds) * 1_000
    }

    /// Has statements carried out in one round trip, and in one transaction.
    ///
    /// They are sent once more if the connection breaks meanwhile, so that it must do no harm if they
    /// are carried out twice: what only reads, and what leads to the same rows again.
    public func run(
        _ calls: [PostgresCall],
        _ didEnd: @escaping (Result<[PostgresRows], PostgresError>) -> Void
    ) {
        let exchange = Exchange(
            calls,
            deadlineMilliseconds: deadlineMilliseconds,
            resendCountMax: Self.resendCountMax,
            didEnd
        )
        wait(.exchange(exchange))
    }

    /// Gives somebody a connection for himself, for a transaction of several round trips.
    public func lease(_ didEnd: @escaping (Result<PostgresLease, PostgresError>) -> Void) {
        wait(.lease(deadlineMilliseconds: deadlineMilliseconds, didEnd))
    }

    /// Waits for a connection for oneself.
    ///
    /// - Parameter isolation: Left out.
    /// - Returns: The connection, to be given back by ``PostgresLease/end()``.
    /// - Throws: ``PostgresError``: none was to be had in time.
    public func lease(
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) -> PostgresLease {
        // Kept here and not handed to the continuation, which could carry it to another thread.
        var lease: PostgresLease?
        let failure: PostgresError? = await withCheckedContinuation(isolation: isolation) {
            waiter in
            self.lease { result in
                switch result {
                case .success(let granted):
                    lease = granted
                    waiter.resume(returning: nil)
                case .failure(let error):
                    waiter.resume(returning: error)
                }
            }
        }
        if let failure { throw failure }
        guard let lease else { preconditionFailure("a lease, or the reason why there is none") }
        return lease
    }

    /// Closes every connection; whoever waits is told so.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        ticker?.close()
        ticker = nil
        let abandoned = waiting
        waiting = []
        for waiter in abandoned { waiter.fail(.closed) }
        for connection in connections { connection.close(.closed) }
    }

    private func wait(_ waiter: Waiter) {
        loop.checkIsolated()
        guard !isClosed else { return waiter.fail(.closed) }
        guard waiting.count < limits.waitingCountMax else {
            return waiter.fail(.tooManyWaiting(countMax: limits.waitingCountMax))
        }
        waiting.append(waiter)
        serve()
    }

    // Connections that are free.

    /// Gives what waits to connections that are free, and opens others if that is not enough.
    private func serve() {
        while !waiting.isEmpty, let connection = connections.first(where: isAvailable) {
            give(connection)
        }
        if !waiting.isEmpty { openAnother() }
    }

    private func isAvailable(_ connection: Connection) -> Bool {
        connection.isFree && !leased.contains(ObjectIdentifier(connection))
    }

    private func give(_ connection: Connection) {
        var exchanges: [Exchange] = []
        for waiter in waiting.prefix(Self.sentTogetherCountMax) {
            guard case .exchange(let exchange) = waiter else { break }
            exchanges.append(exchange)
        }
        if exchanges.isEmpty, case .lease(_, let didEnd) = waiting.removeFirst() {
            leased.insert(ObjectIdentifier(connection))
            didEnd(.success(PostgresLease(connection, of: self)))
        } else {
            waiting.removeFirst(exchanges.count)
            connection.send(exchanges)
        }
    }

    /// Takes a connection back, which is not in a transaction.
    func takeBack(_ connection: Connection) {
        leased.remove(ObjectIdentifier(connection))
        serve()
    }

    // Connections that come and go.

    private func openAnother() {
        guard !isClosed, connections.count < limits.connectionCountMax,
            loop.monotonicMilliseconds >= retryAtMilliseconds,
            // While one cannot be had, one at a time tries.
            failureCount == 0 || !connections.contains(where: \.isOpening)
        else { return }
        // One for each request that waits is enough.
        guard connections.count(where: \.isOpening) < waiting.count else { return }
        connections.append(
            Connection(
                url,
                preparing: preparation,
                withinSeconds: limits.connectSeconds,
                on: loop,
                Connection.Events(
                    didOpen: { [weak self] _ in self?.didOpen() },
                    didBecomeFree: { [weak self] _ in self?.serve() },
                    didClose: { [weak self] in self?.didClose($0, $1, $2) }
                )
            )
        )
    }

    private func didOpen() {
        failureCount = 0
        retryAtMilliseconds = 0
        if lastFailure != nil { report(.recovered) }
        lastFailure = nil
        serve()
    }

    private func didClose(
        _ connection: Connection,
        _ cause: PostgresError.Cause,
        _ unanswered: [Exchange]
    ) {
        connections.removeAll { $0 === connection }
        leased.remove(ObjectIdentifier(connection))
        switch cause {
        case .noConnection, .notPrepared: didFailToOpen(cause)
        case .refused, .connectionLost, .noneFree, .tooManyWaiting, .noAnswer, .shared, .closed:
            if !isClosed { report(.failed(PostgresError("use a connection", cause))) }
        }
        var again: [Waiter] = []
        for exchange in unanswered {
            let isInTime = loop.monotonicMilliseconds < exchange.deadlineMilliseconds
            if exchange.resendCountLeft > 0, isInTime, !isClosed {
                exchange.resendCountLeft -= 1
                exchange.reset()
                again.append(.exchange(exchange))
            } else {
                exchange.fail(cause)
            }
        }
        waiting.insert(contentsOf: again, at: 0)
        serve()
    }

    private func didFailToOpen(_ cause: PostgresError.Cause) {
        let error = PostgresError("connect to the \(url)", cause)
        if error != lastFailure { report(.failed(error)) }
        lastFailure = error
        let delay = min(
            Self.delayMillisecondsMax,
            Self.firstDelayMilliseconds << min(failureCount, 10)
        )
        failureCount += 1
        // Not all at the same time: there are other loops, and other processes.
        retryAtMilliseconds = loop.monotonicMilliseconds + .random(in: delay / 2...delay)
    }

    private func tick() {
        let now = loop.monotonicMilliseconds
        for connection in connections {
            connection.checkDeadline(answerSeconds: limits.requestSeconds)
        }
        if waiting.contains(where: { $0.deadlineMilliseconds <= now }) {
            let late = waiting.filter { $0.deadlineMilliseconds <= now }
            waiting.removeAll { $0.deadlineMilliseconds <= now }
            for waiter in late {
                if let lastFailure {
                    waiter.fail(lastFailure.cause)
                } else {
                    waiter.fail(.noneFree(seconds: limits.requestSeconds))
                }
            }
        }
        serve()
    }
}
