import Foundation

/// A number with so many digits after the full stop and commas between thousands.
func decimal(_ value: Double, _ digitCount: Int) -> String {
    let text = String(format: "%.\(digitCount)f", value)
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
    var grouped = ""
    for (index, digit) in parts[0].enumerated() {
        if index > 0, (parts[0].count - index) % 3 == 0 { grouped += "," }
        grouped.append(digit)
    }
    return (isNegative ? "-" : "") + grouped + (parts.count > 1 ? ".\(parts[1])" : "")
}

func count(_ value: UInt64) -> String {
    decimal(Double(value), 0)
}

/// Microseconds with a unit and three digits: `87 µs`, `1.24 ms`, `3.5 s`.
func duration(_ microseconds: Double) -> String {
    func threeDigits(_ value: Double) -> String {
        decimal(value, value < 10 ? 2 : value < 100 ? 1 : 0)
    }
    if microseconds < 999.5 { return "\(decimal(microseconds, 0)) µs" }
    if microseconds < 999_500 { return "\(threeDigits(microseconds / 1e3)) ms" }
    return "\(threeDigits(microseconds / 1e6)) s"
}

func duration(_ microseconds: UInt64) -> String {
    duration(Double(microseconds))
}

func mebibytes(_ bytes: Int) -> String {
    "\(decimal(Double(bytes) / 1_048_576, 1)) MiB"
}

/// `p50`, `p99.9`; the last one is `max`.
func percentileName(_ percentile: Double) -> String {
    guard percentile < 100 else { return "max" }
    let text = "\(percentile)"
    return "p" + (text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
}

extension Comparison.Row {
    func text(_ value: Double) -> String {
        switch unit {
        case .callsPerSecond: "\(decimal(value, 0))/s"
        case .microseconds: duration(value)
        case .count: decimal(value, 0)
        case .bytes: mebibytes(Int(value))
        }
    }

    /// `+4.1 %`, or nothing where there is nothing to compare with.
    var changeText: String {
        guard let change else { return first == second ? "=" : "" }
        return "\(change < 0 ? "" : "+")\(decimal(change * 100, 1)) %"
    }
}
