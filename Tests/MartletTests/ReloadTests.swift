import AccessControl
import JWT
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Keys and policy that are read again")
struct ReloadTests {
    private static let otherSecret = Array("another secret, of thirty-two bytes".utf8)
    private let whoami = Message.call("whoami")

    private static func trusting(_ secrets: [UInt8]...) -> [IssuerConfiguration] {
        [
            IssuerConfiguration(
                TestServer.issuer,
                audiences: [TestServer.audience],
                keys: secrets.map { .secret($0, algorithm: .hs256, keyID: nil) },
                workspace: .shared
            )
        ]
    }

    /// A policy that numbers its permissions otherwise, and lets only `auditor` call `whoami`.
    private static let strict = PolicyDocument(
        roles: [
            Role("auditor", .permissions([Permission("read:books"), .listTools, .callTools])),
            .readonly, .user, .admin,
        ],
        entries: [.init(.tool("whoami"), [AccessRule([Permission("read:books")])])]
    )

    @Test func `Keys are replaced on every loop without closing a connection`() async throws {
        try await withServer(loopCount: 2) { server in
            let clients = try (0..<8).map { _ in try server.connect() }
            let old = try token()
            let new = try token("grace", secret: Self.otherSecret)
            for client in clients {
                #expect(try client.exchange(.message(whoami, token: old)).status == 200)
                #expect(try client.exchange(.message(whoami, token: new)).status == 401)
            }
            try await server.server.reload(
                issuers: Self.trusting(Self.otherSecret),
                policy: PolicyDocument(),
                shadowPolicy: nil
            )
            for client in clients {
                // It was remembered, which counts no longer.
                #expect(try client.exchange(.message(whoami, token: old)).status == 401)
                let answer = try client.exchange(.message(whoami, token: new))
                #expect(answer.toolText == "grace in default")
            }
        }
    }

    @Test func `A policy is replaced on every loop, with what its refusals name`() async throws {
        try await withServer(loopCount: 2) { server in
            let clients = try (0..<8).map { _ in try server.connect() }
            let user = try token()
            let auditor = try token("grace", role: "auditor")
            let narrow = try token("bob", role: "auditor", scope: "list:tools call:tools")
            for client in clients {
                #expect(try client.exchange(.message(whoami, token: user)).status == 200)
                #expect(try client.exchange(.message(whoami, token: auditor)).status == 403)
            }
            try await server.server.reload(
                issuers: TestServer.configuration.issuers,
                policy: Self.strict,
                shadowPolicy: nil
            )
            for client in clients {
                #expect(try client.exchange(.message(whoami, token: user)).status == 403)
                #expect(try client.exchange(.message(whoami, token: auditor)).status == 200)
                let refusal = try client.exchange(.message(whoami, token: narrow))
                #expect(refusal.status == 403)
                #expect(refusal["WWW-Authenticate"]?.contains("read:books") == true)
                let challenge = try client.exchange(.message(whoami, token: nil))
                #expect(challenge["WWW-Authenticate"]?.contains("read:books") == true)
            }
        }
    }

    @Test func `What is mistaken changes nothing`() async throws {
        try await withServer { server throws in
            let unknown = PolicyDocument(entries: [.init(.tool("whoareyou"), [])])
            await #expect(throws: ConfigurationError.self) {
                try await server.server.reload(
                    issuers: Self.trusting(Self.otherSecret),
                    policy: unknown,
                    shadowPolicy: nil
                )
            }
            await #expect(throws: ConfigurationError.self) {
                try await server.server.reload(
                    issuers: Self.trusting(Array("short".utf8)),
                    policy: Self.strict,
                    shadowPolicy: nil
                )
            }
            await #expect(throws: ConfigurationError.noIssuer) {
                try await server.server.reload(
                    issuers: [],
                    policy: Self.strict,
                    shadowPolicy: nil
                )
            }
            await #expect(throws: ConfigurationError.fetchedKeysChanged) {
                try await server.server.reload(
                    issuers: [.remote(.keySetURL("http://127.0.0.1:1/keys"))],
                    policy: PolicyDocument(),
                    shadowPolicy: nil
                )
            }
            #expect(try server.exchange(whoami, token: token()).status == 200)
        }
    }

    @Test func `A request is judged to its end by what its head was judged by`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let request = Request.message(whoami, token: try token())
            let text = request.text
            let bodyStart = try #require(text.firstRange(of: "\r\n\r\n")).upperBound
            try client.socket.send(String(text[..<bodyStart]))
            // An answer on another connection shows that the loop has read the head.
            #expect(try server.exchange(.get("/healthz")).status == 200)
            try await server.server.reload(
                issuers: TestServer.configuration.issuers,
                policy: Self.strict,
                shadowPolicy: nil
            )
            try client.socket.send(String(text[bodyStart...]))
            #expect(try client.receive().toolText == "ada in default")
            #expect(try client.exchange(request).status == 403)
        }
    }

    @Test func `A call that runs is finished`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(.message(.call("wait"), token: token()))
            await server.gate.wait(forArrivals: 1)
            try await server.server.reload(
                issuers: Self.trusting(Self.otherSecret),
                policy: Self.strict,
                shadowPolicy: nil
            )
            server.gate.open()
            #expect(try client.receive().toolText == "waited")
        }
    }

    @Test func `A stream that listens ends in order, and its client subscribes again`()
        async throws
    {
        try await withServer(features: .talking) { server in
            let talk = try StreamTalk(server)
            let listen = Request.message(
                .modern("subscriptions/listen", params: #""notifications":{}"#),
                token: talk.token
            )
            let client = try talk.open(listen)
            _ = try client.receiveEvent()
            try await server.server.reload(
                issuers: TestServer.configuration.issuers,
                policy: PolicyDocument(),
                shadowPolicy: nil
            )
            #expect(try client.receiveEvent()?.json?["result"] != nil)
            #expect(try client.receiveEvent() == nil)
            _ = try talk.open(listen)
        }
    }

    @Test func `Keys that were fetched are known to the new authenticators`() async throws {
        let key = try SigningKey.named("a")
        try await withKeyServer(.keys([key.keyMaterial]), loopCount: 2) { server, keyServer in
            _ = try await server.waitForStatus(200, token: key.token())
            let clients = try (0..<8).map { _ in try server.connect() }
            for client in clients {
                #expect(try client.exchange(.message(whoami, token: key.token())).status == 200)
            }
            try await server.server.reload(
                issuers: [.remote(.keySetURL(keyServer.url))],
                policy: PolicyDocument(),
                shadowPolicy: nil
            )
            for client in clients {
                #expect(try client.exchange(.message(whoami, token: key.token())).status == 200)
            }
            #expect(keyServer.fetchCount == 1)
        }
    }

    @Test func `The deny list is looked at with the reload`() async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("deny.jsonl")
            try file.replace("")
            try await withServer(loopCount: 2) {
                $0.denyListPath = file.path
                $0.transport.tickMilliseconds = 20
            } _: { server in
                let token = try token()
                #expect(try server.exchange(whoami, token: token).status == 200)
                try file.replace(#"{"iss":"\#(TestServer.issuer)","sub":"ada"}"# + "\n")
                try await server.server.reload(
                    issuers: TestServer.configuration.issuers,
                    policy: PolicyDocument(),
                    shadowPolicy: nil
                )
                #expect(try server.exchange(whoami, token: token).status == 401)
            }
        }
    }
}
