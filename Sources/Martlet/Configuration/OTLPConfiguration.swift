public import Telemetry

/// Which collector is sent spans and metrics (OpenTelemetry Protocol over HTTP, JSON).
public struct OTLPConfiguration: Sendable {
    /// What `v1/traces` and `v1/metrics` are added to: https, or http on this machine.
    public var endpoint: String

    public var schedule = OTLPExporter.Schedule()

    /// How many in a hundred operations get a span whose caller says nothing of a trace; where a
    /// caller does, its sampled flag decides.
    public var samplePercent = 1

    /// Spans that may wait for the collector; more are dropped.
    public var waitingSpanCountMax = 8_192

    public init(endpoint: String) {
        self.endpoint = endpoint
    }
}
