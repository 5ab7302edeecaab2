internal import HTTPTransport
internal import Libuv
internal import Logging
internal import MCP
internal import Synchronization
internal import Telemetry

/// Sums what the loops count, when somebody asks.
final class MetricsCollector: Sendable {
    /// What is known without asking a loop.
    struct Process: Sendable {
        let census: ConnectionCensus
        let shared: SharedEndpoint
        let audit: AuditLog?
        let spans: SpanQueue?
        let more: [@Sendable () -> [MetricFamily]]
    }

    /// A loop, and the visit to it that all share who ask meanwhile.
    private struct Place {
        let observer: LoopBound<LoopObserver>
        let visit: SharedVisit<LoopObserver, LoopMetrics?>

        init(_ observer: LoopBound<LoopObserver>) {
            self.observer = observer
            visit = SharedVisit(observer) { $0.snapshot() }
        }
    }

    private let places = Mutex<[Place]>([])
    private let dispatcher: Dispatcher
    private let process = Mutex<Process?>(nil)
    private let logger: Logger

    init(_ dispatcher: Dispatcher, logger: Logger) {
        self.dispatcher = dispatcher
        self.logger = logger
    }

    /// Includes what is known of the process from now on.
    func setProcess(_ process: Process) {
        self.process.withLock { $0 = process }
    }

    /// Includes a loop from now on.
    func join(_ observer: LoopBound<LoopObserver>) {
        places.withLock { $0.append(Place(observer)) }
    }

    /// Asks every loop, each in a turn of its own.
    func metrics() async -> LoopMetrics? {
        var sum: LoopMetrics?
        for place in places.withLock({ $0 }) {
            guard let metrics = await place.visit.answer() else { continue }
            if sum == nil { sum = metrics } else { sum?.add(metrics) }
        }
        return sum
    }

    /// Has every loop pass on what it has gathered, as it does every second.
    func gather() async {
        for place in places.withLock({ $0 }) {
            await withCheckedContinuation { continuation in
                place.observer.runLater {
                    $0.tick()
                    continuation.resume()
                }
            }
        }
    }

    /// Returns once every loop has had a turn.
    func visitLoops() async {
        for place in places.withLock({ $0 }) { _ = await place.visit.answer() }
    }

    func families() async -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let metrics = await metrics() { families = self.families(of: metrics) }
        if let process = process.withLock({ $0 }) {
            families += Self.families(of: process)
            for source in process.more { families += source() }
        }
        do throws(LibuvError) {
            families += Self.families(of: try ProcessUsage())
        } catch {
            logger.warning("metrics: \(error)")
        }
        return families
    }

    private func families(of metrics: LoopMetrics) -> [MetricFamily] {
        [
            MetricFamily(
                "http.server.request.duration",
                "Time from a request's head to its response, or the beginning of an event stream.",
                unit: .seconds,
                kind: metrics.requests.kind,
                points: metrics.requests.occurring.map { series, value in
                    .init(Self.attributes(of: HTTPRequestSeries(index: series)), value)
                }
            ),
            MetricFamily(
                "mcp.server.operation.duration",
                "Time from a message's head to the end of what it asks for.",
                unit: .seconds,
                kind: metrics.operations.kind,
                points: metrics.operations.occurring.map { series, value in
                    let (operation, outcome) = metrics.operation(ofSeries: series)
                    return .init(attributes(of: operation, outcome), value)
                }
            ),
            MetricFamily(
                "martlet.refusals",
                "Requests that were refused.",
                kind: .counter,
                points: zip(RefusalReason.allCases, metrics.refusalCounts).map { reason, count in
                    .init([.init("reason", reason.name)], .number(Double(count)))
                }
            ),
            MetricFamily(
                "martlet.tokens",
                "Tokens that were looked at: known from before, or verified.",
                kind: .counter,
                points: [
                    .init([.init("cache", "hit")], .number(Double(metrics.knownTokenCount))),
                    .init([.init("cache", "miss")], .number(Double(metrics.verifiedTokenCount))),
                ]
            ),
            .gauge("martlet.streams", "Responses that go on.", metrics.streamCount),
            MetricFamily(
                "martlet.connections.queue.size",
                "Bytes that connections have to send and their clients have not taken.",
                unit: .bytes,
                kind: .gauge,
                points: metrics.sendQueues.map { index, byteCount in
                    .init([.init("loop", "\(index)")], .number(Double(byteCount)))
                }
            ),
            .gauge(
                "martlet.connections.paused",
                "Connections that are not read until their clients have taken what waits.",
                metrics.pausedConnectionCount
            ),
            MetricFamily(
                "martlet.connections.stalled",
                "Connections that were closed because their clients took nothing for too long.",
                kind: .counter,
                points: [.init([], .number(Double(metrics.stalledConnectionCount)))]
            ),
            MetricFamily(
                "martlet.loop.delay",
                "By how much the latest of the loops came late to its last timer.",
                unit: .seconds,
                kind: .gauge,
                points: [.init([], .number(Double(metrics.delayMilliseconds) / 1_000))]
            ),
        ]
    }

    private static func attributes(
        of request: HTTPRequestSeries
    ) -> [MetricFamily.Attribute] {
        var attributes: [MetricFamily.Attribute] = [
            .init("http.request.method", request.method.name),
            .init("http.route", request.route.name),
            .init("http.response.status_code", request.statusCode),
        ]
        if let error = request.errorType { attributes.append(.init("error.type", error)) }
        return attributes
    }

    private func attributes(
        of operation: Operation,
        _ outcome: OperationOutcome
    ) -> [MetricFamily.Attribute] {
        var attributes: [MetricFamily.Attribute] = [
            .init("mcp.method.name", operation.method?.rawValue ?? "other")
        ]
        switch operation.target {
        case .tool:
            attributes.append(.init("gen_ai.tool.name", dispatcher.name(of: operation.target)))
        case .prompt:
            attributes.append(.init("gen_ai.prompt.name", dispatcher.name(of: operation.target)))
        case .none where operation.method == .toolsCall:
            attributes.append(.init("gen_ai.tool.name", "other"))
        case .none, .resource, .resourceTemplate: break
        }
        if let error = outcome.errorType { attributes.append(.init("error.type", error)) }
        return attributes
    }

    private static func families(of process: Process) -> [MetricFamily] {
        let fetches = process.shared.keyDistribution?.fetchCounts ?? (succeeded: 0, failed: 0)
        return [
            .gauge(
                "martlet.connections",
                "Client connections that are open.",
                process.census.total
            ),
            .gauge(
                "martlet.calls",
                "Calls that run.",
                process.shared.calls.count
            ),
            .gauge(
                "martlet.audit.unwritten_drops",
                "Decisions that the audit log has dropped and not yet said so.",
                process.audit?.droppedCount ?? 0
            ),
            MetricFamily(
                "martlet.audit.queue.size",
                "Decisions that wait for the audit log's disk.",
                kind: .gauge,
                points: process.audit.map { [.init([], .number(Double($0.waitingCount)))] } ?? []
            ),
            MetricFamily(
                "martlet.audit.sync.duration",
                "Time until what was written to the audit log is on the disk.",
                unit: .seconds,
                kind: process.audit?.synchronizationTimes.kind ?? .histogram(bounds: []),
                points: process.audit?.synchronizationTimes.occurring.map { _, value in
                    .init([], value)
                } ?? []
            ),
            MetricFamily(
                "martlet.spans.queue.size",
                "Spans that wait to be sent to the collector.",
                kind: .gauge,
                points: process.spans.map { [.init([], .number(Double($0.count)))] } ?? []
            ),
            MetricFamily(
                "martlet.spans.dropped",
                "Spans that no collector took.",
                kind: .counter,
                points: process.spans.map { [.init([], .number(Double($0.droppedCount)))] } ?? []
            ),
            MetricFamily(
                "martlet.key_fetches",
                "Attempts to fetch the keys of an issuer.",
                kind: .counter,
                points: [("success", fetches.succeeded), ("failure", fetches.failed)].map {
                    .init([.init("outcome", $0.0)], .number(Double($0.1)))
                }
            ),
        ]
    }

    private static func families(of usage: ProcessUsage) -> [MetricFamily] {
        [
            MetricFamily(
                "process.cpu.time",
                "CPU time of the process.",
                unit: .seconds,
                kind: .counter,
                points: [("user", usage.userSeconds), ("system", usage.systemSeconds)].map {
                    .init([.init("cpu.mode", $0.0)], .number($0.1))
                }
            ),
            MetricFamily(
                "process.memory.usage",
                "Memory of the process in RAM.",
                unit: .bytes,
                kind: .gauge,
                points: [.init([], .number(Double(usage.residentByteCount)))]
            ),
            .gauge(
                "process.unix.file_descriptor.count",
                "Files and sockets that are open.",
                usage.descriptorCount
            ),
        ]
    }
}

extension MetricFamily {
    fileprivate static func gauge(_ name: String, _ summary: String, _ value: Int) -> MetricFamily {
        MetricFamily(name, summary, kind: .gauge, points: [.init([], .number(Double(value)))])
    }
}
