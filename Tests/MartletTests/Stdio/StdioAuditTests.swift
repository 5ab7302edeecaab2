import Foundation
import Martlet
import ProtocolTestSupport
import Telemetry
import TestSupport
import Testing

@Suite("What is decided of lines, recorded", .timeLimit(.minutes(2)))
struct StdioAuditTests {
    private static let key = AuditKey.random()

    /// The records of a client's lines, of a chain that begins and ends as it should.
    private func records(
        as credentials: StdioCredentials? = nil,
        limit: RateLimit = .unlimited,
        _ talk: (StdioTalk) throws -> Void
    ) async throws -> [JSONTree] {
        try await ScratchDirectory.lend { directory in
            let path = "\(directory.path)/audit.log"
            let client = try StdioTalk(as: credentials, features: .few) { configuration in
                configuration.audit = AuditConfiguration(path: path, key: Self.key)
                // No checkpoint falls into a test.
                configuration.transport.tickMilliseconds = 60_000
                configuration.requestsPerSubject = limit
            }
            try talk(client)
            try client.endInput()
            _ = try await client.finish()
            let text = try String(contentsOfFile: path, encoding: .utf8)
            var verifier = AuditVerifier(key: Self.key.publicHalf)
            verifier.add(Array(text.utf8))
            let openEnds = verifier.finish()
            #expect(openEnds.isEmpty)
            #expect(verifier.faults.isEmpty)
            for secret in ["eyJ", "hunter2"] { #expect(!text.contains(secret)) }
            return try text.split(separator: "\n").dropFirst().dropLast()
                .map { try JSONTree(String($0)) }
        }
    }

    @Test func `A call is one record of who asked for what, and no argument`() async throws {
        let records = try await records(as: .token(token("grace"))) { talk in
            let call = Message.modern(
                "tools/call",
                params: #""name":"write","arguments":{"text":"hunter2"}"#,
                id: "1"
            )
            let answer = try talk.exchange(call.body)
            #expect(answer.toolText == "written")
        }
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record["decision"]?.string == "allowed")
        #expect(record["issuer"]?.string == TestServer.issuer)
        #expect(record["subject"]?.string == "grace")
        #expect(record["method"]?.string == "tools/call")
        #expect(record["name"]?.string == "write")
        #expect(record["peer"]?.string == "stdio")
    }

    @Test func `Each refusal is a record that says why, and each message of a batch is`()
        async throws
    {
        let write = Message.legacy("tools/call", params: #""name":"write""#, id: "1").body
        let ping = Message.legacy("ping", id: "2").body
        let records = try await records(as: .token(token(role: "readonly"))) { talk in
            try talk.beginSession("2025-03-26")
            _ = try talk.exchange(write)
            _ = try talk.exchange("[\(write),\(ping)]")
            _ = try talk.exchange("no json, and perhaps hunter2")
        }
        #expect(
            records.map { $0["method"]?.string ?? "" } == [
                "initialize", "tools/call", "tools/call", "ping", "",
            ]
        )
        #expect(
            records.map { $0["reason"]?.string ?? "" } == [
                "", "role_forbids", "role_forbids", "", "invalid_request",
            ]
        )
    }

    @Test func `Who asks too much is recorded with that`() async throws {
        let records = try await records(limit: RateLimit(perSecond: 1, burst: 1)) { talk in
            let list = Message.modern("tools/list", id: "1").body
            try talk.send(list, list)
            let first = try talk.receive()
            #expect(first?["result"] != nil)
            let second = try talk.receive()
            #expect(second?["error"] != nil)
        }
        #expect(records.map { $0["reason"]?.string } == [nil, "rate_limited"])
        #expect(records.map { $0["subject"]?.string } == ["ada", "ada"])
    }

    @Test func `Where a decision must be recorded and cannot be, nothing is done`() async throws {
        try await ScratchDirectory.lend { directory in
            var tight = AuditConfiguration(path: "\(directory.path)/audit.log", key: Self.key)
            tight.loss = .isRefused
            tight.waitingCountMax = 0
            let audit = tight
            let talk = try StdioTalk(features: .few) { $0.audit = audit }
            let call = Message.modern("tools/call", params: #""name":"write""#, id: "1").body
            let answer = try talk.exchange(call)
            let message = try #require(answer["error"]?["message"]?.string)
            #expect(message.contains("decisions cannot be recorded"))
            #expect(talk.journal.events.isEmpty)
            try talk.endInput()
            _ = try await talk.finish()
        }
    }
}
