import JWT
import Libuv
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Revocation (RFC 6750 §3.1, RFC 7519 §4.1)")
struct RevocationTests {
    /// Long after any file was written.
    private static let later: Int64 = 32_503_680_000
    private static let issuedAt: Int64 = 1_700_000_000
    private static let issuer = "\"iss\": \"\(TestServer.issuer)\""

    private let call = Message.call("whoami")

    @Test(
        arguments: [
            "{\(issuer), \"jti\": \"7\"}",
            "{\(issuer), \"sub\": \"ada\"}",
            "{\(issuer), \"sub\": \"ada\", \"issued-before\": \(issuedAt + 1)}",
            "{\(issuer), \"issued-before\": \(issuedAt + 1)}",
        ]
    )
    func `What the list denies is refused from the next tick on, on every loop, though remembered`(
        entry: String
    ) async throws {
        try await withList { server, file in
            let ada = try dated("ada", id: "7", issuedAt: Self.issuedAt)
            let later = try dated("eve", id: "8", issuedAt: Self.issuedAt + 1)
            let clients = try connectToBothLoops(of: server)
            for client in clients {
                #expect(try client.exchange(.message(call, token: ada)).status == 200)
                #expect(try client.exchange(.message(call, token: later)).status == 200)
            }
            try file.append(entry + "\n")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            for client in clients {
                let refusal = try client.exchange(.message(call, token: ada))
                #expect(refusal.status == 401)
                let challenge = try #require(refusal["WWW-Authenticate"])
                #expect(challenge.hasPrefix("Bearer error=\"invalid_token\", "))
                #expect(challenge.contains("error_description=\"the token has been revoked\""))
                #expect(challenge.contains("resource_metadata="))
                #expect(try client.exchange(.message(call, token: later)).status == 200)
            }
        }
    }

    @Test func `Nobody else loses what the server remembers of him`() async throws {
        try await withList { server, file in
            let eve = try dated("eve", id: "8", issuedAt: Self.issuedAt)
            #expect(try server.exchange(call, token: eve).toolText == "eve in default")
            try file.append("{\(Self.issuer), \"sub\": \"ada\"}\n")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(try server.exchange(call, token: eve).toolText == "eve in default")
        }
    }

    @Test func `A token that is good again is let in when the list has stood for a tick`()
        async throws
    {
        try await withList("{\(Self.issuer), \"sub\": \"ada\"}\n") { server, file in
            let ada = try dated("ada", id: "7", issuedAt: Self.issuedAt)
            #expect(try server.exchange(call, token: ada).status == 401)
            try file.replace("# nobody\n")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(try server.exchange(call, token: ada).status == 200)
        }
    }

    @Test func `A token without iat is refused by any date`() async throws {
        try await withList("{\(Self.issuer), \"issued-before\": 0}\n") { server, _ in
            #expect(try server.exchange(call, token: token()).status == 401)
            let dated = try dated("ada", id: "7", issuedAt: 0)
            #expect(try server.exchange(call, token: dated).status == 200)
        }
    }

    @Test func `A body that comes after its token was revoked is refused`() async throws {
        try await withList { server, file in
            let client = try server.connect()
            let ada = try dated("ada", id: "7", issuedAt: Self.issuedAt)
            let request = Request.message(.call("write"), token: ada)
                .adding("Expect", "100-continue")
            let text = request.text
            let body = request.body ?? ""
            try client.socket.send(String(text.dropLast(body.count)))
            #expect(try client.receive().status == 100)

            try file.append("{\(Self.issuer), \"jti\": \"7\"}\n")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            try client.socket.send(body)
            let response = try client.receive()
            #expect(response.status == 401)
            #expect(response["WWW-Authenticate"]?.contains("revoked") == true)
            #expect(server.journal.count(of: "written") == 0)
        }
    }

    @Test func `A stream ends in order once its caller is denied`() async throws {
        try await withList { server, file in
            let ada = try dated("ada", id: "7", issuedAt: Self.issuedAt)
            let listen = Message.modern("subscriptions/listen", params: #""notifications":{}"#)
            let client = try server.connect()
            #expect(try client.exchange(.message(listen, token: ada)).status == 200)
            let acknowledged = try client.receiveEvent()
            #expect(acknowledged?.method == "notifications/subscriptions/acknowledged")
            try file.append("{\(Self.issuer), \"jti\": \"7\"}\n")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            let end = try #require(try client.receiveEvent())
            #expect(end.json?["result"]?["resultType"]?.string == "complete")
            #expect(try client.receiveEvent() == nil)
        }
    }

    @Test func `A revoked token counts as a failed authentication`() async throws {
        try await withList(
            "{\(Self.issuer), \"sub\": \"ada\"}\n",
            { $0.failedAuthenticationsPerPeer = RateLimit(perSecond: 1, burst: 2) }
        ) { server, _ in
            let ada = try dated("ada", id: "7", issuedAt: Self.issuedAt)
            let eve = try dated("eve", id: "8", issuedAt: Self.issuedAt)
            let statuses = try (0..<4).map { _ in try server.exchange(call, token: ada).status }
            #expect(statuses.prefix(2) == [401, 401])
            #expect(statuses.contains(429))
            #expect(try server.exchange(call, token: eve).status == 200)
        }
    }

    @Test func `A malformed list leaves the last one in force, and the log says so, not of whom`()
        async throws
    {
        let output = LogOutput()
        try await withList("{\(Self.issuer), \"sub\": \"ada\"}\n", logger: output) { server, file in
            let ada = try dated("ada", id: "7", issuedAt: Self.issuedAt)
            try file.replace("{\(Self.issuer), \"sub\": \"grace\"")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(try server.exchange(call, token: ada).status == 401)
            #expect(output.text.contains("error: cannot use the deny list \(file.path): line 1"))
            #expect(!output.text.contains("grace"))
        }
    }

    @Test func `An issuer that is not trusted draws a warning, since it may be misspelled`()
        async throws
    {
        let output = LogOutput()
        let entry = "{\"iss\": \"https://isuer.example\", \"sub\": \"ada\"}\n"
        try await withList(entry, logger: output) { server, _ in
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(output.text.contains("warning: the deny list names 1 issuers"))
        }
    }

    @Test func `A server does not start with a list that is missing or malformed`() async throws {
        try await ScratchDirectory.lend { directory in
            for text in [nil, "{"] {
                let file = directory.file("deny.jsonl")
                if let text { try file.replace(text) }
                let error = await #expect(throws: ConfigurationError.self) {
                    try await withServer({ $0.denyListPath = file.path }) { _ in }
                }
                #expect(error.map { "\($0)".contains(file.path) } == true)
            }
        }
    }

    private func withList(
        _ text: String = "",
        _ configure: (inout ServerConfiguration) -> Void = { _ in },
        logger: LogOutput = LogOutput(),
        _ body: (TestServer, ScratchFile) async throws -> Void
    ) async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("deny.jsonl")
            try file.replace(text)
            try await withServer(
                loopCount: 2,
                logger: logger.logger,
                { configuration in
                    configuration.denyListPath = file.path
                    configure(&configuration)
                }
            ) { server in try await body(server, file) }
        }
    }

    /// Enough connections that the kernel has given some to each of two loops.
    private func connectToBothLoops(of server: TestServer) throws -> [Client] {
        try (0..<16).map { _ in try server.connect() }
    }

    private func dated(_ subject: String, id: String, issuedAt: Int64) throws -> String {
        let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
        var claims = ClaimsSetBuilder()
        claims.set(.issuer, to: .string(TestServer.issuer))
        claims.set(.audience, to: .string(TestServer.audience))
        claims.set(.subject, to: .string(subject))
        claims.set(.expirationTime, to: .date(now.advanced(bySeconds: 3_600)))
        claims.set(.issuedAt, to: .date(NumericDate(seconds: issuedAt)))
        claims.set(.tokenID, to: .string(id))
        claims.set("role", to: .string("user"))
        let secret = TestServer.secret
        let signer = TokenSigner(key: try HMACKey(.hs256, secret: secret.span))
        return String(decoding: signer.sign(claims).bytes, as: UTF8.self)
    }
}
