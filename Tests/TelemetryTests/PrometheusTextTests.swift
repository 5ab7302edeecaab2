import Bytes
import Telemetry
import Testing

@Suite("Metrics as text (Prometheus 0.0.4)")
struct PrometheusTextTests {
    private func text(_ families: MetricFamily...) -> String {
        var buffer = ByteBuffer()
        PrometheusText.encode(families, into: &buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test func `Names get unit and kind, labels are escaped and whole numbers have no fraction`() {
        let family = MetricFamily(
            "martlet.things.seen",
            "Things\nthat were seen.",
            kind: .counter,
            points: [
                .init([.init("the.kind", "a \"b\" \\ c\nd")], .number(3)),
                .init([.init("the.kind", "half")], .number(0.5)),
            ]
        )
        #expect(
            text(family) == #"""
                # HELP martlet_things_seen_total Things\nthat were seen.
                # TYPE martlet_things_seen_total counter
                martlet_things_seen_total{the_kind="a \"b\" \\ c\nd"} 3
                martlet_things_seen_total{the_kind="half"} 0.5

                """#
        )
    }

    @Test func `Buckets of a histogram add up to its count`() {
        let family = MetricFamily(
            "request.duration",
            "How long.",
            unit: .seconds,
            kind: .histogram(bounds: [0.1, 1]),
            points: [.init([.init("a", "b")], .histogram(counts: [1, 2, 3], sum: 7.25))]
        )
        #expect(
            text(family) == """
                # HELP request_duration_seconds How long.
                # TYPE request_duration_seconds histogram
                request_duration_seconds_bucket{a="b",le="0.1"} 1
                request_duration_seconds_bucket{a="b",le="1"} 3
                request_duration_seconds_bucket{a="b",le="+Inf"} 6
                request_duration_seconds_sum{a="b"} 7.25
                request_duration_seconds_count{a="b"} 6

                """
        )
    }

    @Test func `What has no value has no lines`() {
        #expect(text(MetricFamily("nothing", "Nothing.", kind: .gauge)).isEmpty)
    }
}
