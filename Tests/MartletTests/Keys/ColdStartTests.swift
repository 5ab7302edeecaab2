import JWT
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Requests that come before the keys (RFC 9110 §15.6.4)")
struct ColdStartTests {
    private let call = Message.call("whoami")

    @Test func `Requests wait for the keys that are being fetched, and are then answered`()
        async throws
    {
        let key = try SigningKey.named("a")
        try await withKeyServer(.held, loopCount: 2) { server, keyServer in
            let clients = try (0..<20).map { _ in try server.connect() }
            for client in clients { try client.send(.message(call, token: key.token())) }
            await keyServer.requests.wait(for: "/keys")
            // A loop that has answered this has read what came before.
            #expect(try server.exchange(.get("/readyz")).status == 503)
            #expect(!clients[0].socket.hasInput(withinMilliseconds: 0))

            keyServer.answer(.keys([key.keyMaterial]))
            keyServer.release()
            for client in clients {
                #expect(try client.receive().toolText == "ada in default")
                // The connection goes on as if nothing had been.
                #expect(
                    try client.exchange(.message(call, token: key.token("grace"))).toolText
                        == "grace in default"
                )
            }
            #expect(try server.exchange(.get("/readyz")).status == 200)
            #expect(keyServer.fetchCount == 1)
        }
    }

    @Test func `A token that waited and proves to be forged is not believed`() async throws {
        let key = try SigningKey.named("a")
        let forger = try SigningKey.named("a")
        try await withKeyServer(.held) { server, keyServer in
            let client = try server.connect()
            try client.send(.message(call, token: forger.token()))
            await keyServer.requests.wait(for: "/keys")
            keyServer.answer(.keys([key.keyMaterial]))
            keyServer.release()
            let response = try client.receive()
            #expect(response.status == 401)
            #expect(response["WWW-Authenticate"]?.contains("invalid_token") == true)
        }
    }

    @Test func `What a request waits for no longer than the limit is answered with 503`()
        async throws
    {
        let key = try SigningKey.named("a")
        try await withKeyServer(.held, { $0.transport.decisionSeconds = 2 }) { server, keyServer in
            let client = try server.connect()
            let response = try client.exchange(.message(call, token: key.token()))
            #expect(response.status == 503)
            #expect(response["Retry-After"] == "5")
            #expect(response["WWW-Authenticate"] == nil)
            #expect(response["Connection"] == nil)

            keyServer.answer(.keys([key.keyMaterial]))
            keyServer.release()
            _ = try await server.waitForStatus(200, token: key.token())
            #expect(try client.exchange(.message(call, token: key.token())).status == 200)
        }
    }

    @Test func `An issuer that is down at the start: 503, never 401, and then its return`()
        async throws
    {
        let key = try SigningKey.named("a")
        try await withKeyServer(.status(500)) { server, keyServer in
            for _ in 0..<5 {
                let response = try server.exchange(call, token: key.token())
                #expect(response.status == 503)
                let seconds = try #require(response["Retry-After"].flatMap { Int($0) })
                #expect((1...61).contains(seconds))
            }
            // It has failed once: what needs no key of that issuer is served.
            #expect(try server.exchange(.get("/readyz")).status == 200)
            #expect(try server.exchange(call, token: nil).status == 401)
            keyServer.answer(.keys([key.keyMaterial]))
            _ = try await server.waitForStatus(200, token: key.token())
        }
    }

    @Test func `One issuer that is down is nothing to the tokens of another`() async throws {
        let key = try SigningKey.named("a")
        try await withKeyServer(
            .status(500),
            {
                $0.issuers.append(
                    .remote(.keys([key.keyMaterial]), named: "https://other.example")
                )
            }
        ) { server, keyServer async throws in
            await keyServer.requests.wait(for: "/keys")
            #expect(try server.exchange(call, token: key.token()).status == 503)
            let other = key.token(issuer: "https://other.example")
            #expect(try server.exchange(call, token: other).status == 200)
        }
    }

    @Test func `As many requests wait as may, and one more is sent away`() async throws {
        let key = try SigningKey.named("a")
        try await withKeyServer(.held, { $0.keyRefresh.waitingRequestCountMax = 2 }) {
            server,
            keyServer in
            let clients = try (0..<2).map { _ in try server.connect() }
            for client in clients {
                try client.send(.message(call, token: key.token()))
                _ = try server.exchange(.get("/healthz"))
            }
            #expect(try server.exchange(call, token: key.token()).status == 503)
            // Whoever leaves makes room.
            clients[0].socket.reset()
            let next = try server.connect()
            try await eventually {
                do {
                    try next.send(.message(call, token: key.token()))
                    return !next.socket.hasInput(withinMilliseconds: 20)
                } catch {
                    return false
                }
            }
            keyServer.answer(.keys([key.keyMaterial]))
            keyServer.release()
            #expect(try clients[1].receive().status == 200)
        }
    }

    @Test func `A resumed request is decided as any other, before its body`() async throws {
        let key = try SigningKey.named("a")
        try await withKeyServer(.held) { server, keyServer in
            let client = try server.connect()
            let message = Request.message(
                .call("write"),
                token: key.token(role: nil, scope: "list:tools call:tools")
            )
            // The head alone: its body never comes.
            try client.send(message.with { $0.body = nil }.adding("Content-Length", "100"))
            await keyServer.requests.wait(for: "/keys")
            keyServer.answer(.keys([key.keyMaterial]))
            keyServer.release()
            let response = try client.receive()
            #expect(response.status == 403)
            let challenge = try #require(response["WWW-Authenticate"])
            #expect(challenge.contains("error=\"insufficient_scope\""))
            #expect(challenge.contains("create:todos"))
        }
    }

    @Test func `A resumed request counts against its subject's share`() async throws {
        let key = try SigningKey.named("a")
        try await withKeyServer(
            .held,
            { $0.requestsPerSubject = RateLimit(perSecond: 1, burst: 1) }
        ) { server, keyServer in
            let clients = try (0..<2).map { _ in try server.connect() }
            for client in clients { try client.send(.message(call, token: key.token())) }
            await keyServer.requests.wait(for: "/keys")
            _ = try server.exchange(.get("/healthz"))
            keyServer.answer(.keys([key.keyMaterial]))
            keyServer.release()
            let statuses = try clients.map { try $0.receive().status }
            #expect(statuses.sorted() == [200, 429])
        }
    }

    @Test func `A server that stops answers those who wait`() async throws {
        let key = try SigningKey.named("a")
        try await withKeyServer(.held, { $0.transport.decisionSeconds = 5 }) { server, keyServer in
            let client = try server.connect()
            try client.send(.message(call, token: key.token()))
            await keyServer.requests.wait(for: "/keys")
            _ = try server.exchange(.get("/healthz"))
            async let stopped: Void = server.server.stop()
            let response = try client.receive()
            #expect(response.status == 503)
            #expect(response["Connection"] == "close")
            client.socket.close()
            await stopped
        }
    }
}
