internal import HTTPClient
internal import Libuv
internal import Logging
internal import Telemetry

/// Spans and metrics on their way to a collector.
final class TelemetryExport: Sendable {
    /// Where the loops leave spans.
    let queue: SpanQueue

    private let exporter: LoopBound<Keeper>

    /// The exporter, which is made on its loop.
    private final class Keeper {
        var exporter: OTLPExporter?
        var ticker: Ticker?
    }

    private let configuration: OTLPConfiguration
    private let collector: MetricsCollector
    private let resource: OTLPMessage.Resource
    private let logger: Logger

    /// - Throws: ``ConfigurationError`` if nothing can be sent to the endpoint.
    init(
        _ configuration: OTLPConfiguration,
        on loop: EventLoop,
        _ collector: MetricsCollector,
        resource: OTLPMessage.Resource,
        logger: Logger
    ) throws(ConfigurationError) {
        do throws(HTTPClientError) {
            _ = try OTLPExporter.urls(under: configuration.endpoint)
        } catch {
            throw .collector(error)
        }
        queue = SpanQueue(countMax: configuration.waitingSpanCountMax)
        exporter = LoopBound(Keeper(), on: loop)
        self.configuration = configuration
        self.collector = collector
        self.resource = resource
        self.logger = logger
    }

    /// Begins to send.
    ///
    /// - Precondition: Called on the loop's thread.
    func start(tickMilliseconds: UInt64) {
        let loop = exporter.loop
        exporter.run { [self] keeper in
            do throws(HTTPClientError) {
                let logger = logger
                let collector = collector
                let exporter = try OTLPExporter(
                    on: loop,
                    endpoint: configuration.endpoint,
                    resource: resource,
                    schedule: configuration.schedule,
                    queue: queue,
                    families: { await collector.families() },
                    nowNanoseconds: WallClock.nanosecondsSinceEpoch(),
                    report: { logger.warning("telemetry: \($0)") }
                )
                keeper.exporter = exporter
                keeper.ticker = Ticker(on: loop, everyMilliseconds: tickMilliseconds) {
                    exporter.tick()
                }
            } catch {
                preconditionFailure("the endpoint was accepted before: \(error)")
            }
        }
    }

    /// Sends what waits, once; the loops must still run.
    func stop() async {
        await collector.gather()
        await withCheckedContinuation { continuation in
            let loop = exporter.loop
            exporter.runLater { keeper in
                keeper.ticker?.close()
                guard let exporter = keeper.exporter else { return continuation.resume() }
                loop.startTask(with: exporter) { exporter in
                    await exporter.close()
                    continuation.resume()
                }
            }
        }
    }
}
