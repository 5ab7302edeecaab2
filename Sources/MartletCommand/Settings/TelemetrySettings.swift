import HTTPClient
import Martlet

/// What is told of calls besides logs: slow ones, and spans and metrics for a collector.
package struct TelemetrySettings: Sendable {
    package let slowCallMilliseconds: Int?
    package let otlp: OTLPConfiguration?

    package init(_ settings: inout SettingsReader) {
        slowCallMilliseconds = settings.numberIfSet(.slowCallMilliseconds)
        var schedule = OTLPExporter.Schedule()
        schedule.spanTickCount = settings.number(.otlpSeconds)
        schedule.metricsTickCount = settings.number(.otlpMetricsSeconds)
        let samplePercent = settings.number(.traceSamplePercent)
        let waitingCountMax = settings.number(.otlpQueueMax)
        guard let endpoint = settings.text(.otlpEndpoint, Self.isEndpoint) else {
            self.otlp = nil
            return
        }
        var otlp = OTLPConfiguration(endpoint: endpoint)
        otlp.schedule = schedule
        otlp.samplePercent = samplePercent
        otlp.waitingSpanCountMax = waitingCountMax
        self.otlp = otlp
    }

    private static func isEndpoint(_ text: String) -> Bool {
        do throws(HTTPClientError) {
            _ = try OTLPExporter.urls(under: text)
            return true
        } catch {
            return false
        }
    }

    package func apply(to configuration: inout ServerConfiguration) {
        configuration.slowCallMilliseconds = slowCallMilliseconds
        configuration.otlp = otlp
    }
}
