internal import HTTP1
internal import HTTPTransport
internal import MCP
internal import Telemetry

/// What one loop counts: cells that nobody else writes to, summed when somebody asks.
///
/// Every label has a fixed set of values, so that no request makes the tables grow: what is not known
/// counts as `other`.
struct LoopMetrics: Sendable {
    /// From the head to the response, or to the beginning of one that goes on.
    private(set) var requests: HistogramTable

    /// From the head to the end of what was asked for.
    private(set) var operations: HistogramTable

    private(set) var refusalCounts = [UInt64](repeating: 0, count: RefusalReason.allCases.count)
    var knownTokenCount: UInt64 = 0
    var verifiedTokenCount: UInt64 = 0

    /// Milliseconds by which the loop came late to its last timer.
    var delayMilliseconds: UInt64 = 0

    /// What there is at the moment of asking.
    var streamCount = 0
    private(set) var sendQueues: [(loopIndex: Int, byteCount: Int)] = []
    private(set) var pausedConnectionCount = 0
    private(set) var stalledConnectionCount: UInt64 = 0

    private let targetCount: Int
    private let toolCount: Int

    init(_ features: ServerFeatures) {
        toolCount = features.tools.count
        targetCount = toolCount + features.prompts.count + 1
        requests = HistogramTable(
            seriesCount: HTTPRequestSeries.count,
            boundsNanoseconds: MetricBounds.requests
        )
        operations = HistogramTable(
            seriesCount: (Method.allCases.count + 1) * targetCount
                * OperationOutcome.allCases.count,
            boundsNanoseconds: MetricBounds.operations
        )
    }

    mutating func count(_ request: HTTPRequestSeries, nanoseconds: UInt64) {
        requests.record(request.index, nanoseconds: nanoseconds)
    }

    mutating func count(
        _ operation: Operation,
        _ outcome: OperationOutcome,
        nanoseconds: UInt64
    ) {
        operations.record(series(of: operation, outcome), nanoseconds: nanoseconds)
    }

    mutating func count(_ refusal: RefusalReason) {
        refusalCounts[refusal.rawValue] &+= 1
    }

    mutating func sample(_ queues: SendQueues, ofLoop index: Int) {
        sendQueues = [(index, queues.byteCount)]
        pausedConnectionCount = queues.pausedConnectionCount
        stalledConnectionCount = queues.stalledConnectionCount
    }

    /// Adds what another loop counted.
    mutating func add(_ other: LoopMetrics) {
        requests.add(other.requests)
        operations.add(other.operations)
        for index in refusalCounts.indices { refusalCounts[index] &+= other.refusalCounts[index] }
        knownTokenCount &+= other.knownTokenCount
        verifiedTokenCount &+= other.verifiedTokenCount
        delayMilliseconds = max(delayMilliseconds, other.delayMilliseconds)
        streamCount += other.streamCount
        sendQueues += other.sendQueues
        pausedConnectionCount += other.pausedConnectionCount
        stalledConnectionCount &+= other.stalledConnectionCount
    }

    // The place of an operation: method, then target, then outcome.

    private func series(of operation: Operation, _ outcome: OperationOutcome) -> Int {
        let method = operation.method?.place ?? Method.allCases.count
        let target =
            switch operation.target {
            case .none, .resource, .resourceTemplate: 0
            case .tool(let index): 1 + index
            case .prompt(let index): 1 + toolCount + index
            }
        return (method * targetCount + target) * OperationOutcome.allCases.count + outcome.rawValue
    }

    func operation(ofSeries series: Int) -> (Operation, OperationOutcome) {
        let (rest, outcome) = series.quotientAndRemainder(
            dividingBy: OperationOutcome.allCases.count
        )
        let (method, target) = rest.quotientAndRemainder(dividingBy: targetCount)
        let known = method < Method.allCases.count ? Method.allCases[method] : nil
        let place: Operation.Target =
            if target == 0 {
                .none
            } else if target <= toolCount {
                .tool(target - 1)
            } else {
                .prompt(target - 1 - toolCount)
            }
        return (Operation(known, on: place), OperationOutcome.allCases[outcome])
    }
}

/// Upper bounds of buckets: those that OpenTelemetry advises, and some below, since most requests
/// here take less than the least of them.
enum MetricBounds {
    private static let small: [UInt64] = [50, 100, 250, 500, 1_000, 2_500]

    static let requests = microseconds(
        small + [
            5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 250_000, 500_000, 750_000, 1_000_000,
            2_500_000, 5_000_000, 7_500_000, 10_000_000,
        ]
    )

    static let operations = microseconds(
        small + [
            5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000,
            5_000_000, 10_000_000, 30_000_000, 60_000_000, 120_000_000, 300_000_000,
        ]
    )

    private static func microseconds(_ bounds: [UInt64]) -> [UInt64] { bounds.map { $0 * 1_000 } }
}
