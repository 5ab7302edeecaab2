import AccessControl
import Libuv
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("API keys on the wire")
struct APIKeyAuthenticationTests {
    /// Long after any file was written.
    private static let later: Int64 = 32_503_680_000

    private let whoami = Message.call("whoami")

    @Test func `Each role may do with a key what it may with a token`() async throws {
        try await withKeys { server, keys in
            let readonly = try make(keys, "reader", roles: ["readonly"])
            let user = try make(keys, "writer", roles: ["user"])
            let stranger = try make(keys, "stranger", roles: ["nobody"])
            await server.server.lookAtAccessLists(nowSeconds: Self.later)

            #expect(try answer(server, whoami, readonly).toolText == "reader in default")
            #expect(try answer(server, whoami, user).toolText == "writer in default")
            #expect(try answer(server, .call("write"), user).toolText == "written")
            for (key, message) in [(readonly, Message.call("write")), (stranger, whoami)] {
                let refusal = try answer(server, message, key)
                #expect(refusal.status == 403)
                // No wider scope could help: there is none to ask for.
                #expect(refusal["WWW-Authenticate"] == nil)
            }
            #expect(server.journal.count(of: "written") == 1)
        }
    }

    @Test func `A key works in its workspace, with the permissions that were left to it`()
        async throws
    {
        try await withKeys { server, keys in
            let team = try #require(Workspace("team"))
            let holder = APIKeyHolder(
                name: "ci",
                roles: ["user"],
                permissions: ["read:todos", "call:tools"],
                workspace: team
            )
            let key = try keys.create(for: holder, nowSeconds: 1, expiresSeconds: nil)
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(try answer(server, whoami, key.text).toolText == "ci in team")
            #expect(try answer(server, .call("write"), key.text).status == 403)
        }
    }

    @Test func `A key is good from the tick after it is made to the one after it is revoked`()
        async throws
    {
        try await withKeys { server, keys in
            let clients = try (0..<16).map { _ in try server.connect() }
            let key = try make(keys, "ci")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            for client in clients {
                // Twice: the second is answered from memory.
                for _ in 0..<2 {
                    #expect(try client.exchange(request(whoami, key)).status == 200)
                }
            }
            _ = try keys.revoke("ci")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            for client in clients {
                let refusal = try client.exchange(request(whoami, key))
                #expect(refusal.status == 401)
                let challenge = try #require(refusal["WWW-Authenticate"])
                #expect(challenge.hasPrefix("Bearer error=\"invalid_token\", "))
                #expect(challenge.contains("error_description=\"the API key is not known\""))
                #expect(challenge.contains("resource_metadata="))
            }
        }
    }

    @Test func `A key that has expired is refused, and says so to its bearer only`() async throws {
        try await withKeys { server, keys in
            let key = try keys.create(
                for: APIKeyHolder(name: "ci", roles: ["user"]),
                nowSeconds: 1,
                expiresSeconds: 2
            )
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            let refusal = try answer(server, whoami, key.text)
            #expect(refusal.status == 401)
            #expect(refusal["WWW-Authenticate"]?.contains("the API key has expired") == true)

            var generator = SystemRandomNumberGenerator()
            let guess = APIKey(id: key.id, secret: APIKey.random(using: &generator).secret)
            let other = try answer(server, whoami, guess.text)
            #expect(other.status == 401)
            #expect(other["WWW-Authenticate"]?.contains("not known") == true)
        }
    }

    @Test func `A key with another's secret is refused, also after the right one was seen`()
        async throws
    {
        try await withKeys { server, keys in
            let key = try APIKey(make(keys, "ci").utf8.span)
            let other = try APIKey(make(keys, "cd").utf8.span)
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(try answer(server, whoami, key.text).status == 200)
            let mixed = APIKey(id: key.id, secret: other.secret)
            #expect(try answer(server, whoami, mixed.text).status == 401)
            #expect(try answer(server, whoami, key.text).status == 200)
        }
    }

    @Test func `A key that was never given out is unknown`() async throws {
        try await withKeys { server, _ in
            var generator = SystemRandomNumberGenerator()
            let key = APIKey.random(using: &generator)
            let refusal = try answer(server, whoami, key.text)
            #expect(refusal.status == 401)
        }
    }

    @Test func `Two credentials, two keys or what is no key are an invalid request`() async throws {
        try await withKeys { server, keys in
            let key = try make(keys, "ci")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            let valid = request(whoami, key)
            for bad in [
                valid.adding("Authorization", "Bearer \(try token())"),
                valid.adding("Authorization", "Basic YTpi"),
                valid.adding("X-API-Key", key),
                request(whoami, ""),
                request(whoami, "x"),
                request(whoami, String(key.dropLast())),
                request(whoami, key + "A"),
                request(whoami, String(key.dropLast()) + (key.hasSuffix("A") ? "Q" : "A")),
                request(whoami, try token()),
            ] {
                let response = try server.exchange(bad)
                #expect(response.status == 400)
                let challenge = try #require(response["WWW-Authenticate"])
                #expect(challenge.hasPrefix("Bearer error=\"invalid_request\", "))
                #expect(challenge.contains("X-API-Key"))
            }
            #expect(try server.exchange(valid).status == 200)
        }
    }

    @Test func `A key is no bearer token`() async throws {
        try await withKeys { server, keys in
            let key = try make(keys, "ci")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(try answer(server, whoami, key).status == 200)
            #expect(try server.exchange(whoami, token: key).status == 401)
        }
    }

    @Test func `Tokens are accepted beside keys`() async throws {
        try await withKeys { server, _ in
            #expect(try server.exchange(whoami, token: token()).toolText == "ada in default")
            let none = try server.exchange(whoami, token: nil)
            #expect(none.status == 401)
            #expect(none["WWW-Authenticate"]?.contains("error") == false)
        }
    }

    @Test func `Where keys are switched off the field means nothing`() async throws {
        try await ScratchDirectory.lend { directory in
            let keys = APIKeyFile(path: directory.file("api-keys.json").path)
            let key = try make(keys, "ci")
            try await withServer { server in
                let alone = try server.exchange(request(whoami, key))
                #expect(alone.status == 401)
                #expect(alone["WWW-Authenticate"]?.contains("error") == false)
                let beside = Request.message(whoami, token: try token()).adding("X-API-Key", key)
                #expect(try server.exchange(beside).toolText == "ada in default")
            }
        }
    }

    @Test func `A browser may send the field only where keys are switched on`() async throws {
        let origin = "https://app.example"
        let preflight = Request.preflight(from: origin, fields: "x-api-key")
        try await withServer({ $0.allowedOrigins = [origin] }) { server in
            let fields = try server.exchange(preflight)["Access-Control-Allow-Headers"]
            #expect(fields?.contains("Authorization") == true)
            #expect(fields?.contains("X-API-Key") == false)
        }
        try await withKeys({ $0.allowedOrigins = [origin] }) { server, _ in
            let fields = try server.exchange(preflight)["Access-Control-Allow-Headers"]
            #expect(fields?.contains("X-API-Key") == true)
        }
    }

    @Test func `A key that is not accepted counts as a failed authentication, a good one does not`()
        async throws
    {
        let limit = RateLimit(perSecond: 1, burst: 2)
        try await withKeys({ $0.failedAuthenticationsPerPeer = limit }) { server, keys in
            let key = try make(keys, "ci")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            var generator = SystemRandomNumberGenerator()
            let wrong = APIKey.random(using: &generator).text
            let statuses = try (0..<4).map { _ in try answer(server, whoami, wrong).status }
            #expect(statuses.prefix(2) == [401, 401])
            #expect(statuses.contains(429))
            #expect(try answer(server, whoami, key).status == 200)
        }
    }

    @Test func `The limit per subject counts a key's requests`() async throws {
        let limit = RateLimit(perSecond: 1, burst: 2)
        try await withKeys({ $0.requestsPerSubject = limit }) { server, keys in
            let key = try make(keys, "ci")
            let other = try make(keys, "cd")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            let statuses = try (0..<4).map { _ in try answer(server, whoami, key).status }
            #expect(statuses.prefix(2) == [200, 200])
            #expect(statuses.contains(429))
            #expect(try answer(server, whoami, other).status == 200)
        }
    }

    @Test(
        arguments: [
            #"{"iss": "martlet:api-key", "sub": "ci"}"#,
            #"{"iss": "martlet:api-key", "issued-before": 1700000001}"#,
        ]
    )
    func `The deny list names keys as it names subjects`(entry: String) async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("deny.jsonl")
            try file.replace("")
            try await withKeys({ $0.denyListPath = file.path }) { server, keys in
                let key = try make(keys, "ci")
                await server.server.lookAtAccessLists(nowSeconds: Self.later)
                #expect(try answer(server, whoami, key).status == 200)
                try file.append(entry + "\n")
                await server.server.lookAtAccessLists(nowSeconds: Self.later)
                let refusal = try answer(server, whoami, key)
                #expect(refusal.status == 401)
                #expect(refusal["WWW-Authenticate"]?.contains("has been revoked") == true)
            }
        }
    }

    @Test func `A body that comes after its key was revoked is refused`() async throws {
        try await withKeys { server, keys in
            let key = try make(keys, "ci")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            let client = try server.connect()
            let request = request(.call("write"), key).adding("Expect", "100-continue")
            let body = request.body ?? ""
            try client.socket.send(String(request.text.dropLast(body.count)))
            #expect(try client.receive().status == 100)
            _ = try keys.revoke("ci")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            try client.socket.send(body)
            #expect(try client.receive().status == 401)
            #expect(server.journal.count(of: "written") == 0)
        }
    }

    @Test func `A key whose roles nobody knows draws a warning`() async throws {
        let output = LogOutput()
        try await withKeys(logger: output) { server, keys in
            let key = try make(keys, "ci", roles: ["nobody"])
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(output.text.contains("warning: 1 API keys permit nothing"))
            #expect(try answer(server, whoami, key).status == 403)
            #expect(!output.text.contains(key))
        }
    }

    @Test func `A file that is damaged later leaves the keys as they were`() async throws {
        let output = LogOutput()
        try await withKeys(logger: output) { server, keys in
            let key = try make(keys, "ci")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            try ScratchFile(path: keys.path).overwrite("{\"keys\": [")
            await server.server.lookAtAccessLists(nowSeconds: Self.later)
            #expect(try answer(server, whoami, key).status == 200)
            #expect(output.text.contains("error: cannot use the API keys \(keys.path)"))
        }
    }

    @Test func `A server does not start without the file, or with an issuer that keys stand for`()
        async throws
    {
        try await ScratchDirectory.lend { directory in
            let path = directory.file("api-keys.json").path
            let missing = await #expect(throws: ConfigurationError.self) {
                try await withServer({ $0.apiKeysPath = path }) { _ in }
            }
            #expect(missing.map { "\($0)".contains("martlet apikey create") } == true)
        }
        await #expect(throws: ConfigurationError.reservedIssuer("martlet:api-key")) {
            try await withServer({
                $0.issuers.append(TestServer.trusted("martlet:api-key"))
            }) { _ in }
        }
    }

    private func withKeys(
        _ configure: (inout ServerConfiguration) -> Void = { _ in },
        logger: LogOutput = LogOutput(),
        _ body: (TestServer, APIKeyFile) async throws -> Void
    ) async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("api-keys.json")
            try file.replace("{\"keys\": []}")
            try await withServer(
                loopCount: 2,
                logger: logger.logger,
                { configuration in
                    configuration.apiKeysPath = file.path
                    configure(&configuration)
                }
            ) { server in try await body(server, APIKeyFile(path: file.path)) }
        }
    }

    private func make(
        _ keys: APIKeyFile,
        _ name: String,
        roles: [String] = ["user"]
    ) throws -> String {
        try keys.create(
            for: APIKeyHolder(name: name, roles: roles),
            nowSeconds: 1_700_000_000,
            expiresSeconds: nil
        ).text
    }

    private func request(_ message: Message, _ key: String) -> Request {
        .message(message, token: nil).adding("X-API-Key", key)
    }

    private func answer(
        _ server: TestServer,
        _ message: Message,
        _ key: String
    ) throws -> Response {
        try server.exchange(request(message, key))
    }
}
