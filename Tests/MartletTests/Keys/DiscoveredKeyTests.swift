import JWT
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Keys by way of the issuer's metadata (RFC 8414 §3)")
struct DiscoveredKeyTests {
    private let call = Message.call("whoami")

    private func withDiscovery(
        _ key: SigningKey,
        _ body: (TestServer, KeyServer) async throws -> Void
    ) async throws {
        let keyServer = try await KeyServer(.keys([key.keyMaterial]))
        defer { keyServer.stop() }
        try await withServer({
            $0.issuers = [.remote(.discovery, named: keyServer.issuer)]
            $0.keyRefresh.tickMilliseconds = 20
            $0.keyRefresh.coolDownSeconds = 0
        }) { server in
            try await onThreads { try await body(server, keyServer) }
        }
    }

    @Test func `Metadata that comes late, or is another's, leads to 503 and then to the keys`()
        async throws
    {
        let key = try SigningKey.named("a")
        try await withDiscovery(key) { server, keyServer in
            let token = key.token(issuer: keyServer.issuer)
            #expect(try server.exchange(call, token: token).status == 503)
            keyServer.publishMetadata(issuer: "https://another.example")
            #expect(try server.exchange(call, token: token).status == 503)
            #expect(keyServer.fetchCount == 0)
            keyServer.publishMetadata()
            _ = try await server.waitForStatus(200, token: token)
        }
    }

    @Test func `The metadata is asked for again only when the key set cannot be had`()
        async throws
    {
        let key = try SigningKey.named("a")
        let new = try SigningKey.named("b")
        let metadataPath = "/.well-known/oauth-authorization-server"
        try await withDiscovery(key) { server, keyServer in
            keyServer.publishMetadata()
            let token = key.token(issuer: keyServer.issuer)
            _ = try await server.waitForStatus(200, token: token)
            let metadataCount = keyServer.requests.count(of: metadataPath)
            let fetchCount = keyServer.fetchCount
            let stranger = try SigningKey.named("x").token(issuer: keyServer.issuer)
            #expect(try server.exchange(call, token: stranger).status == 401)
            #expect(keyServer.fetchCount == fetchCount + 1)
            #expect(keyServer.requests.count(of: metadataPath) == metadataCount)

            // The set moves, and the old place answers 404.
            keyServer.answer(.keys([key.keyMaterial, new.keyMaterial]))
            keyServer.publishMetadata(keySetPath: "/moved")
            let rotated = new.token(issuer: keyServer.issuer)
            #expect(try server.exchange(call, token: rotated).status == 503)
            _ = try await server.waitForStatus(200, token: rotated)
            #expect(keyServer.requests.count(of: "/moved") == 1)
            #expect(keyServer.requests.count(of: metadataPath) == metadataCount + 1)
        }
    }

    @Test(arguments: [
        (KeySource.keySetURL("http://issuer.example/keys"), "use https"),
        (.keySetURL("issuer.example/keys"), "https://HOST"),
        (.discovery, "https://HOST"),
    ])
    func `A source that cannot be asked is found before the server starts`(
        source: KeySource,
        reason: String
    ) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try MCPServer(
                ServerDescription(name: "test", version: "1"),
                features: ServerFeatures(),
                ServerConfiguration(
                    addresses: [.ipv4(host: "127.0.0.1", port: 0)],
                    issuers: [.remote(source, named: "no-url")],
                    sealKey: .random()
                ),
                loopCount: 1
            )
        }
        #expect(error?.description.contains("no-url") == true)
        #expect(error?.description.contains(reason) == true)
    }
}
