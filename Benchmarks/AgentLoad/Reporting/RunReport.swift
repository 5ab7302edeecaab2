/// A run as it is told in a terminal.
public struct RunReport: Sendable {
    private let result: RunResult
    private let style: TextStyle

    public init(_ result: RunResult, style: TextStyle) {
        self.result = result
        self.style = style
    }

    public var lines: [String] {
        var lines = [heading, ""]
        lines += summary
        lines.append("")
        lines += operations
        if !result.failures.isEmpty {
            lines += ["", style.bold("  refused or failed because of")]
            lines += result.failures.map { "  \(count($0.count))  \($0.kind)" }
        }
        if !result.retries.isEmpty {
            lines += ["", style.bold("  attempts that were made again because of")]
            lines += result.retries.map { "  \(count($0.count))  \($0.kind)" }
        }
        return lines
    }

    private var heading: String {
        let settings = result.settings
        var parts = [settings.url]
        if let rate = settings.ratePerSecond {
            parts.append("open loop, \(decimal(rate, 0)) calls/s")
        } else {
            parts.append("closed loop")
        }
        parts.append("\(decimal(Double(settings.agents), 0)) agents")
        parts.append("\(decimal(settings.windowSeconds, 0)) s")
        return style.bold(result.label.isEmpty ? "" : "\(result.label)  ")
            + parts.joined(separator: " · ")
    }

    private var summary: [String] {
        let summary = result.summary
        let wrong = summary.refused + summary.failed
        let outcome =
            "\(count(summary.succeeded)) of \(count(summary.calls)) succeeded, "
            + "\(count(summary.refused)) refused, \(count(summary.failed)) failed"
        var lines = [
            "  calls       \(wrong == 0 ? outcome : style.alarming(outcome))",
            "  rate        \(decimal(summary.ratePerSecond, 0)) answers/s",
            "  latency     "
                + summary.latency.percentiles.map {
                    "\(percentileName($0.percentile)) \(duration($0.microseconds))"
                }.joined(separator: "   "),
        ]
        let events = result.events
        lines.append(
            "  meanwhile   \(count(events.connectionsOpened)) connections and "
                + "\(count(events.sessionsOpened)) sessions opened, "
                + "\(count(events.tokensSigned)) tokens signed"
                + (events.tokensRenewedOnRefusal == 0
                    ? "" : ", \(count(events.tokensRenewedOnRefusal)) of them after a 401")
        )
        if let server = result.server {
            lines.append(
                "  server      \(decimal(server.cores, 2)) cores busy, "
                    + "\(decimal(server.microsecondsPerCall, 1)) µs of CPU a call, "
                    + "memory \(mebibytes(server.residentBytesMax))"
            )
        }
        if let own = result.ownCores {
            let isSlowest = own > 0.9 * Double(result.settings.threads)
            let text = "  agentload   \(decimal(own, 2)) cores busy"
            lines.append(
                isSlowest ? style.alarming(text + ", which may be what is slowest here") : text
            )
        }
        return lines
    }

    private var operations: [String] {
        let percentiles = LatencyResult.tablePercentiles
        var table = TextTable(
            ["operation", "succeeded", "refused", "failed"] + percentiles.map(percentileName)
        )
        for row in result.operations {
            let cells = [row.succeeded, row.refused, row.failed].map { count($0) }
            let latencies = percentiles.map { percentile in
                row.succeeded == 0
                    ? "–" : row.latency.microseconds(atPercentile: percentile).map(duration) ?? ""
            }
            table.add([row.operation.rawValue] + cells + latencies)
        }
        var lines = table.lines
        lines[0] = style.bold(lines[0])
        return lines
    }
}

/// Whether a text may be emphasized.
public enum TextStyle: Sendable {
    case plain
    /// For a terminal that understands ECMA-48.
    case terminal

    public func bold(_ text: String) -> String { wrapped(text, "1") }
    public func faint(_ text: String) -> String { wrapped(text, "2") }
    public func alarming(_ text: String) -> String { wrapped(text, "31") }

    private func wrapped(_ text: String, _ code: String) -> String {
        switch self {
        case .terminal where !text.isEmpty: "\u{1B}[\(code)m\(text)\u{1B}[0m"
        case .plain, .terminal: text
        }
    }
}

extension Comparison {
    /// The two runs as they are told in a terminal.
    ///
    /// - Parameters:
    ///   - names: What the runs are called.
    ///   - style: How.
    /// - Returns: A table, and what keeps the runs from being compared.
    public func lines(_ names: (String, String), style: TextStyle) -> [String] {
        var table = TextTable(["", names.0, names.1, "change"])
        for row in rows {
            table.add([row.name, row.text(row.first), row.text(row.second), row.changeText])
        }
        var lines = table.lines
        lines[0] = style.bold(lines[0])
        if !differences.isEmpty {
            lines += ["", style.alarming("  the runs differ in more than their numbers:")]
            lines += differences.map { "  \($0)" }
        }
        return lines
    }
}
