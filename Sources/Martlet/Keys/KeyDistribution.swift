internal import Synchronization

/// Between the keeper of the keys, on one loop, and all loops: what it publishes, what they ask for.
///
/// A loop that is busy gets the newest views only, when it gets to them.
final class KeyDistribution: Sendable {
    /// A loop met a token whose key it lacks.
    struct Demand: Sendable {
        let sourceIndex: Int
        let keyID: String?

        /// Of the keys among which it is not.
        let generation: Int
    }

    /// Demands that may wait for the keeper.
    ///
    /// Each loop sends every `kid` once for each fetch; what is
    /// dropped waits until the request's time is over.
    private static let waitingDemandCountMax = 4_096

    /// The views of all sources, one stream for each loop.
    let updates: [AsyncStream<[KeySourceView]>]

    /// For the keeper.
    let demands: AsyncStream<Demand>

    private let updateContinuations: [AsyncStream<[KeySourceView]>.Continuation]
    private let demandContinuation: AsyncStream<Demand>.Continuation
    private let untriedSourceCount: Atomic<Int>
    private let fetchCount = Atomic<Int>(0)
    private let failedFetchCount = Atomic<Int>(0)

    init(loopCount: Int, sourceCount: Int) {
        let streams = (0..<loopCount).map { _ in
            AsyncStream<[KeySourceView]>.makeStream(bufferingPolicy: .bufferingNewest(1))
        }
        updates = streams.map(\.stream)
        updateContinuations = streams.map(\.continuation)
        (demands, demandContinuation) = AsyncStream<Demand>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.waitingDemandCountMax)
        )
        untriedSourceCount = Atomic(sourceCount)
    }

    /// Whether every source has answered, or has failed to: before that a token may have to wait.
    var isEverySourceTried: Bool { untriedSourceCount.load(ordering: .relaxed) <= 0 }

    /// Notes the first result of a source, whatever it is.
    func didTrySource() {
        untriedSourceCount.subtract(1, ordering: .relaxed)
    }

    /// How many fetches there were, for those who watch the server.
    var fetchCounts: (succeeded: Int, failed: Int) {
        (fetchCount.load(ordering: .relaxed), failedFetchCount.load(ordering: .relaxed))
    }

    func didFetch() {
        fetchCount.add(1, ordering: .relaxed)
    }

    func didFailToFetch() {
        failedFetchCount.add(1, ordering: .relaxed)
    }

    func publish(_ views: [KeySourceView]) {
        for continuation in updateContinuations { continuation.yield(views) }
    }

    func demand(_ demand: Demand) {
        demandContinuation.yield(demand)
    }

    /// Ends the streams, and with them what reads them.
    func close() {
        demandContinuation.finish()
        for continuation in updateContinuations { continuation.finish() }
    }
}
