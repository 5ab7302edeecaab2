import Foundation
import Martlet
import ProtocolTestSupport
import Telemetry
import TestSupport
import Testing

@Suite("Audit log of a server")
struct AuditTests {
    private static let key = AuditKey.random()
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let traceparent = "00-\(trace)-00f067aa0ba902b7-01"

    /// The lines of a server that was asked a few things, between header and end.
    private func records(
        _ configure: (inout ServerConfiguration) -> Void = { _ in },
        _ ask: (TestServer, Client) throws -> Void
    ) async throws -> [JSONTree] {
        try await ScratchDirectory.lend { directory in
            let path = "\(directory.path)/audit.log"
            try await withServer({ configuration in
                configuration.audit = AuditConfiguration(path: path, key: Self.key)
                // No checkpoint falls into a test.
                configuration.transport.tickMilliseconds = 60_000
                configure(&configuration)
            }) { server in
                try ask(server, try server.connect())
            }
            let text = try String(contentsOfFile: path, encoding: .utf8)
            var verifier = AuditVerifier(key: Self.key.publicHalf)
            verifier.add(Array(text.utf8))
            let openEnds = verifier.finish()
            #expect(openEnds.isEmpty)
            #expect(verifier.faults.isEmpty)
            for secret in ["Bearer", "eyJhbGci", "hunter2"] { #expect(!text.contains(secret)) }
            return try text.split(separator: "\n").dropFirst().dropLast()
                .map { try JSONTree(String($0)) }
        }
    }

    @Test func `A call that is served is one record of who asked for what, and no argument`()
        async throws
    {
        let records = try await records { _, client in
            let call = Message.call("write", arguments: #"{"text":"hunter2"}"#)
            let request = Request.message(call, token: try token("ada lovelace"))
                .adding("traceparent", Self.traceparent)
            #expect(try client.exchange(request).status == 200)
        }
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record["decision"]?.string == "allowed")
        #expect(record["reason"] == nil)
        #expect(record["issuer"]?.string == TestServer.issuer)
        #expect(record["subject"]?.string == "ada lovelace")
        #expect(record["workspace"]?.string == "default")
        #expect(record["method"]?.string == "tools/call")
        #expect(record["name"]?.string == "write")
        #expect(record["peer"]?.string == "127.0.0.1")
        #expect(record["trace"]?.string == Self.trace)
        #expect(record["n"]?.integer == 1)
    }

    @Test func `Every refusal is one record that says why`() async throws {
        let list = Message.modern("tools/list")
        let records = try await records({ $0.allowedOrigins = [] }) { server, client in
            _ = try client.exchange(.message(list, token: nil))
            _ = try client.exchange(.message(list, token: "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"))
            _ = try client.exchange(.message(list, token: try token(expiresInSeconds: -3_600)))
            _ = try client.exchange(
                .message(.call("write"), token: try token(scope: "list:tools call:tools"))
            )
            _ = try client.exchange(.message(.call("write"), token: try token(role: "readonly")))
            // The same in the legacy era, where the body says what is wanted.
            _ = try client.exchange(
                .message(
                    .legacy("tools/call", params: #""name":"write""#),
                    token: try token(role: "readonly")
                )
            )
            _ = try client.exchange(
                .message(list, token: try token()).adding("Origin", "https://evil.example")
            )
            _ = try client.exchange(.message(.call("nothing"), token: try token()))
        }
        #expect(records.allSatisfy { $0["decision"]?.string == "refused" })
        #expect(
            records.map { $0["reason"]?.string ?? "" } == [
                "no_credentials", "invalid_token", "invalid_token", "insufficient_scope",
                "role_forbids", "role_forbids", "other_origin", "invalid_request",
            ]
        )
        #expect(records[2]["detail"]?.string == "the token has expired")
        #expect(records[0]["subject"] == nil)
        #expect(records[2]["subject"] == nil)
        #expect(records[3]["name"]?.string == "write")
        #expect(records[5]["name"]?.string == "write")
        #expect(records[5]["method"]?.string == "tools/call")
        #expect(records[7]["name"] == nil)
    }

    @Test func `Each message of a batch is a record, those of the legacy era name their method`()
        async throws
    {
        let records = try await records { _, client in
            let allowed = Message.legacy("tools/call", params: #""name":"whoami""#, id: "1").body
            let refused = Message.legacy("tools/call", params: #""name":"write""#, id: "2").body
            let ping = Message.legacy("ping", id: "3").body
            let batch = Message(body: "[\(allowed),\(refused),\(ping)]")
            let response = try client.exchange(
                .message(batch, token: try token(role: "readonly"))
            )
            #expect(response.status == 200)
        }
        #expect(records.map { $0["method"]?.string } == ["tools/call", "tools/call", "ping"])
        #expect(records.map { $0["decision"]?.string } == ["allowed", "refused", "allowed"])
        #expect(records.map { $0["name"]?.string } == ["whoami", "write", nil])
    }

    @Test func `A trace that cannot be read is none`() async throws {
        let records = try await records { _, client in
            for text in [
                "00-\(Self.trace)-00f067aa0ba902b7", "00-\(String(repeating: "0", count: 32))-1-01",
                "ff-\(Self.trace)-00f067aa0ba902b7-01",
                "00-\(Self.trace.uppercased())-00f067aa0ba902b7-01",
                "00-\(Self.trace)-0000000000000000-01", "00-\(Self.trace)-00f067aa0ba902b7-01-x",
            ] {
                let request = Request.message(.modern("tools/list"), token: try token())
                _ = try client.exchange(request.adding("traceparent", text))
            }
        }
        #expect(records.count == 6)
        #expect(records.allSatisfy { $0["trace"] == nil })
    }

    @Test func `Where a decision must be recorded and cannot be, nothing is served but health`()
        async throws
    {
        try await ScratchDirectory.lend { directory in
            var device = AuditConfiguration(path: "/dev/full", key: Self.key)
            device.loss = .isRefused
            // A server whose log cannot take its header does not start.
            #expect(throws: (any Error).self) {
                try TestServer(
                    loopCount: 1,
                    logger: LogOutput().logger
                ) { $0.audit = device }
            }

            var tight = AuditConfiguration(path: "\(directory.path)/audit.log", key: Self.key)
            tight.loss = .isRefused
            tight.waitingCountMax = 0
            try await withServer({ $0.audit = tight }) { server in
                let response = try server.exchange(.call("write"), token: token())
                #expect(response.status == 503)
                #expect(response["Retry-After"] == "1")
                let denied = try server.exchange(.modern("tools/list"), token: nil)
                #expect(denied.status == 503)
                #expect(try server.exchange(.get("/healthz")).status == 200)
                #expect(server.journal.events.isEmpty)
            }
        }
    }

    @Test func `The log goes on in a new file when it is reopened`() async throws {
        try await ScratchDirectory.lend { directory in
            let path = "\(directory.path)/audit.log"
            let old = "\(directory.path)/audit.log.1"
            try await withServer({
                $0.audit = AuditConfiguration(path: path, key: Self.key)
            }) { server in
                _ = try server.exchange(.modern("tools/list"), token: token())
                try FileManager.default.moveItem(atPath: path, toPath: old)
                server.server.reopenAuditLog()
                _ = try server.exchange(.modern("tools/list"), token: token())
            }
            for (file, isSecond) in [(old, false), (path, true)] {
                var verifier = AuditVerifier(key: Self.key.publicHalf)
                verifier.add(Array(try String(contentsOfFile: file, encoding: .utf8).utf8))
                let openEnds = verifier.finish()
                #expect(openEnds.isEmpty)
                #expect(verifier.faults.isEmpty)
                #expect(verifier.recordCount == 1)
                #expect(verifier.continuesOtherFile == isSecond)
            }
        }
    }
}
