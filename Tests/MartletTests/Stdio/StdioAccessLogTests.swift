import Bytes
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("What is recorded of lines", .timeLimit(.minutes(2)))
struct StdioAccessLogTests {
    private func run(_ format: AccessLogFormat) async throws -> [String] {
        let output = LogOutput()
        let talk = try StdioTalk(as: .token(token("grace"))) {
            $0.accessLog = format
            $0.accessLogOutput = { output.append($0) }
        }
        _ = try talk.exchange(
            Message.modern("tools/call", params: #""name":"region""#, id: "1").body
        )
        _ = try talk.exchange(
            Message.modern("tools/call", params: #""name":"secret name""#, id: "2").body
        )
        _ = try talk.exchange("no json, and perhaps a secret")
        try talk.send(Message.legacy("notifications/cancelled", params: "", id: nil).body)
        try talk.endInput()
        _ = try await talk.finish()
        return output.text.split(separator: "\n").map(String.init)
    }

    @Test func `Each message is a line with who asked for what, and how it ended`() async throws {
        let lines = try await run(.text).map { $0.split(separator: " ").map(String.init) }
        // Without the time at the beginning and the duration at the end.
        #expect(
            lines.map { $0.dropFirst().dropLast().joined(separator: " ") } == [
                "stdio grace - - tools/call region 200", "stdio grace - - tools/call -32602",
                "stdio grace - - - -32700", "stdio grace - - notifications/cancelled 202",
            ]
        )
    }

    @Test func `The same as JSON, and nothing of what a message holds`() async throws {
        let lines = try await run(.json)
        let records = try lines.map { try JSONTree($0) }
        #expect(records.map { $0["subject"]?.string } == ["grace", "grace", "grace", "grace"])
        #expect(records.map { $0["tool"]?.string } == ["region", nil, nil, nil])
        #expect(records.map { $0["error"]?.integer } == [nil, -32_602, -32_700, nil])
        #expect(!lines.joined().contains("secret"))
    }
}
