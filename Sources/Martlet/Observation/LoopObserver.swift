internal import AccessControl
internal import HTTP1
internal import Libuv
internal import MCP
internal import Telemetry

/// What one loop takes down of its requests for those who watch the server.
///
/// There is none where nobody watches, so that a request pays for looking whether there is.
///
/// Not `Sendable`: belongs to the loop.
final class LoopObserver {
    private let audit: AuditLog?
    private let dispatcher: Dispatcher
    private var metrics: LoopMetrics?
    private var slowCalls: SlowCallLog?
    private var tracer: LoopTracer?

    /// Whether anybody asks how long what takes.
    private let timesOperations: Bool

    /// Whether anybody asks where the time goes.
    private let timesStages: Bool

    /// Adds what there is at the moment of asking.
    var sample: (inout LoopMetrics) -> Void = { _ in }

    init(
        _ dispatcher: Dispatcher,
        audit: AuditLog?,
        metrics: LoopMetrics?,
        slowCalls: SlowCallLog?,
        tracer: LoopTracer?
    ) {
        self.dispatcher = dispatcher
        self.audit = audit
        self.metrics = metrics
        self.slowCalls = slowCalls
        self.tracer = tracer
        timesOperations = metrics != nil || slowCalls != nil || tracer != nil
        timesStages = slowCalls != nil
    }

    /// Whether spans are made.
    var isTracing: Bool { tracer != nil }

    /// A second has passed.
    func tick() {
        slowCalls?.tick()
        tracer?.tick()
    }

    // What is asked from outside.

    /// What was counted so far; `nil` where nothing is.
    func snapshot() -> LoopMetrics? {
        guard var snapshot = metrics else { return nil }
        sample(&snapshot)
        return snapshot
    }

    // What happens.

    /// Notes a head.
    func begin(_ method: HTTPMethod, _ route: Endpoint.Route) -> Observation {
        var observation = Observation()
        guard timesOperations else { return observation }
        observation.method = HTTPRequestSeries.Method(method)
        observation.route = route
        observation.headAt = MonotonicClock.nanoseconds()
        return observation
    }

    /// A request was answered, or the stream began that answers it.
    func didRespond(to observation: Observation, statusCode: Int) {
        guard metrics != nil || tracer != nil else { return }
        let series = HTTPRequestSeries(
            observation.method,
            observation.route,
            statusCode: statusCode
        )
        let now = MonotonicClock.nanoseconds()
        metrics?.count(series, nanoseconds: now &- observation.headAt)
        // An operation has a span of its own, whatever it came to.
        guard statusCode >= 400, !observation.isUnderstood else { return }
        tracer?.note(refused: observation, series, endAt: now)
    }

    /// What is no request, or not a whole one in time, was answered.
    func didRefuseHead(statusCode: Int) {
        guard timesOperations else { return }
        var observation = Observation()
        observation.headAt = MonotonicClock.nanoseconds()
        didRespond(to: observation, statusCode: statusCode)
    }

    /// The body of a request is complete.
    func didReceiveBody(_ observation: inout Observation) {
        if timesStages { observation.bodyAt = MonotonicClock.nanoseconds() }
    }

    /// It is known what a message asks for.
    func didUnderstand(_ observation: inout Observation, _ operation: Operation) {
        observation.operation = operation
        observation.isUnderstood = true
        if timesStages { observation.startAt = MonotonicClock.nanoseconds() }
    }

    /// What a message asked for is done, or will not be done.
    func didFinish(_ record: AccessRecord, _ operation: Operation, _ outcome: OperationOutcome) {
        guard timesOperations else { return }
        let now = MonotonicClock.nanoseconds()
        metrics?.count(operation, outcome, nanoseconds: now &- record.observation.headAt)
        slowCalls?.note(name(of: operation), record, outcome, endAt: now)
        tracer?.note(
            record.observation,
            operation,
            target: dispatcher.name(of: operation.target),
            outcome,
            endAt: now
        )
    }

    private func name(of operation: Operation) -> String {
        let target = dispatcher.name(of: operation.target)
        let method = operation.method?.rawValue ?? "a message"
        return target.isEmpty ? method : "\(method) \(target)"
    }

    /// The loop came so late to its timer.
    func didMeasure(delayMilliseconds: UInt64) {
        metrics?.delayMilliseconds = delayMilliseconds
    }

    /// A token was looked at.
    func didSeeToken(isKnown: Bool) {
        if isKnown {
            metrics?.knownTokenCount &+= 1
        } else {
            metrics?.verifiedTokenCount &+= 1
        }
    }

    /// Counts and records a decision.
    ///
    /// - Parameters:
    ///   - record: What is known of the request.
    ///   - peer: Where it came from.
    ///   - refusal: Why it was refused; `nil` if it was allowed.
    ///   - detail: More of the reason.
    /// - Returns: `false` if it must be recorded and cannot be.
    func note(
        _ record: AccessRecord,
        from peer: PeerAddress?,
        _ refusal: RefusalReason?,
        _ detail: String = ""
    ) -> Bool {
        if let refusal { metrics?.count(refusal) }
        guard let audit else { return true }
        var line = AuditRecord(
            record.observation.operation,
            by: record.principal,
            of: dispatcher,
            from: peer.map { AuditRecord.Peer.address($0) } ?? .unixDomainSocket,
            refusal
        )
        line.trace = record.observation.trace?.traceID ?? ""
        line.detail = detail
        return audit.record(line)
    }
}
