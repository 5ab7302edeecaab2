public import Bytes

/// Metrics in the text format of Prometheus (version 0.0.4), with the names that OpenTelemetry
/// prescribes for it: full stops become underscores, the unit and `_total` follow.
public enum PrometheusText {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    public static func encode(_ families: [MetricFamily], into buffer: inout ByteBuffer) {
        for family in families where !family.points.isEmpty {
            let name = name(of: family)
            buffer.append("# HELP \(name) \(escaped(family.summary, "\\", "\n"))\n")
            buffer.append("# TYPE \(name) \(type(of: family.kind))\n")
            for point in family.points { encode(point, name, family.kind, into: &buffer) }
        }
    }

    private static func encode(
        _ point: MetricFamily.Point,
        _ name: String,
        _ kind: MetricFamily.Kind,
        into buffer: inout ByteBuffer
    ) {
        let labels = point.attributes.map { attribute in
            let value = escaped(attribute.value, "\\", "\n", "\"")
            return "\(underscored(attribute.name))=\"\(value)\""
        }
        switch (point.value, kind) {
        case (.number(let number), _):
            buffer.append("\(name)\(braced(labels)) \(text(number))\n")
        case (.histogram(let counts, let sum), .histogram(let bounds)):
            var total: UInt64 = 0
            for (index, count) in counts.enumerated() {
                total &+= count
                let bound = index < bounds.count ? text(bounds[index]) : "+Inf"
                let all = labels + ["le=\"\(bound)\""]
                buffer.append("\(name)_bucket\(braced(all)) \(total)\n")
            }
            buffer.append("\(name)_sum\(braced(labels)) \(text(sum))\n")
            buffer.append("\(name)_count\(braced(labels)) \(total)\n")
        case (.histogram, _):
            preconditionFailure("\(name) is no histogram")
        }
    }

    private static func name(of family: MetricFamily) -> String {
        var name = underscored(family.name)
        switch family.unit {
        case .seconds: name += "_seconds"
        case .bytes: name += "_bytes"
        case .count: break
        }
        if case .counter = family.kind { name += "_total" }
        return name
    }

    private static func type(of kind: MetricFamily.Kind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func braced(_ labels: [String]) -> String {
        labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    }

    private static func underscored(_ name: String) -> String {
        name.replacing(".", with: "_")
    }

    /// Whole numbers without a fraction.
    private static func text(_ number: Double) -> String {
        guard number.magnitude < 0x1p53, number.rounded(.towardZero) == number else {
            return "\(number)"
        }
        return "\(Int64(number))"
    }

    /// By scalars: a character may be a line end with a carriage return before it.
    private static func escaped(_ text: String, _ scalars: Unicode.Scalar...) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalars.contains(scalar) { result.append("\\") }
            result.append(scalar == "\n" ? "n" : scalar)
        }
        return String(result)
    }
}
