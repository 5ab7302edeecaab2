import Bytes
import Telemetry
import Testing

@Suite("Messages of the OpenTelemetry Protocol in JSON")
struct OTLPMessageTests {
    private let resource = OTLPMessage.Resource(
        serviceName: "todos",
        serviceVersion: "1",
        instanceID: "a"
    )

    private let head = """
        "resource":{"attributes":[\
        {"key":"service.name","value":{"stringValue":"todos"}},\
        {"key":"service.version","value":{"stringValue":"1"}},\
        {"key":"service.instance.id","value":{"stringValue":"a"}}]}
        """

    @Test func `A span has its ids in hexadecimal digits and its times as strings`() {
        var span = TraceSpan(
            traceHigh: 0x4bf9_2f35_77b3_4da6,
            traceLow: 0xa3ce_929d_0e0e_4736,
            id: 0xff,
            parentID: 0x00f0_67aa_0ba9_02b7,
            state: "a=1"
        )
        span.name = "tools/call add"
        span.startNanoseconds = 1_000
        span.endNanoseconds = 2_000
        span.attributes = [.init("mcp.method.name", "tools/call")]
        span.errorType = "tool_error"
        let text = String(decoding: OTLPMessage.traces([span], from: resource).bytes, as: UTF8.self)
        #expect(
            text == """
                {"resourceSpans":[{\(head),"scopeSpans":[{"scope":{"name":"martlet"},"spans":[\
                {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00000000000000ff",\
                "parentSpanId":"00f067aa0ba902b7","traceState":"a=1","name":"tools/call add",\
                "kind":2,"startTimeUnixNano":"1000","endTimeUnixNano":"2000","attributes":[\
                {"key":"mcp.method.name","value":{"stringValue":"tools/call"}},\
                {"key":"error.type","value":{"stringValue":"tool_error"}}],"status":{"code":2}}\
                ]}]}]}
                """
        )
    }

    @Test func `Counters, gauges and histograms are what the protocol calls them`() {
        let families = [
            MetricFamily("c", "C.", kind: .counter, points: [.init([], .number(3))]),
            MetricFamily("g", "G.", unit: .bytes, kind: .gauge, points: [.init([], .number(0.5))]),
            MetricFamily(
                "h",
                "H.",
                unit: .seconds,
                kind: .histogram(bounds: [0.1]),
                points: [.init([], .histogram(counts: [1, 2], sum: 4))]
            ),
            MetricFamily("nothing", "N.", kind: .gauge),
        ]
        let message = OTLPMessage.metrics(
            families,
            from: resource,
            startNanoseconds: 1,
            nowNanoseconds: 2
        )
        let times = #""startTimeUnixNano":"1","timeUnixNano":"2""#
        #expect(
            String(decoding: message.bytes, as: UTF8.self) == """
                {"resourceMetrics":[{\(head),"scopeMetrics":[{"scope":{"name":"martlet"},\
                "metrics":[{"name":"c","description":"C.","unit":"1","sum":{"isMonotonic":true,\
                "aggregationTemporality":2,"dataPoints":[{"attributes":[],\(times),"asDouble":3}]}},\
                {"name":"g","description":"G.","unit":"By","gauge":{"dataPoints":[\
                {"attributes":[],\(times),"asDouble":0.5}]}},{"name":"h","description":"H.",\
                "unit":"s","histogram":{"aggregationTemporality":2,"dataPoints":[{"attributes":[],\
                \(times),"count":"3","sum":4,"bucketCounts":["1","2"],"explicitBounds":[0.1]}]}}]}]\
                }]}
                """
        )
    }
}
