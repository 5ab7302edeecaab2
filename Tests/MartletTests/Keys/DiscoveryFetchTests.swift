import HTTPClient
import Libuv
import Martlet
import TestSupport
import Testing

@Suite("Asking an issuer for its metadata (RFC 8414 §3)")
struct DiscoveryFetchTests {
    private static let oauth = "/.well-known/oauth-authorization-server"
    private static let openID = "/.well-known/openid-configuration"

    @Test(arguments: [
        (0, ["\(oauth)/a"]), (1, ["\(oauth)/a", "\(openID)/a"]),
        (2, ["\(oauth)/a", "\(openID)/a", "/a\(openID)"]),
    ])
    func `Each place is asked in its turn, until one has the document`(
        index: Int,
        asked: [String]
    ) async throws {
        try await withIssuer { request in
            request.target == asked[index]
                ? .init(200, document(for: request, path: "/a")) : .init(404)
        } _: { asker, server in
            let metadata = try await asker.metadata(of: "\(server.url)/a")
            #expect(metadata.issuer == "\(server.url)/a")
            #expect(metadata.keySetURL.text == "\(server.url)/keys")
            #expect(server.journal.events == asked)
            #expect(await server.requests.first?["Accept"] == "application/json")
        }
    }

    @Test func `A document about another issuer is no reason not to look further`() async throws {
        try await withIssuer { request in
            let path = request.target == Self.openID ? "" : "/another"
            return .init(200, document(for: request, path: path))
        } _: { asker, server in
            let metadata = try await asker.metadata(of: server.url)
            #expect(metadata.issuer == server.url)
            #expect(server.journal.events == [Self.oauth, Self.openID])
        }
    }

    @Test func `Without a document the error names every place and what was wrong there`()
        async throws
    {
        try await withIssuer { request in
            switch request.target {
            case "\(Self.oauth)/a": .init(500)
            case "\(Self.openID)/a": .init(200, "<html>")
            default: .init(200, document(for: request, path: "/b"))
            }
        } _: { asker, server in
            let error = await asker.failure(of: "\(server.url)/a")
            #expect(
                error?.description == """
                    cannot discover the issuer: \(server.url)\(Self.oauth)/a: answered 500; \
                    \(server.url)\(Self.openID)/a: not authorization server metadata: expected a \
                    value at byte 0; \
                    \(server.url)/a\(Self.openID): the document is about issuer \(server.url)/b; \
                    configure exactly that one if it is the one meant, with or without the slash at \
                    its end; \
                    check the issuer, or configure the address of its key set
                    """
            )
        }
    }

    @Test func `A server that cannot be reached is asked once`() async throws {
        try await withIssuer { _ in
            .init()
        } _: { asker, server in
            await server.stop()
            let error = await asker.failure(of: "\(server.url)/a")
            guard case .attempts(let attempts) = error?.reason else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(attempts.map(\.url.path) == ["\(Self.oauth)/a"])
        }
    }

    @Test func `An issuer that is no URL is an error before anything is asked`() async throws {
        try await withIssuer { _ in
            .init()
        } _: { asker, server in
            let error = await asker.failure(of: "http://idp.example")
            guard case .issuer(let reason) = error?.reason else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.reason == .insecureURL)
            #expect(server.journal.events == [])
        }
    }
}

/// Metadata of an issuer at `path` of the server that was asked.
private func document(for request: ScriptedServer.Request, path: String) -> String {
    let url = "http://\(request["Host"] ?? "")"
    return #"{"issuer": "\#(url)\#(path)", "jwks_uri": "\#(url)/keys"}"#
}

/// Asks on a loop of its own.
private actor Asker {
    private let loop: EventLoop
    private var client: CurlClient?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop) {
        self.loop = loop
    }

    func open() {
        client = CurlClient(on: loop)
    }

    func metadata(of issuer: String) async throws -> AuthorizationServerMetadata {
        let client = try #require(client)
        return try await fetchAuthorizationServerMetadata(issuer: issuer, with: client)
    }

    func failure(of issuer: String) async -> DiscoveryError? {
        guard let client else { return nil }
        do throws(DiscoveryError) {
            _ = try await fetchAuthorizationServerMetadata(issuer: issuer, with: client)
            return nil
        } catch {
            return error
        }
    }

    func close() {
        client?.close()
    }
}

private func withIssuer(
    _ script: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Reply,
    _ body: (Asker, ScriptedServer) async throws -> Void
) async throws {
    let group = try EventLoopGroup(count: 2)
    do {
        try await onThreads {
            let server = try ScriptedServer(on: group.loops[0], script)
            try await server.listen()
            let asker = Asker(on: group.loops[1])
            await asker.open()
            try await body(asker, server)
            await asker.close()
            await server.stop()
        }
    } catch {
        group.stop()
        throw error
    }
    group.stop()
}
