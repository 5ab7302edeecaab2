import AccessControl
import JWT
import Libuv
import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("For whom a process on standard input acts", .timeLimit(.minutes(2)))
struct StdioIdentityTests {
    private func call(_ tool: String) -> String {
        Message.modern("tools/call", params: #""name":"\#(tool)""#).body
    }

    private func withKeys(_ body: (APIKeyFile) async throws -> Void) async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("api-keys.json")
            try file.replace("{\"keys\": []}")
            try await body(APIKeyFile(path: file.path))
        }
    }

    @Test func `The bearer of the token calls`() async throws {
        let talk = try StdioTalk(as: .token(token("grace", workspace: nil)), features: .few)
        #expect(try talk.exchange(call("whoami")).toolText == "grace in default")
        try talk.endInput()
        _ = try await talk.finish()
    }

    @Test func `A role without a token is somebody local, with that role's rights`() async throws {
        let talk = try StdioTalk(as: .role("readonly"), features: .few)
        #expect(try talk.exchange(call("whoami")).toolText == "local in default")
        let refused = try talk.exchange(call("write"))
        #expect(refused["error"]?["code"]?.integer == -32_600)
        #expect(refused["error"]?["message"]?.string?.hasPrefix("Forbidden: ") == true)
        try talk.endInput()
        _ = try await talk.finish()
    }

    @Test func `A scope that would help is named`() async throws {
        let scoped = try token(role: nil, scope: "call:tools list:tools read:todos")
        let talk = try StdioTalk(as: .token(scoped), features: .few)
        let message = try talk.exchange(call("write"))["error"]?["message"]?.string
        #expect(message?.contains("create:todos") == true)
        try talk.endInput()
        _ = try await talk.finish()
    }

    @Test func `A token that is not good keeps the server from starting, with the reason`()
        async throws
    {
        let wrong: [(StdioCredentials, StdioError)] = [
            (.token(try token(audience: "https://other.example")), .token(.wrongAudience)),
            (.token(try token(issuer: "https://other.example")), .token(.untrustedIssuer)),
            (
                .token(try token(secret: Array("another secret of thirty-two bytes".utf8))),
                .token(.invalidSignature)
            ),
            (.token("not a token"), .malformedToken),
            (
                .role("emperor"),
                .unknownRole("emperor", known: ["admin", "user", "readonly"])
            ),
        ]
        for (credentials, error) in wrong {
            let talk = try StdioTalk(as: credentials)
            await #expect(throws: error) { try await talk.waitForEnd() }
        }
        let talk = try StdioTalk(as: .token(token(expiresInSeconds: -100)))
        await #expect(throws: StdioError.self) { try await talk.waitForEnd() }
    }

    @Test func `When the token expires requests are refused and streams end`() async throws {
        let brief = try token(expiresInSeconds: 5)
        let talk = try StdioTalk(as: .token(brief)) { $0.clockSkewSeconds = 0 }
        let listen = Message.modern(
            "subscriptions/listen",
            params: #""notifications":{"toolsListChanged":true}"#,
            id: "5"
        ).body
        #expect(
            try talk.exchange(listen).method == "notifications/subscriptions/acknowledged"
        )
        // The server says so by itself when the time has come.
        #expect(try talk.receive()?["id"]?.integer == 5)
        #expect(try talk.receive()?.method == "notifications/cancelled")
        let refused = try talk.exchange(call("report"))
        #expect(refused["error"]?["code"]?.integer == -32_600)
        #expect(refused["error"]?["message"]?.string == "Unauthorized: the token has expired")
        try talk.endInput()
        _ = try await talk.finish()
    }

    @Test func `The bearer of an API key calls, until it is revoked`() async throws {
        try await withKeys { keys in
            let holder = APIKeyHolder(name: "editor", roles: ["readonly"])
            let key = try keys.create(for: holder, nowSeconds: 1, expiresSeconds: nil)
            let talk = try StdioTalk(as: .apiKey(key.text), features: .few) {
                $0.apiKeysPath = keys.path
            }
            #expect(try talk.exchange(call("whoami")).toolText == "editor in default")
            let refused = try talk.exchange(call("write"))["error"]?["message"]?.string
            #expect(refused?.hasPrefix("Forbidden: ") == true)
            _ = try keys.revoke("editor")
            try await eventually {
                let answer = try? talk.exchange(call("whoami"))
                let message = answer?["error"]?["message"]?.string
                return message == "Unauthorized: the API key is not known"
            }
            try talk.endInput()
            _ = try await talk.finish()
        }
    }

    @Test func `An API key that is not good keeps the server from starting`() async throws {
        try await withKeys { keys in
            let holder = APIKeyHolder(name: "editor", roles: ["readonly"])
            let expired = try keys.create(for: holder, nowSeconds: 1, expiresSeconds: 2)
            for (text, fault) in [
                (expired.text, StdioError.APIKeyFault.expired), ("no key", .unknown),
                ("", .unknown),
            ] {
                let talk = try StdioTalk(as: .apiKey(text)) { $0.apiKeysPath = keys.path }
                await #expect(throws: StdioError.apiKey(fault)) { try await talk.waitForEnd() }
            }
            #expect(throws: StdioError.noAPIKeys) { try StdioTalk(as: .apiKey(expired.text)) }
        }
    }
}
