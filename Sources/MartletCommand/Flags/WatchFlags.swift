import ArgumentParser

/// Flags of what the server tells of itself.
struct WatchFlags: ParsableArguments {
    @Option(.accessLog, "none, text or json, on standard output (default: text)", "format")
    var accessLog: String?

    @Option(.logLevel, "trace, debug, info, notice, warning, error (default: info)", "level")
    var logLevel: String?

    @Option(
        .adminListen,
        "Where operators get metrics, health and readiness (default: nowhere)",
        "address"
    )
    var adminListen: [String] = []

    @Option(.slowCallMilliseconds, "Calls that take longer are logged (default: none)")
    var slowCallMilliseconds: String?

    @Option(.otlpEndpoint, "A collector of spans and metrics (default: none)", "url")
    var otlpEndpoint: String?

    @Option(.otlpSeconds, "Seconds from one batch of spans to the next")
    var otlpSeconds: String?

    @Option(.otlpMetricsSeconds, "Seconds from one message with metrics to the next")
    var otlpMetricsSeconds: String?

    @Option(.otlpQueueMax, "Spans that may wait for the collector")
    var otlpQueueMax: String?

    @Option(.traceSamplePercent, "Operations in a hundred that get a span unasked")
    var traceSamplePercent: String?

    @OptionGroup
    var auditing: AuditFlags

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.accessLog, accessLog)
        flags.add(.logLevel, logLevel)
        flags.add(.adminListen, adminListen)
        flags.add(.slowCallMilliseconds, slowCallMilliseconds)
        flags.add(.otlpEndpoint, otlpEndpoint)
        flags.add(.otlpSeconds, otlpSeconds)
        flags.add(.otlpMetricsSeconds, otlpMetricsSeconds)
        flags.add(.otlpQueueMax, otlpQueueMax)
        flags.add(.traceSamplePercent, traceSamplePercent)
        return flags.merging(auditing.given) { _, new in new }
    }
}
