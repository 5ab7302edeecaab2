internal import Libuv
internal import MCP
internal import Telemetry

/// Makes spans of one loop's operations: of those that a caller traces, and of a share of the
/// others.
///
/// Not `Sendable`: belongs to the loop.
struct LoopTracer {
    /// Spans kept until the next second; more are dropped.
    private static let spanCountMax = 4_096

    private let queue: SpanQueue
    private let samplePercent: Int
    private var spans: [TraceSpan] = []
    private var generator = SplitMix(seed: .random(in: .min ... .max))

    /// What is to be added to the monotonic clock to get the time of day.
    private var clockOffset: UInt64

    /// - Precondition: The percentage is 0 to 100.
    init(to queue: SpanQueue, samplePercent: Int) {
        precondition((0...100).contains(samplePercent), "\(samplePercent) per cent")
        self.queue = queue
        self.samplePercent = samplePercent
        clockOffset = Self.currentClockOffset()
    }

    /// A second has passed.
    mutating func tick() {
        clockOffset = Self.currentClockOffset()
        guard !spans.isEmpty else { return }
        queue.append(spans)
        spans.removeAll(keepingCapacity: true)
    }

    /// Makes a span of an operation, if its caller traces it or chance has it so.
    mutating func note(
        _ observation: Observation,
        _ operation: Operation,
        target: String,
        _ outcome: OperationOutcome,
        endAt: UInt64
    ) {
        guard let method = operation.method else { return }
        guard var span = begin(observation) else { return }
        span.startNanoseconds = observation.headAt &+ clockOffset
        span.endNanoseconds = endAt &+ clockOffset
        span.errorType = outcome.errorType
        span.name = method.rawValue
        span.attributes = [
            .init("mcp.method.name", method.rawValue), .init("network.transport", "tcp"),
            .init("network.protocol.name", "http"),
        ]
        switch operation.target {
        case .tool:
            span.name += " \(target)"
            span.attributes.append(.init("gen_ai.tool.name", target))
            span.attributes.append(.init("gen_ai.operation.name", "execute_tool"))
        case .prompt:
            span.name += " \(target)"
            span.attributes.append(.init("gen_ai.prompt.name", target))
        case .none, .resource, .resourceTemplate: break
        }
        keep(span)
    }

    /// Makes a span of a request that was refused before it was known to be an operation.
    mutating func note(
        refused observation: Observation,
        _ series: HTTPRequestSeries,
        endAt: UInt64
    ) {
        guard var span = begin(observation) else { return }
        span.startNanoseconds = observation.headAt &+ clockOffset
        span.endNanoseconds = endAt &+ clockOffset
        span.errorType = series.errorType
        let method = series.method == .other ? "HTTP" : series.method.name
        span.name = "\(method) \(series.route.name)"
        span.attributes = [
            .init("http.request.method", series.method.name),
            .init("http.route", series.route.name),
            .init("http.response.status_code", series.statusCode),
            .init("network.transport", "tcp"), .init("network.protocol.name", "http"),
        ]
        if let method = observation.operation.method {
            span.attributes.append(.init("mcp.method.name", method.rawValue))
        }
        keep(span)
    }

    /// - Returns: `nil` if neither the caller traces the request nor chance has it so.
    private mutating func begin(_ observation: Observation) -> TraceSpan? {
        let trace = observation.trace
        let isSampled =
            trace?.isSampled
            ?? (samplePercent > 0 && Int.random(in: 0..<100, using: &generator) < samplePercent)
        guard isSampled else { return nil }
        return TraceSpan(
            traceHigh: trace?.traceHigh ?? UInt64.random(in: 1 ... .max, using: &generator),
            traceLow: trace?.traceLow ?? UInt64.random(in: 1 ... .max, using: &generator),
            id: UInt64.random(in: 1 ... .max, using: &generator),
            parentID: trace?.parentID ?? 0,
            state: observation.traceState
        )
    }

    private mutating func keep(_ span: TraceSpan) {
        guard spans.count < Self.spanCountMax else { return queue.drop(1) }
        spans.append(span)
    }

    private static func currentClockOffset() -> UInt64 {
        WallClock.nanosecondsSinceEpoch() &- MonotonicClock.nanoseconds()
    }
}

/// Numbers that nobody else has, and that anybody may guess: the system's source of randomness costs
/// a system call for each (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*).
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
