internal import HTTPClient
internal import JWT
internal import Libuv
internal import Logging

/// Fetches the keys of issuers, keeps them up to date, and hands them to every loop.
///
/// Not `Sendable`: one for each process, on one loop. What to do when is ``KeySourceState``'s to say;
/// this carries it out.
final class KeyKeeper {
    /// One issuer and all that is known of its keys.
    final class Source {
        let issuer: RemoteIssuer
        var state: KeySourceState
        var location: KeySetLocation?
        var skipped: [SkippedKey] = []
        var failures: FailureLog<KeyFetchError>
        var isTried = false
        var isFailing = false

        init(_ issuer: RemoteIssuer, _ refresh: KeyRefresh, seed: UInt64) {
            self.issuer = issuer
            state = KeySourceState(refresh, seed: seed)
            failures = FailureLog(intervalSeconds: refresh.reportIntervalSeconds)
        }
    }

    let refresh: KeyRefresh
    let client: CurlClient
    private let loop: EventLoop
    private let distribution: KeyDistribution
    private let logger: Logger
    private let sources: [Source]
    private var ticker: Ticker?

    /// Begins to fetch; ends when the distribution is closed.
    ///
    /// - Precondition: Called on the loop's thread.
    static func start(
        _ issuers: [RemoteIssuer],
        _ refresh: KeyRefresh,
        on loop: EventLoop,
        _ distribution: KeyDistribution,
        logger: Logger
    ) {
        let keeper = KeyKeeper(issuers, refresh, on: loop, distribution, logger: logger)
        keeper.ticker = Ticker(on: loop, everyMilliseconds: refresh.tickMilliseconds) {
            keeper.advance()
        }
        keeper.advance()
        loop.startTask(with: keeper) { keeper in
            for await demand in keeper.distribution.demands { keeper.answer(demand) }
            keeper.close()
        }
    }

    private init(
        _ issuers: [RemoteIssuer],
        _ refresh: KeyRefresh,
        on loop: EventLoop,
        _ distribution: KeyDistribution,
        logger: Logger
    ) {
        self.refresh = refresh
        self.loop = loop
        self.distribution = distribution
        self.logger = logger
        client = CurlClient(on: loop, limits: refresh.client, caFile: refresh.caFile)
        // Random, so that the replicas of a server do not all ask in the same second.
        sources = issuers.map { Source($0, refresh, seed: .random(in: .min ... .max)) }
    }

    /// Milliseconds of the clock by which everything here goes.
    var now: UInt64 { loop.monotonicMilliseconds }

    private func close() {
        ticker?.close()
        ticker = nil
        client.close()
    }

    private func advance() {
        for source in sources { carryOut(source.state.advance(to: now), for: source) }
    }

    private func answer(_ demand: KeyDistribution.Demand) {
        let source = sources[demand.sourceIndex]
        let action = source.state.demand(demand.keyID, seen: demand.generation, at: now)
        carryOut(action, for: source)
    }

    private func carryOut(_ action: KeySourceState.Action, for source: Source) {
        switch action {
        case .nothing: return
        case .publish: distribution.publish(sources.map(\.state.view))
        case .fetch:
            distribution.publish(sources.map(\.state.view))
            loop.startTask(with: KeyFetch(source, by: self)) { await $0.run() }
        }
    }

    // What came of a fetch.

    func didFetch(_ fetched: FetchedKeySet, for source: Source) {
        distribution.didFetch()
        let name = source.issuer.issuer
        if source.isFailing || !source.isTried {
            logger.notice("keys of \(name): \(fetched.set.keys.count) in use")
        }
        source.isFailing = false
        if fetched.set.skipped != source.skipped {
            source.skipped = fetched.set.skipped
            for key in fetched.set.skipped { logger.warning("keys of \(name): not used: \(key)") }
        }
        if !fetched.set.privateKeyIndices.isEmpty {
            logger.error("keys of \(name): \(fetched.url) publishes private keys; replace them")
        }
        let action = source.state.didFetch(
            fetched.set.keys,
            lifetimeSeconds: fetched.lifetimeSeconds,
            at: now
        )
        didTry(source)
        carryOut(action, for: source)
    }

    func didFail(_ error: KeyFetchError, for source: Source) {
        distribution.didFailToFetch()
        source.isFailing = true
        let action = source.state.didFail(at: now)
        if source.failures.admits(error, at: now) {
            let keyCount = source.state.view.keys.count
            let consequence =
                keyCount > 0
                ? "the \(keyCount) known before stay in use"
                : "its tokens are answered with 503 until they can be"
            logger.error("keys of \(source.issuer.issuer): \(error); \(consequence)")
        }
        didTry(source)
        carryOut(action, for: source)
    }

    private func didTry(_ source: Source) {
        guard !source.isTried else { return }
        source.isTried = true
        distribution.didTrySource()
    }
}
