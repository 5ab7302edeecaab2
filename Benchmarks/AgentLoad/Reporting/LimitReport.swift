/// The search for a limit as it is told in a terminal.
public enum LimitReport {
    /// What one rate came to.
    public static func line(
        _ result: RunResult,
        rate: Double,
        fault: String?,
        _ style: TextStyle
    ) -> String {
        let latency = result.summary.latency
        let cells = [50.0, 99, 99.9].map { percentile in
            let value = latency.microseconds(atPercentile: percentile).map(duration) ?? "–"
            return "\(percentileName(percentile)) \(value)"
        }
        let rateText = decimal(rate, 0)
        let padding = String(repeating: " ", count: max(0, 10 - rateText.count))
        return "  \(padding)\(rateText)/s  \(cells.joined(separator: "   "))   "
            + (fault.map { style.alarming("missed: \($0)") } ?? "held")
    }

    /// What the search came to.
    public static func conclusion(
        _ limit: Double,
        _ criterion: LimitCriterion,
        _ style: TextStyle
    ) -> String {
        style.bold("  \(decimal(limit, 0)) calls/s")
            + " with \(percentileName(criterion.percentile)) within "
            + "\(duration(criterion.microsecondsMax)) and no failure"
    }
}
