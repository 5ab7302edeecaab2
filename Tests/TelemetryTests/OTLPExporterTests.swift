import HTTPClient
import Libuv
import Synchronization
import Telemetry
import TestSupport
import Testing

@Suite("Spans and metrics on their way to a collector")
struct OTLPExporterTests {
    /// What a collector was sent.
    private final class Received: Sendable {
        let requests = Mutex<[ScriptedServer.Request]>([])
        let reports = Mutex<[String]>([])

        func count(to target: String) -> Int {
            requests.withLock { $0.count { $0.target == target } }
        }
    }

    private static func spans(_ count: Int) -> [TraceSpan] {
        Array(
            repeating: TraceSpan(traceHigh: 1, traceLow: 2, id: 3, parentID: 0, state: ""),
            count: count
        )
    }

    /// Runs an exporter against a collector that answers with `status`.
    private func withExporter(
        status: Int = 200,
        endpoint: String? = nil,
        queue: SpanQueue,
        _ body: (LoopBound<OTLPExporter>, Received) async throws -> Void
    ) async throws -> Received {
        let received = Received()
        let group = try EventLoopGroup(count: 1)
        let loop = group.loops[0]
        let collector = try ScriptedServer(on: loop) { request in
            received.requests.withLock { $0.append(request) }
            return ScriptedServer.Reply(status, "{}")
        }
        try await collector.listen()
        let exporter = try await withCheckedThrowingContinuation { continuation in
            loop.submit {
                do throws(HTTPClientError) {
                    var schedule = OTLPExporter.Schedule()
                    schedule.spanTickCount = 2
                    schedule.metricsTickCount = 3
                    let exporter = try OTLPExporter(
                        on: loop,
                        endpoint: endpoint ?? "http://\(collector.address)",
                        resource: .init(serviceName: "s", serviceVersion: "1", instanceID: "i"),
                        schedule: schedule,
                        queue: queue,
                        families: {
                            [MetricFamily("m", "M.", kind: .gauge, points: [.init([], .number(1))])]
                        },
                        nowNanoseconds: 1,
                        report: { text in received.reports.withLock { $0.append(text) } }
                    )
                    continuation.resume(returning: LoopBound(exporter, on: loop))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
        try await body(exporter, received)
        await withCheckedContinuation { continuation in
            exporter.runLater { exporter in
                loop.startTask(with: exporter) { exporter in
                    await exporter.close()
                    continuation.resume()
                }
            }
        }
        await collector.stop()
        group.stop()
        return received
    }

    private func tick(_ exporter: LoopBound<OTLPExporter>) async {
        await withCheckedContinuation { continuation in
            exporter.runLater { exporter in
                exporter.tick()
                continuation.resume()
            }
        }
    }

    @Test func `Spans go with every second tick and metrics with every third, as they were set`()
        async throws
    {
        let queue = SpanQueue(countMax: 10_000)
        _ = try await withExporter(queue: queue) { exporter, received in
            queue.append(Self.spans(1))
            await tick(exporter)
            #expect(received.count(to: "/v1/traces") == 0)
            await tick(exporter)
            try await eventually { received.count(to: "/v1/traces") == 1 }
            #expect(received.count(to: "/v1/metrics") == 0)
            await tick(exporter)
            try await eventually { received.count(to: "/v1/metrics") == 1 }
            let request = received.requests.withLock { $0[0] }
            #expect(request.method == "POST")
            #expect(request["Content-Type"] == "application/json")
        }
    }

    @Test func `A message holds 512 spans at most, and the others follow`() async throws {
        let queue = SpanQueue(countMax: 10_000)
        queue.append(Self.spans(513))
        let received = try await withExporter(queue: queue) { _, _ in }
        #expect(received.count(to: "/v1/traces") == 2)
        let sizes = received.requests.withLock { requests in
            requests.filter { $0.target == "/v1/traces" }.map {
                $0.content.ranges(of: "spanId").count
            }
        }
        #expect(sizes == [512, 1])
        #expect(queue.droppedCount == 0)
    }

    @Test func `What a collector refuses is dropped, counted and reported once`() async throws {
        let queue = SpanQueue(countMax: 10_000)
        let received = try await withExporter(status: 503, queue: queue) { exporter, received in
            for number in 1...3 {
                queue.append(Self.spans(2))
                await tick(exporter)
                await tick(exporter)
                try await eventually { queue.droppedCount == number * 2 }
            }
        }
        #expect(received.reports.withLock { $0.count } == 1)
        #expect(received.reports.withLock { $0[0] }.contains("503"))
    }

    @Test func `A collector that is not there costs the spans and nothing else`() async throws {
        let queue = SpanQueue(countMax: 10_000)
        queue.append(Self.spans(2))
        let received = try await withExporter(endpoint: "http://127.0.0.1:1", queue: queue) {
            _,
            _ in
        }
        #expect(queue.droppedCount == 2)
        #expect(received.reports.withLock { $0.count } == 1)
    }

    @Test func `Only https, or this machine, is sent to`() {
        #expect(throws: HTTPClientError.self) { try OTLPExporter.urls(under: "http://far.example") }
        #expect(throws: HTTPClientError.self) { try OTLPExporter.urls(under: "collector:4318") }
        #expect(throws: Never.self) {
            let urls = try OTLPExporter.urls(under: "https://far.example/otlp/")
            #expect(urls.traces.text == "https://far.example/otlp/v1/traces")
            #expect(urls.metrics.text == "https://far.example/otlp/v1/metrics")
        }
    }
}
