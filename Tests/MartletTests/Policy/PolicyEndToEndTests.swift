import AccessControl
import JWT
import Libuv
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Policies over HTTP (RFC 6750 §3.1)")
struct PolicyEndToEndTests {
    private static let metadata =
        "resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/team/mcp\""

    /// `write` is for who may delete, and for colleagues where the text begins with "draft".
    private static func configure(_ configuration: inout ServerConfiguration) {
        configuration.publicURL = "https://mcp.example/team/mcp"
        configuration.roles.append(Role("cleaner", .permissions([.deleteTodos])))
        configuration.policy.set(
            [
                AccessRule([.deleteTodos]),
                AccessRule(
                    [.readTodos],
                    when: [
                        .claim("department", is: .equals("it")),
                        .argument("text", is: .prefix("draft")),
                    ]
                ),
            ],
            for: .tool("write")
        )
    }

    private func calls(_ text: String) -> [Message] {
        let arguments = #"{"text":"\#(text)"}"#
        return [
            .call("write", arguments: arguments),
            .legacy("tools/call", params: #""name":"write","arguments":\#(arguments)"#),
        ]
    }

    private func token(
        role: String?,
        scope: String? = nil,
        department: String? = nil
    ) throws -> String {
        let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
        var claims = ClaimsSetBuilder()
        claims.set(.issuer, to: .string(TestServer.issuer))
        claims.set(.audience, to: .string(TestServer.audience))
        claims.set(.subject, to: .string("ada"))
        claims.set(.expirationTime, to: .date(now.advanced(bySeconds: 600)))
        if let role { claims.set("role", to: .string(role)) }
        if let scope { claims.set(.scope, to: .string(scope)) }
        if let department { claims.set("department", to: .string(department)) }
        let secret = TestServer.secret
        let signer = TokenSigner(key: try HMACKey(.hs256, secret: secret.span))
        return String(decoding: signer.sign(claims).bytes, as: UTF8.self)
    }

    @Test func `Arguments decide after the body, in both eras`() async throws {
        try await withServer(Self.configure) { server in
            let colleague = try token(role: "readonly", department: "it")
            for message in calls("draft of a plan") {
                let response = try server.exchange(message, token: colleague)
                #expect(response.toolText == "written")
            }
            #expect(server.journal.count(of: "written") == 2)
            for message in calls("final") {
                let response = try server.exchange(message, token: colleague)
                #expect(response.status == 403)
                #expect(response["WWW-Authenticate"] == nil)
                #expect(response.json == nil)
            }
            #expect(server.journal.count(of: "written") == 2)
        }
    }

    @Test func `A claim decides before the body`() async throws {
        try await withServer(Self.configure) { server in
            for department in [nil, "hr", "IT"] {
                let stranger = try token(role: "readonly", department: department)
                let client = try server.connect()
                var request = Request.message(calls("draft")[0], token: stranger)
                    .adding("Expect", "100-continue").adding("Content-Length", "100000")
                request.body = nil
                let response = try client.exchange(request)
                #expect(response.status == 403)
                #expect(response["WWW-Authenticate"] == nil)
            }
            #expect(server.journal.count(of: "written") == 0)
        }
    }

    @Test func `What depends on arguments reads the body, and then challenges as before it`()
        async throws
    {
        try await withServer(Self.configure) { server in
            let narrow = try token(role: "readonly", scope: "list:tools", department: "it")
            for message in calls("draft") {
                let response = try server.exchange(message, token: narrow)
                #expect(response.status == 403)
                #expect(
                    response["WWW-Authenticate"] == """
                        Bearer error="insufficient_scope", scope="read:todos call:tools", \
                        \(Self.metadata)
                        """
                )
            }
            for message in calls("final") {
                let response = try server.exchange(message, token: narrow)
                #expect(response.status == 403)
                #expect(response["WWW-Authenticate"] == nil)
            }
            let admin = try token(role: "admin", scope: "list:tools")
            let response = try server.exchange(calls("final")[0], token: admin)
            #expect(
                response["WWW-Authenticate"] == """
                    Bearer error="insufficient_scope", scope="call:tools delete:todos", \
                    \(Self.metadata)
                    """
            )
        }
    }

    @Test func `The list shows what the caller may call with some arguments`() async throws {
        try await withServer(Self.configure) { server in
            func names(_ token: String) throws -> [String] {
                let response = try server.exchange(.modern("tools/list"), token: token)
                return response.result?["tools"]?.elements.compactMap { $0["name"]?.string } ?? []
            }
            let colleague = try token(role: "readonly", department: "it")
            #expect(try names(colleague).contains("write"))
            #expect(try !names(token(role: "user")).contains("write"))
        }
    }

    @Test func `Two tokens that differ in a claim are two callers`() async throws {
        try await withServer(Self.configure) { server in
            let colleague = try token(role: "readonly", department: "it")
            let stranger = try token(role: "readonly", department: "hr")
            let client = try server.connect()
            for _ in 0..<3 {
                let draft = calls("draft")[0]
                #expect(try client.exchange(.message(draft, token: colleague)).status == 200)
                #expect(try client.exchange(.message(draft, token: stranger)).status == 403)
            }
        }
    }

    @Test func `Metadata and challenge name the scopes that the policy asks for`() async throws {
        try await withServer({
            $0.policy.set([AccessRule([.updateTodos])], for: .tool("whoami"))
        }) { server in
            let path = "/.well-known/oauth-protected-resource"
            let scopes = try server.exchange(.get(path)).json?["scopes_supported"]?.elements
            #expect(
                scopes?.compactMap(\.string) == ["list:tools", "call:tools", "update:todos"]
            )
        }
    }

    @Test func `A policy that names what the server does not have keeps it from starting`() {
        func start(_ policy: PolicyDocument, _ shadowPolicy: PolicyDocument? = nil) throws {
            _ = try TestServer(loopCount: 1, logger: LogOutput().logger) { configuration in
                configuration.policy = policy
                configuration.shadowPolicy = shadowPolicy
            }
        }
        let misspelt = PolicyDocument(entries: [.init(.tool("writes"), [])])
        let error = #expect(throws: ConfigurationError.self) { try start(misspelt) }
        #expect(
            error?.description
                == """
                the policy is mistaken: tools.writes: the server has no tool "writes"; did you mean \
                "write"?
                """
        )
        let misplaced = PolicyDocument(entries: [.init(.prompt("p"), [])])
        let shadowError = #expect(throws: ConfigurationError.self) {
            try start(PolicyDocument(), misplaced)
        }
        #expect(
            shadowError?.description
                == "the shadow policy is mistaken: prompts.p: the server has no prompts"
        )
    }
}
