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

    @Test func `No log is written where none is wanted`() async throws {
        #expect(try await lines(.none).isEmpty)
    }
}
