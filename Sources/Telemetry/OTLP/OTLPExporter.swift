internal import Bytes
public import HTTPClient
public import Libuv

/// Sends spans and metrics to a collector (OTLP/HTTP, JSON), on one loop.
///
/// One message of each kind at a time. What a collector does not take is dropped and counted: it is
/// told what happens, and may not hold up that it happens.
///
/// Not `Sendable`: belongs to the loop.
public final class OTLPExporter {
    /// What is sent how often.
    public struct Schedule: Hashable, Sendable {
        /// Ticks (seconds) from one batch of spans to the next.
        public var spanTickCount = 5

        /// Ticks (seconds) from one message with metrics to the next.
        public var metricsTickCount = 60

        public init() {}
    }

    /// Spans in one message.
    public static let batchCountMax = 512

    /// From one look at whether what is on its way has arrived to the next.
    private static let pauseMilliseconds: UInt64 = 20

    private let client: CurlClient
    private let tracesURL: HTTPClientURL
    private let metricsURL: HTTPClientURL
    private let resource: OTLPMessage.Resource
    private let schedule: Schedule
    private let queue: SpanQueue
    private let families: @Sendable () async -> [MetricFamily]
    private let report: (String) -> Void
    private let startNanoseconds: UInt64
    private let loop: EventLoop

    private var spanTicks = 0
    private var metricsTicks = 0
    private var isSendingSpans = false
    private var isSendingMetrics = false

    /// Whether the collector failed the last time, which is then reported no more.
    private var isFailing = false

    /// - Parameters:
    ///   - loop: The loop whose thread calls this.
    ///   - endpoint: What `v1/traces` and `v1/metrics` are added to.
    ///   - resource: Who sends.
    ///   - schedule: When.
    ///   - queue: Where spans come from.
    ///   - families: Where metrics come from.
    ///   - nowNanoseconds: The time, since 1970.
    ///   - report: Told when the collector begins to fail, and when it is back.
    /// - Throws: ``HTTPClientError`` if the endpoint is no URL to be sent to.
    public init(
        on loop: EventLoop,
        endpoint: String,
        resource: OTLPMessage.Resource,
        schedule: Schedule,
        queue: SpanQueue,
        families: @escaping @Sendable () async -> [MetricFamily],
        nowNanoseconds: UInt64,
        report: @escaping (String) -> Void
    ) throws(HTTPClientError) {
        (tracesURL, metricsURL) = try Self.urls(under: endpoint)
        self.loop = loop
        client = CurlClient(on: loop, limits: Self.limits)
        self.resource = resource
        self.schedule = schedule
        self.queue = queue
        self.families = families
        startNanoseconds = nowNanoseconds
        self.report = report
    }

    /// Where traces and metrics go.
    ///
    /// - Throws: ``HTTPClientError`` if the endpoint is no URL: https, or http on this machine.
    public static func urls(
        under endpoint: String
    ) throws(HTTPClientError) -> (traces: HTTPClientURL, metrics: HTTPClientURL) {
        let base = endpoint.hasSuffix("/") ? endpoint : "\(endpoint)/"
        return (
            try HTTPClientURL("\(base)v1/traces"), try HTTPClientURL("\(base)v1/metrics")
        )
    }

    private static var limits: HTTPClientLimits {
        var limits = HTTPClientLimits()
        limits.bodyByteCountMax = 65_536
        limits.totalSeconds = 5
        limits.connectSeconds = 2
        limits.redirectCountMax = 0
        limits.transferCountMax = 2
        return limits
    }

    /// A second has passed.
    public func tick() {
        spanTicks += 1
        metricsTicks += 1
        if spanTicks >= schedule.spanTickCount, !isSendingSpans {
            spanTicks = 0
            loop.startTask(with: self) { await $0.sendSpans() }
        }
        if metricsTicks >= schedule.metricsTickCount, !isSendingMetrics {
            metricsTicks = 0
            loop.startTask(with: self) { await $0.sendMetrics() }
        }
    }

    /// Sends what waits, once, and ends.
    ///
    /// What is on its way first arrives, or fails in its time.
    public func close() async {
        while isSendingSpans || isSendingMetrics {
            await loop.pause(milliseconds: Self.pauseMilliseconds)
        }
        await sendSpans()
        await sendMetrics()
        client.close()
    }

    /// Everything that waits, message by message, until one does not arrive.
    private func sendSpans() async {
        isSendingSpans = true
        defer { isSendingSpans = false }
        while true {
            let spans = queue.take(Self.batchCountMax)
            guard !spans.isEmpty else { return }
            guard await send(OTLPMessage.traces(spans, from: resource), to: tracesURL) else {
                return queue.drop(spans.count)
            }
        }
    }

    private func sendMetrics() async {
        isSendingMetrics = true
        defer { isSendingMetrics = false }
        let message = OTLPMessage.metrics(
            await families(),
            from: resource,
            startNanoseconds: startNanoseconds,
            nowNanoseconds: WallClock.nanosecondsSinceEpoch()
        )
        // The next message says all that this one does.
        _ = await send(message, to: metricsURL)
    }

    /// - Returns: Whether the collector took it.
    private func send(_ message: ByteBuffer, to url: HTTPClientURL) async -> Bool {
        let request = HTTPClientRequest(
            url,
            method: .post(message),
            fields: [HTTPClientField("Content-Type", "application/json")]
        )
        do throws(HTTPClientError) {
            let response = try await client.send(request)
            guard (200...299).contains(response.statusCode) else {
                didFail("\(url) answers \(response.statusCode)")
                return false
            }
            if isFailing { report("\(url) takes what is sent again") }
            isFailing = false
            return true
        } catch {
            didFail("\(error)")
            return false
        }
    }

    private func didFail(_ reason: String) {
        if !isFailing { report("\(reason); what is not taken is dropped") }
        isFailing = true
    }
}
