import AccessControl
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("A policy in the shadow of another")
struct ShadowPolicyTests {
    /// `write` for colleagues alone, `whoami` for nobody.
    private static func configure(_ configuration: inout ServerConfiguration) {
        configuration.shadowPolicy = PolicyDocument(
            entries: [
                .init(.tool("whoami"), []),
                .init(
                    .tool("write"),
                    [AccessRule([], when: [.argument("text", is: .equals("secret-plan"))])]
                ),
            ]
        )
    }

    @Test func `It changes no answer, and each difference is told once with its count`()
        async throws
    {
        let log = LogOutput()
        try await withServer(logger: log.logger, Self.configure) { server in
            let user = try token()
            for _ in 0..<3 {
                let response = try server.exchange(.call("whoami"), token: user)
                #expect(response.toolText == "ada in default")
            }
            let call = Message.call("write", arguments: #"{"text":"another-plan"}"#)
            #expect(try server.exchange(call, token: user).toolText == "written")
            let readonly = try token("bob", role: "readonly")
            let refused = Message.legacy(
                "tools/call",
                params: #""name":"write","arguments":{"text":"secret-plan"}"#
            )
            #expect(try server.exchange(refused, token: readonly).status == 403)
            #expect(try server.exchange(.modern("tools/list"), token: user).status == 200)
        }
        let lines = log.text.split(separator: "\n").filter { $0.contains("shadow policy") }
        let counted = lines.filter {
            $0.contains(
                #"shadow policy: "ada" of "https://issuer.example", tool whoami: allowed, would be"#
            )
        }
        #expect(counted.allSatisfy { $0.contains("would be forbidden (") })
        #expect(counted.compactMap(Self.count).reduce(0, +) == 3)
        #expect(lines.contains { $0.contains(#""ada""#) && $0.contains("tool write: allowed") })
        #expect(
            lines.contains {
                $0.contains(#""bob""#) && $0.contains("tool write: forbidden, would be allowed")
            }
        )
        #expect(lines.contains { $0.contains("5 differences in all") })
        #expect(!log.text.contains("plan"))
    }

    @Test func `More differences than lines in a second are counted`() async throws {
        let log = LogOutput()
        try await withServer(logger: log.logger, Self.configure) { server in
            let client = try server.connect()
            for number in 0..<200 {
                let token = try token("subject-\(number)")
                let response = try client.exchange(.message(.call("whoami"), token: token))
                #expect(response.status == 200)
            }
        }
        let lines = log.text.split(separator: "\n").filter { $0.contains("shadow policy") }
        let told = lines.compactMap(Self.count).reduce(0, +)
        let untold = lines.compactMap { line -> Int? in
            guard line.contains(" more differences in this second") else { return nil }
            return line.split(separator: " ").compactMap { Int($0) }.first
        }
        #expect(told + untold.reduce(0, +) == 200)
        // At most one group of ten lines a second, and the sending takes seconds at the very most.
        #expect(lines.count < 200)
    }

    @Test func `Without one nothing is told`() async throws {
        let log = LogOutput()
        try await withServer(logger: log.logger) { server in
            let token = try token()
            #expect(try server.exchange(.call("whoami"), token: token).status == 200)
        }
        #expect(!log.text.contains("shadow policy"))
    }

    /// The number before "now".
    private static func count(_ line: Substring) -> Int? {
        let words = line.split(separator: " ")
        guard let end = words.firstIndex(of: "now,"), end > 0 else { return nil }
        return Int(words[end - 1].drop { $0 == "(" })
    }
}
