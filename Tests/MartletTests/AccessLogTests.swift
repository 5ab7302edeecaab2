import Martlet
import ProtocolTestSupport
import Testing

@Suite("Access log")
struct AccessLogTests {
    /// The lines of a server that was asked a few things, in the order of the asking.
    private func lines(_ format: AccessLogFormat) async throws -> [String] {
        let output = LogOutput()
        try await withServer({ configuration in
            configuration.accessLog = format
            configuration.accessLogOutput = { output.append($0) }
        }) { server in
            let client = try server.connect()
            let token = try token("ada lovelace")
            _ = try client.exchange(.message(.call("whoami"), token: token))
            _ = try client.exchange(.message(.modern("tools/list"), token: nil))
            _ = try client.exchange(.message(.legacy("ping"), token: token))
            _ = try client.exchange(.get("/nowhere"))
        }
        return output.text.split(separator: "\n").map(String.init)
    }

    @Test func `A record says who asked what and how it ended, as JSON`() async throws {
        let records = try await lines(.json).map { try JSONTree($0) }
        #expect(records.map { $0["status"]?.integer } == [200, 401, 200, 404])
        let call = try #require(records.first)
        #expect(call["subject"]?.string == "ada lovelace")
        #expect(call["issuer"]?.string == TestServer.issuer)
        #expect(call["peer"]?.string == "127.0.0.1")
        #expect(call["http_method"]?.string == "POST")
        #expect(call["path"]?.string == "/mcp")
        #expect(call["mcp_method"]?.string == "tools/call")
        #expect(call["tool"]?.string == "whoami")
        #expect(call["milliseconds"]?.integer != nil)
        #expect((call["time"]?.integer ?? 0) > 1_700_000_000)
        #expect(records[1]["subject"] == nil)
        #expect(records[3]["path"]?.string == "other")
    }

    @Test func `A record is one line of text with as many columns whoever asks`() async throws {
        let lines = try await lines(.text)
        let columns = lines.map { $0.split(separator: " ").dropFirst().dropLast() }
        #expect(
            columns[0] == [
                "127.0.0.1", "ada_lovelace", "POST", "/mcp", "tools/call", "whoami", "200",
            ]
        )
        #expect(columns[1] == ["127.0.0.1", "-", "POST", "/mcp", "tools/list", "401"])
        #expect(columns[2] == ["127.0.0.1", "ada_lovelace", "POST", "/mcp", "-", "200"])
        #expect(columns[3] == ["127.0.0.1", "-", "GET", "other", "-", "404"])
    }

    @Test func `A record names the trace that its request is part of, and no made-up one`()
        async throws
    {
        let output = LogOutput()
        let inField = "00-11111111111111111111111111111111-2222222222222222-01"
        let inBody = "00-33333333333333333333333333333333-4444444444444444-01"
        try await withServer({ configuration in
            configuration.accessLog = .json
            configuration.accessLogOutput = { output.append($0) }
        }) { server in
            let client = try server.connect()
            let meta = #"\#(Message.meta.dropLast()),"traceparent":"\#(inBody)"}"#
            for message in [
                Message.modern("tools/list").adding("traceparent", inField),
                .call("whoami").adding("traceparent", inField),
                .call("whoami", meta: meta).adding("TraceParent", inField),
                .call("whoami").adding("traceparent", "secret"),
                .call("whoami").adding("traceparent", inField).adding("traceparent", inBody),
            ] {
                _ = try client.exchange(.message(message, token: token()))
            }
        }
        let records = try output.text.split(separator: "\n").map { try JSONTree(String($0)) }
        let ones = String(repeating: "1", count: 32)
        let threes = String(repeating: "3", count: 32)
        #expect(records.map { $0["trace_id"]?.string } == [ones, ones, threes, nil, nil])
    }

    @Test func `No log is written where none is wanted`() async throws {
        #expect(try await lines(.none).isEmpty)
    }
}
