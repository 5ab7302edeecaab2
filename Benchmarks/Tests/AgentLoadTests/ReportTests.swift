import AgentLoad
import Foundation
import Libuv
import Testing

@Suite("Reports")
struct ReportTests {
    private func result(
        _ label: String,
        microseconds: UInt64 = 100,
        failed: Bool = false,
        agents: Int = 3
    ) throws -> RunResult {
        var tally = Tally()
        for _ in 0..<200 { tally.note(.succeeded, of: .listTodos, microseconds: microseconds) }
        if failed { tally.note(.failed(.status(500)), of: .addTodo, microseconds: 1) }
        let plan = LoadPlan(
            address: .ipv4(host: "127.0.0.1", port: 1),
            host: "127.0.0.1:1",
            path: "/mcp",
            agentCount: agents,
            operations: try Mix("list_todos"),
            roles: try Mix("admin"),
            eras: try Mix("modern"),
            mint: .given([])
        )
        let phase = LoadPhase(
            loop: .open(ratePerSecond: 100, spacing: .even),
            warmUpNanoseconds: 0,
            windowNanoseconds: 2_000_000_000,
            drainNanoseconds: 0
        )
        let measurement = Measurement(
            startedAt: Date(timeIntervalSince1970: 0),
            phase: phase,
            tally: tally
        )
        return RunResult(measurement, plan, url: "http://127.0.0.1:1/mcp", label: label)
    }

    @Test func `A label cannot become markup`() throws {
        let label = "<script>alert(\"1\")</script> & 'more'"
        let html = HTMLReport([try result(label), try result("other")]).html
        #expect(!html.contains("<script"))
        #expect(
            html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;")
        )
    }

    @Test func `A report loads nothing and has a chart of the latencies`() throws {
        let html = HTMLReport([try result("one")]).html
        #expect(html.contains("<svg"))
        #expect(html.contains("Latency by percentile"))
        for word in ["src=", "href=", "@import", "url(", "<script"] {
            #expect(!html.contains(word))
        }
    }

    @Test func `Runs of the same name are told apart`() throws {
        let results = [try result("x"), try result("y"), try result("x"), try result("")]
        #expect(HTMLReport.names(of: results) == ["x (1)", "y", "x (3)", "run 4"])
    }

    @Test func `A comparison says how much a number changed`() throws {
        let comparison = Comparison(
            try result("a", microseconds: 100),
            try result("b", microseconds: 150, failed: true)
        )
        let p99 = try #require(comparison.rows.first { $0.name == "p99" })
        #expect(p99.first == 100)
        #expect(p99.second == 150)
        #expect(p99.change == 0.5)
        let failed = try #require(comparison.rows.first { $0.name == "failed" })
        #expect(failed.second == 1)
        #expect(failed.change == nil)
        #expect(comparison.differences == [])
        let lines = comparison.lines(("a", "b"), style: .plain)
        #expect(lines.contains { $0.contains("p99") && $0.hasSuffix("100 µs  150 µs  +50.0 %") })
    }

    @Test func `Runs that were not made alike are said to differ`() throws {
        let comparison = Comparison(try result("a"), try result("b", agents: 4))
        #expect(comparison.differences == ["agents: 3 and 4"])
    }

    @Test func `What is written to a file is read again`() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("agentload-\(UUID().uuidString).json").path
        let written = try result("kept", failed: true)
        try ResultFile.write(try ResultFile.encode(written), to: path)
        let read = try ResultFile.read(path)
        try FileManager.default.removeItem(atPath: path)
        #expect(try ResultFile.encode(read) == ResultFile.encode(written))
        #expect(read.summary.failed == 1)
        #expect(read.summary.ratePerSecond == 100)
    }

    @Test func `A file that is no result is refused with its name`() throws {
        #expect(throws: ResultFileError.unreadable(path: "/nonexistent")) {
            try ResultFile.read("/nonexistent")
        }
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("agentload-\(UUID().uuidString).json").path
        try ResultFile.write("{}", to: path)
        #expect(throws: ResultFileError.malformed(path: path)) { try ResultFile.read(path) }
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `A rate is held only without failures and within the latency`() throws {
        let criterion = LimitCriterion(percentile: 99, microsecondsMax: 100)
        #expect(criterion.fault(of: try result("", microseconds: 100)) == nil)
        #expect(criterion.fault(of: try result("", microseconds: 101)) == "p99 of 101 µs")
        #expect(
            criterion.fault(of: try result("", failed: true)) == "1 refused or failed: status 500"
        )
    }
}
