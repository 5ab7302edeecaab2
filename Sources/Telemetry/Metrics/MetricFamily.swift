/// All that is measured under one name, as every way of telling it needs it.
public struct MetricFamily: Sendable {
    public enum Kind: Sendable {
        /// Only grows.
        case counter
        case gauge
        /// Upper bounds of the buckets in seconds; the last bucket has none.
        case histogram(bounds: [Double])
    }

    /// A unit of UCUM, as OpenTelemetry writes it.
    public enum Unit: String, Sendable {
        case seconds = "s"
        case bytes = "By"
        /// Things that are counted.
        case count = "1"
    }

    public enum Value: Sendable {
        case number(Double)
        /// One count for each bound and one above, and the sum of what was measured.
        case histogram(counts: [UInt64], sum: Double)
    }

    public struct Attribute: Hashable, Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public struct Point: Sendable {
        public let attributes: [Attribute]
        public let value: Value

        public init(_ attributes: [Attribute] = [], _ value: Value) {
            self.attributes = attributes
            self.value = value
        }
    }

    /// As OpenTelemetry writes it: `http.server.request.duration`.
    public let name: String
    public let summary: String
    public let unit: Unit
    public let kind: Kind
    public var points: [Point]

    public init(
        _ name: String,
        _ summary: String,
        unit: Unit = .count,
        kind: Kind,
        points: [Point] = []
    ) {
        self.name = name
        self.summary = summary
        self.unit = unit
        self.kind = kind
        self.points = points
    }
}
