import JWT
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Keys that change while the server runs (RFC 7517 §5)")
struct KeyRotationTests {
    private let call = Message.call("whoami")

    @Test func `A new key is fetched once, and none of its tokens is refused`() async throws {
        let old = try SigningKey.named("old")
        let new = try SigningKey.named("new")
        try await withKeyServer(.keys([old.keyMaterial]), loopCount: 2) { server, keyServer in
            #expect(try server.exchange(call, token: old.token()).status == 200)
            keyServer.answer(.keys([old.keyMaterial, new.keyMaterial]))
            let clients = try (0..<50).map { _ in try server.connect() }
            for (number, client) in clients.enumerated() {
                let key = number % 2 == 0 ? new : old
                try client.send(.message(call, token: key.token("agent-\(number)")))
            }
            for (number, client) in clients.enumerated() {
                #expect(try client.receive().toolText == "agent-\(number) in default")
            }
            #expect(keyServer.fetchCount == 2)
        }
    }

    @Test func `While keys rotate under load, no honest request is refused`() async throws {
        var keys = [try SigningKey.named("0")]
        try await withKeyServer(
            .keys(keys.map(\.keyMaterial)),
            loopCount: 2,
            {
                $0.keyRefresh.coolDownSeconds = 0
                $0.requestsPerSubject = .unlimited
            }
        ) { server, keyServer in
            // The first keys are there before they are replaced.
            _ = try await server.waitForStatus(200, token: keys[0].token())
            let clients = try (0..<10).map { _ in try server.connect() }
            for round in 1...10 {
                // The new key signs from the moment it is published, and the last but one is gone.
                keys = [keys[keys.count - 1], try SigningKey.named("\(round)")]
                keyServer.answer(.keys(keys.map(\.keyMaterial)))
                for (number, client) in clients.enumerated() {
                    let token = keys[(number + round) % 2].token("agent-\(number)")
                    let request = Request.message(call, token: token).text
                    try client.socket.send(String(repeating: request, count: 100))
                }
                for (number, client) in clients.enumerated() {
                    for _ in 0..<100 {
                        #expect(try client.receive().toolText == "agent-\(number) in default")
                    }
                }
            }
            #expect(keyServer.fetchCount == 11)
        }
    }

    @Test func `A legacy session goes on with the token that waited for its key`() async throws {
        let old = try SigningKey.named("old")
        let new = try SigningKey.named("new")
        try await withKeyServer(
            .keys([old.keyMaterial]),
            { $0.keyRefresh.coolDownSeconds = 0 }
        ) { server, keyServer in
            let begun = try server.exchange(.initialize("2025-06-18"), token: old.token())
            let session = try #require(begun["Mcp-Session-Id"])
            keyServer.answer(.keys([new.keyMaterial]))
            let list = Message.legacy("tools/list")
            let client = try server.connect()
            let resumed = try client.exchange(
                .message(list, token: new.token()).adding("Mcp-Session-Id", session)
            )
            #expect(resumed.status == 200)
            #expect(resumed.result?["tools"] != nil)
            // The session's version holds, as without a wait.
            let other = Message.legacy("tools/list", version: "2025-11-25")
            let third = try SigningKey.named("third")
            keyServer.answer(.keys([new.keyMaterial, third.keyMaterial]))
            let refused = try client.exchange(
                .message(other, token: third.token()).adding("Mcp-Session-Id", session)
            )
            #expect(refused.status == 400)
            #expect(refused.text == "MCP-Protocol-Version differs from the session's version\n")
            let twice = Request.message(list, token: new.token())
                .adding("Mcp-Session-Id", session).adding("Mcp-Session-Id", session)
            #expect(try client.exchange(twice).status == 404)
            #expect(keyServer.fetchCount == 3)
        }
    }

    @Test func `A flood of made-up keys causes one fetch, and none is let in`() async throws {
        let key = try SigningKey.named("a")
        try await withKeyServer(.keys([key.keyMaterial]), loopCount: 2) { server, keyServer in
            #expect(try server.exchange(call, token: key.token()).status == 200)
            let forgers = try (0..<20).map { try SigningKey.named("made up \($0)") }
            for round in 0..<5 {
                let clients = try forgers.map { _ in try server.connect() }
                for (forger, client) in zip(forgers, clients) {
                    try client.send(.message(call, token: forger.token()))
                }
                for client in clients {
                    let response = try client.receive()
                    // 401 is for what the fetch has looked for; the others may be the issuer's.
                    if response.status == 401 {
                        let challenge = try #require(response["WWW-Authenticate"])
                        #expect(challenge.contains("error=\"invalid_token\""))
                        #expect(challenge.contains("resource_metadata="))
                    } else {
                        #expect(response.status == 503)
                        let seconds = try #require(response["Retry-After"].flatMap { Int($0) })
                        #expect((1...31).contains(seconds))
                        #expect(response["WWW-Authenticate"] == nil)
                    }
                }
                let honest = key.token("ada-\(round)")
                #expect(try server.exchange(call, token: honest).status == 200)
            }
            #expect(keyServer.fetchCount == 2)
        }
    }

    @Test func `After a forged token a rotated key is told to wait, and then let in`() async throws
    {
        let old = try SigningKey.named("old")
        let new = try SigningKey.named("new")
        let forger = try SigningKey.named("made up")
        try await withKeyServer(
            .keys([old.keyMaterial]),
            { $0.keyRefresh.coolDownSeconds = 2 }
        ) { server, keyServer in
            #expect(try server.exchange(call, token: old.token()).status == 200)
            #expect(try server.exchange(call, token: forger.token()).status == 401)
            keyServer.answer(.keys([new.keyMaterial]))
            let told = try server.exchange(call, token: new.token())
            #expect(told.status == 503)
            #expect(told["Retry-After"] == "2" || told["Retry-After"] == "3")
            #expect(told["WWW-Authenticate"] == nil)
            #expect(told.text.contains("cannot be had at the moment"))
            #expect(try server.exchange(call, token: forger.token()).status == 401)
            _ = try await server.waitForStatus(200, token: new.token())
            #expect(keyServer.fetchCount == 3)
        }
    }

    @Test func `Forged tokens that waited count as failures of their sender`() async throws {
        let key = try SigningKey.named("a")
        try await withKeyServer(
            .keys([key.keyMaterial]),
            { $0.failedAuthenticationsPerPeer = RateLimit(perSecond: 1, burst: 1) }
        ) { server, _ in
            #expect(try server.exchange(call, token: key.token()).status == 200)
            let forger = try SigningKey.named("made up")
            let statuses = try (0..<3).map { _ in
                try server.exchange(call, token: forger.token()).status
            }
            #expect(statuses == [401, 429, 429])
            // Of these it is not known that they are forged.
            let other = try SigningKey.named("another")
            for _ in 0..<3 {
                #expect(try server.exchange(call, token: other.token()).status == 503)
            }
            #expect(try server.exchange(call, token: key.token()).status == 200)
        }
    }

    @Test func `An unknown key that cannot be fetched is our trouble: 503, never 401`()
        async throws
    {
        let old = try SigningKey.named("old")
        let new = try SigningKey.named("new")
        for answer in [KeyServer.Answer.status(500), .text("nonsense"), .text(#"{"keys":[]}"#)] {
            try await withKeyServer(.keys([old.keyMaterial])) { server, keyServer in
                #expect(try server.exchange(call, token: old.token()).status == 200)
                keyServer.answer(answer)
                for _ in 0..<3 {
                    let response = try server.exchange(call, token: new.token())
                    #expect(response.status == 503)
                    #expect(response["Retry-After"] != nil)
                    #expect(try server.exchange(call, token: old.token("b")).status == 200)
                }
                keyServer.answer(.keys([new.keyMaterial]))
                _ = try await server.waitForStatus(200, token: new.token())
            }
        }
    }

    @Test func `While the issuer is down the keys that were fetched serve`() async throws {
        let key = try SigningKey.named("a")
        let log = LogOutput()
        try await withKeyServer(
            .keys([key.keyMaterial]),
            logger: log.logger,
            {
                $0.keyRefresh.lifetimeSecondsMin = 0
                $0.keyRefresh.lifetimeSecondsDefault = 0
                $0.keyRefresh.backOffSecondsMin = 0
            }
        ) { server, keyServer async throws in
            #expect(try server.exchange(call, token: key.token()).status == 200)
            keyServer.answer(.status(500))
            let count = keyServer.fetchCount
            for number in 1...20 {
                await keyServer.requests.wait(for: "/keys", count: count + number)
                // Every token is new, so that none is merely remembered.
                let token = key.token("agent-\(number)")
                #expect(try server.exchange(call, token: token).status == 200)
            }
            // Twenty failures of one cause within a minute are one line.
            #expect(log.text.ranges(of: "answered 500").count == 1)
        }
    }

    @Test func `A withdrawn key counts no longer, for remembered tokens neither`() async throws {
        let old = try SigningKey.named("old")
        let new = try SigningKey.named("new")
        try await withKeyServer(.keys([old.keyMaterial, new.keyMaterial])) { server, keyServer in
            let token = old.token()
            for _ in 0..<2 { #expect(try server.exchange(call, token: token).status == 200) }
            keyServer.answer(.keys([new.keyMaterial]))
            // Somebody asks for a key that does not exist, which brings the new set.
            let stranger = try SigningKey.named("x")
            #expect(try server.exchange(call, token: stranger.token()).status == 401)
            #expect(try server.exchange(call, token: token).status == 401)
            #expect(try server.exchange(call, token: new.token()).status == 200)
        }
    }

    @Test func `What Cache-Control says is when the set is fetched again`() async throws {
        let key = try SigningKey.named("a")
        for (cacheControl, isFetchedAgain) in [("max-age=0", true), ("max-age=86400", false)] {
            try await withKeyServer(
                .keys([key.keyMaterial]),
                cacheControl: cacheControl,
                { $0.keyRefresh.lifetimeSecondsMin = 0 }
            ) { server, keyServer in
                #expect(try server.exchange(call, token: key.token()).status == 200)
                if isFetchedAgain {
                    await keyServer.requests.wait(for: "/keys", count: 5)
                } else {
                    for _ in 0..<50 { _ = try server.exchange(call, token: key.token()) }
                    #expect(keyServer.fetchCount == 1)
                }
            }
        }
    }

    @Test func `Keys that cannot be used are skipped, and named once in the log`() async throws {
        let key = try SigningKey.named("good")
        let set = """
            {"keys":[{"kty":"RSA","kid":"weak","n":"AQAB","e":"AQAB","alg":"RS256"},\
            {"kty":"oct","kid":"shared","k":"c2VjcmV0"},\(text(key.publicJWK))]}
            """
        let log = LogOutput()
        try await withKeyServer(
            .text(set),
            logger: log.logger,
            {
                $0.keyRefresh.lifetimeSecondsMin = 0
                $0.keyRefresh.lifetimeSecondsDefault = 0
            }
        ) { server, keyServer async throws in
            #expect(try server.exchange(call, token: key.token()).status == 200)
            await keyServer.requests.wait(for: "/keys", count: 5)
            #expect(log.text.ranges(of: "\"weak\"").count == 1)
            #expect(log.text.ranges(of: "\"shared\"").count == 1)
            #expect(!log.text.contains("c2VjcmV0"))
        }
    }

    private func text(_ json: RawJSON?) -> String {
        json.map { String(decoding: $0.bytes.bytes, as: UTF8.self) } ?? ""
    }
}
