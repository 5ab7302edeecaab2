import Foundation

/// Runs as one HTML document with charts, which loads nothing from anywhere.
public struct HTMLReport: Sendable {
    private let results: [RunResult]
    private let names: [String]

    /// - Parameter results: One run, or several to be compared, the first with each of the others.
    public init(_ results: [RunResult]) {
        self.results = results
        names = Self.names(of: results)
    }

    /// What runs are called beside each other: their labels, numbered where two are the same.
    public static func names(of results: [RunResult]) -> [String] {
        results.enumerated().map { index, result in
            let label = result.label.isEmpty ? "run \(index + 1)" : result.label
            let isUnique = results.filter { $0.label == result.label }.count == 1
            return isUnique || result.label.isEmpty ? label : "\(label) (\(index + 1))"
        }
    }

    public var html: String {
        let title = names.joined(separator: " · ")
        var html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>agentload: \(escaped(title))</title>
            <style>
            \(Self.styleSheet)
            </style>
            </head>
            <body>
            <main>
            <h1>\(escaped(title))</h1>

            """
        for result in results { html += description(of: result) }
        html += cards
        html += section(percentileChart)
        html += section(throughputChart)
        html += section(latencyChart)
        if results.contains(where: { $0.server != nil }) {
            html += section(processorChart)
            html += section(memoryChart)
        }
        for index in results.indices.dropFirst() { html += comparison(with: index) }
        for (result, name) in zip(results, names) { html += tables(of: result, name) }
        return html + "</main>\n</body>\n</html>\n"
    }

    private func description(of result: RunResult) -> String {
        let settings = result.settings
        let loop =
            settings.ratePerSecond.map { "open loop at \(decimal($0, 0)) calls/s" }
            ?? "closed loop, \(duration((settings.thinkSeconds ?? 0) * 1e6)) of thought"
        let parts = [
            settings.url, loop, "\(decimal(Double(settings.agents), 0)) agents",
            "\(decimal(settings.windowSeconds, 0)) s", "mix \(settings.mix)",
            "roles \(settings.roles)", "eras \(settings.eras)",
            "\(result.machine.coreCount) cores of \(result.machine.architecture), "
                + result.machine.system,
            result.startedAt.formatted(.iso8601),
        ]
        return "<p class=\"what\">\(escaped(parts.joined(separator: " · ")))</p>\n"
    }

    private var cards: String {
        func card(_ name: String, _ values: [String]) -> String {
            let values = values.enumerated().map { index, value in
                "<b class=\"t\(index % LineChart.colourCount)\">\(escaped(value))</b>"
            }
            return "<div><span>\(escaped(name))</span>\(values.joined())</div>\n"
        }
        func latency(_ percentile: Double) -> [String] {
            results.map {
                $0.summary.latency.microseconds(atPercentile: percentile).map(duration) ?? "–"
            }
        }
        var html = "<section class=\"cards\">\n"
        html += card("answers/s", results.map { decimal($0.summary.ratePerSecond, 0) })
        for percentile in [50, 99, 99.9] {
            html += card(percentileName(percentile), latency(percentile))
        }
        html += card("refused", results.map { count($0.summary.refused) })
        html += card("failed", results.map { count($0.summary.failed) })
        if results.contains(where: { $0.server != nil }) {
            html += card(
                "server CPU a call",
                results.map { $0.server.map { duration($0.microsecondsPerCall) } ?? "–" }
            )
        }
        return html + "</section>\n"
    }

    private func section(_ chart: LineChart) -> String {
        "<section>\n<h2>\(escaped(chart.title))</h2>\n<p>\(chart.legend)</p>\n\(chart.svg)</section>\n"
    }

    private func comparison(with index: Int) -> String {
        let comparison = Comparison(results[0], results[index])
        var html = "<section>\n<h2>\(escaped(names[0])) and \(escaped(names[index]))</h2>\n"
        if !comparison.differences.isEmpty {
            let list = comparison.differences.map(escaped).joined(separator: "<br>")
            html += "<p class=\"warn\">The runs differ in more than their numbers:<br>\(list)</p>\n"
        }
        html += table(
            ["", names[0], names[index], "change"],
            comparison.rows.map {
                [$0.name, $0.text($0.first), $0.text($0.second), $0.changeText]
            }
        )
        return html + "</section>\n"
    }

    private func tables(of result: RunResult, _ name: String) -> String {
        let percentiles = LatencyResult.tablePercentiles
        let rows = result.operations.map { row in
            [row.operation.rawValue] + [row.succeeded, row.refused, row.failed].map { count($0) }
                + percentiles.map { percentile in
                    row.succeeded == 0
                        ? "–"
                        : row.latency.microseconds(atPercentile: percentile).map(duration) ?? ""
                }
        }
        var html = "<section>\n<h2>\(escaped(name)), by operation</h2>\n"
        html += table(
            ["operation", "succeeded", "refused", "failed"] + percentiles.map(percentileName),
            rows
        )
        for (title, counts) in [
            ("Refused or failed because of", result.failures),
            ("Attempts that were made again because of", result.retries),
        ] where !counts.isEmpty {
            html += table([title, "calls"], counts.map { [$0.kind, count($0.count)] })
        }
        return html + "</section>\n"
    }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        var html = "<table>\n<tr>"
        html += head.map { "<th>\(escaped($0))</th>" }.joined() + "</tr>\n"
        for row in rows {
            html += "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
        }
        return html + "</table>\n"
    }
}

extension HTMLReport {
    /// Latency over the number of nines: what is rare has as much room as what is common.
    private var percentileChart: LineChart {
        func nines(_ percentile: Double) -> Double { -log10(max(1 - percentile / 100, 1e-12)) }
        let series = zip(results, names).map { result, name in
            LineChart.Series(
                name: name,
                points: result.summary.latency.curve.map {
                    (nines($0.percentile), Double($0.microseconds))
                }
            )
        }
        let last = series.compactMap { $0.points.last?.x }.max() ?? 1
        return LineChart(
            title: "Latency by percentile",
            series: series,
            xTicks: [0.0, 90, 99, 99.9, 99.99, 99.999].map {
                LineChart.Tick(
                    value: nines($0),
                    text: "\(decimal($0, $0 < 99.5 ? 0 : $0 < 99.95 ? 1 : $0 < 99.995 ? 2 : 3)) %"
                )
            },
            xRange: 0...max(last, 1),
            yScale: .logarithmic,
            yText: { duration($0) },
            xTitle: "of calls are answered within"
        )
    }

    private func chart(
        _ title: String,
        scale: LineChart.Scale = .linear,
        yText: @escaping (Double) -> String,
        _ lines: [(name: String, value: (RunResult.Second) -> Double?)]
    ) -> LineChart {
        var series: [LineChart.Series] = []
        for (result, name) in zip(results, names) {
            for line in lines {
                let full = [results.count > 1 ? name : "", line.name].filter { !$0.isEmpty }
                series.append(
                    LineChart.Series(
                        name: full.joined(separator: ", "),
                        points: result.seconds.enumerated().compactMap { index, second in
                            line.value(second).map { (Double(index + 1), $0) }
                        }
                    )
                )
            }
        }
        let last = Double(max(results.map(\.seconds.count).max() ?? 1, 2))
        let step = max(1, Int(last / 10))
        return LineChart(
            title: title,
            series: series,
            xTicks: stride(from: step, through: Int(last), by: step).map {
                LineChart.Tick(value: Double($0), text: "\($0)")
            },
            xRange: 1...last,
            yScale: scale,
            yText: yText,
            xTitle: "seconds"
        )
    }

    private var throughputChart: LineChart {
        var lines: [(name: String, value: (RunResult.Second) -> Double?)] = [
            ("answers/s", { Double($0.succeeded) })
        ]
        if results.contains(where: { $0.summary.refused + $0.summary.failed > 0 }) {
            lines.append(("refused or failed/s", { Double($0.refused + $0.failed) }))
        }
        if results.contains(where: { !$0.retries.isEmpty }) {
            lines.append(("made again/s", { Double($0.retried) }))
        }
        return chart("Throughput", yText: { decimal($0, 0) }, lines)
    }

    private var latencyChart: LineChart {
        chart(
            "Latency over time",
            scale: .logarithmic,
            yText: { duration($0) },
            [
                ("p50", { $0.succeeded > 0 ? Double($0.p50Microseconds) : nil }),
                ("p99", { $0.succeeded > 0 ? Double($0.p99Microseconds) : nil }),
            ]
        )
    }

    private var processorChart: LineChart {
        chart("Cores the server kept busy", yText: { decimal($0, 2) }, [("cores", \.serverCores)])
    }

    private var memoryChart: LineChart {
        chart(
            "Memory of the server",
            yText: { "\(decimal($0, 0)) MiB" },
            [("resident", { $0.serverResidentBytes.map { Double($0) / 1_048_576 } })]
        )
    }

    private static let styleSheet = """
        :root { color-scheme: light dark; --ink: #1d2430; --faint: #667; --line: #d8dce3;
          --c0: #1763c7; --c1: #d1620c; --c2: #14805e; --c3: #a3248a; --c4: #806000; --c5: #5b51c9; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e9ef; --faint: #9aa3b2; --line: #3a4250;
            --c0: #6aa9ff; --c1: #ff9d57; --c2: #4fd0a5; --c3: #f07fd9; --c4: #e0c05a; --c5: #aaa3ff; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); margin: 0; }
        main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
        h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
        h2 { font-size: 1.1rem; margin: 2.2rem 0 .3rem; }
        .what { color: var(--faint); margin: .2rem 0; font-size: .85rem; overflow-wrap: anywhere; }
        .warn { color: var(--c1); }
        .cards { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: 1.4rem; }
        .cards div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; }
        .cards span { display: block; color: var(--faint); font-size: .8rem; }
        .cards b { display: block; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
        svg { width: 100%; height: auto; display: block; }
        svg text { font: 11px system-ui, sans-serif; fill: var(--faint); }
        .grid { stroke: var(--line); stroke-width: 1; }
        .tick { stroke: var(--faint); stroke-width: 1; }
        .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
        .c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); }
        .c3 { color: var(--c3); } .c4 { color: var(--c4); } .c5 { color: var(--c5); }
        .cards:has(b + b) .t0 { color: var(--c0); } .cards:has(b + b) .t1 { color: var(--c1); }
        .cards:has(b + b) .t2 { color: var(--c2); } .cards:has(b + b) .t3 { color: var(--c3); }
        .cards:has(b + b) .t4 { color: var(--c4); } .cards:has(b + b) .t5 { color: var(--c5); }
        .key { margin-right: 1rem; font-size: .85rem; }
        .key i { display: inline-block; width: .9rem; height: .2rem; background: currentColor;
          margin-right: .4rem; vertical-align: middle; }
        table { border-collapse: collapse; margin: .6rem 0 1rem; font-size: .88rem;
          font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
        th, td { text-align: right; padding: .25rem .7rem; border-bottom: 1px solid var(--line);
          white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; }
        th { color: var(--faint); font-weight: 600; }
        """
}
