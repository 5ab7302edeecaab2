public import Bytes
internal import JSON

/// Messages of the OpenTelemetry Protocol in JSON (OTLP 1.x, "JSON Protobuf Encoding"): 64-bit
/// numbers are strings, ids are hexadecimal digits.
public enum OTLPMessage {
    /// Who sends them.
    public struct Resource: Sendable {
        public let serviceName: String
        public let serviceVersion: String

        /// Tells this process from others of the same service.
        public let instanceID: String

        public init(serviceName: String, serviceVersion: String, instanceID: String) {
            self.serviceName = serviceName
            self.serviceVersion = serviceVersion
            self.instanceID = instanceID
        }
    }

    /// An `ExportTraceServiceRequest`.
    public static func traces(_ spans: [TraceSpan], from resource: Resource) -> ByteBuffer {
        message("resourceSpans", "scopeSpans", "spans", from: resource) { writer in
            for span in spans { encode(span, into: &writer) }
        }
    }

    /// An `ExportMetricsServiceRequest`.
    ///
    /// - Parameters:
    ///   - families: What was counted since the process began.
    ///   - resource: Whose.
    ///   - startNanoseconds: When that was, since 1970.
    ///   - nowNanoseconds: When it was asked for.
    /// - Returns: The message.
    public static func metrics(
        _ families: [MetricFamily],
        from resource: Resource,
        startNanoseconds: UInt64,
        nowNanoseconds: UInt64
    ) -> ByteBuffer {
        message("resourceMetrics", "scopeMetrics", "metrics", from: resource) { writer in
            for family in families where !family.points.isEmpty {
                encode(family, startNanoseconds, nowNanoseconds, into: &writer)
            }
        }
    }

    private static func message(
        _ resources: String,
        _ scopes: String,
        _ items: String,
        from resource: Resource,
        _ encode: (inout JSONWriter) -> Void
    ) -> ByteBuffer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name(resources)
        writer.beginArray()
        writer.beginObject()
        writer.name("resource")
        writer.beginObject()
        Self.encode(
            [
                .init("service.name", resource.serviceName),
                .init("service.version", resource.serviceVersion),
                .init("service.instance.id", resource.instanceID),
            ],
            into: &writer
        )
        writer.endObject()
        writer.name(scopes)
        writer.beginArray()
        writer.beginObject()
        writer.name("scope")
        writer.beginObject()
        writer.name("name")
        writer.string("martlet")
        writer.endObject()
        writer.name(items)
        writer.beginArray()
        encode(&writer)
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    // Traces.

    /// `SPAN_KIND_SERVER`.
    private static let serverKind = 2

    /// `STATUS_CODE_ERROR`.
    private static let errorStatus = 2

    private static func encode(_ span: TraceSpan, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("traceId")
        writer.string(digits(span.traceHigh) + digits(span.traceLow))
        writer.name("spanId")
        writer.string(digits(span.id))
        if span.parentID != 0 {
            writer.name("parentSpanId")
            writer.string(digits(span.parentID))
        }
        if !span.state.isEmpty {
            writer.name("traceState")
            writer.string(span.state)
        }
        writer.name("name")
        writer.string(span.name)
        writer.name("kind")
        writer.integer(serverKind)
        writer.name("startTimeUnixNano")
        writer.string(String(span.startNanoseconds))
        writer.name("endTimeUnixNano")
        writer.string(String(span.endNanoseconds))
        var attributes = span.attributes
        if let errorType = span.errorType { attributes.append(.init("error.type", errorType)) }
        encode(attributes, into: &writer)
        if span.errorType != nil {
            writer.name("status")
            writer.beginObject()
            writer.name("code")
            writer.integer(errorStatus)
            writer.endObject()
        }
        writer.endObject()
    }

    // Metrics.

    /// `AGGREGATION_TEMPORALITY_CUMULATIVE`.
    private static let cumulative = 2

    private static func encode(
        _ family: MetricFamily,
        _ start: UInt64,
        _ now: UInt64,
        into writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name("name")
        writer.string(family.name)
        writer.name("description")
        writer.string(family.summary)
        writer.name("unit")
        writer.string(family.unit.rawValue)
        var bounds: [Double] = []
        switch family.kind {
        case .counter:
            writer.name("sum")
            writer.beginObject()
            writer.name("isMonotonic")
            writer.bool(true)
            writer.name("aggregationTemporality")
            writer.integer(cumulative)
        case .gauge:
            writer.name("gauge")
            writer.beginObject()
        case .histogram(let of):
            bounds = of
            writer.name("histogram")
            writer.beginObject()
            writer.name("aggregationTemporality")
            writer.integer(cumulative)
        }
        writer.name("dataPoints")
        writer.beginArray()
        for point in family.points {
            writer.beginObject()
            encode(point.attributes, into: &writer)
            writer.name("startTimeUnixNano")
            writer.string(String(start))
            writer.name("timeUnixNano")
            writer.string(String(now))
            encode(point.value, bounds, into: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.endObject()
    }

    private static func encode(
        _ value: MetricFamily.Value,
        _ bounds: [Double],
        into writer: inout JSONWriter
    ) {
        switch value {
        case .number(let number):
            writer.name("asDouble")
            writer.double(number)
        case .histogram(let counts, let sum):
            writer.name("count")
            writer.string(String(counts.reduce(0, &+)))
            writer.name("sum")
            writer.double(sum)
            writer.name("bucketCounts")
            writer.beginArray()
            for count in counts { writer.string(String(count)) }
            writer.endArray()
            writer.name("explicitBounds")
            writer.beginArray()
            for bound in bounds { writer.double(bound) }
            writer.endArray()
        }
    }

    private static func encode(
        _ attributes: [MetricFamily.Attribute],
        into writer: inout JSONWriter
    ) {
        writer.name("attributes")
        writer.beginArray()
        for attribute in attributes {
            writer.beginObject()
            writer.name("key")
            writer.string(attribute.name)
            writer.name("value")
            writer.beginObject()
            writer.name("stringValue")
            writer.string(attribute.value)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
    }

    private static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
