import Libuv
import Logging
import Martlet
import ProtocolTestSupport
import Testing

@Suite("A server that asks for no credentials")
struct AnonymousAccessTests {
    private func withAnonymousServer(
        _ body: (TestServer) async throws -> Void
    ) async throws {
        try await withServer(Self.makeAnonymous, body)
    }

    private static func makeAnonymous(_ configuration: inout ServerConfiguration) {
        let transport = configuration.transport
        configuration = .insecureAnonymous(addresses: configuration.addresses)
        configuration.transport = transport
    }

    @Test func `A request without credentials is served as one principal with every right`()
        async throws
    {
        try await withAnonymousServer { server throws in
            for tool in ["whoami", "write"] {
                let response = try server.exchange(.call(tool), token: nil)
                #expect(response.status == 200)
                #expect(response.result?["isError"] == nil, "\(tool)")
            }
            let answer = try server.exchange(.call("whoami"), token: nil)
            #expect(answer.toolText == "anonymous in default")
        }
    }

    @Test func `A request with credentials is held to them`() async throws {
        try await withAnonymousServer { server throws in
            let call = Message.call("whoami")
            #expect(try server.exchange(call, token: token()).status == 401)
            #expect(try server.exchange(call, token: "nonsense").status == 401)
            let basic = Request.message(call, token: nil).adding("Authorization", "Basic YTpi")
            #expect(try server.exchange(basic).status == 401)
        }
    }

    @Test func `Web pages and other hosts stay locked out`() async throws {
        try await withAnonymousServer { server throws in
            let request = Request.message(.call("whoami"), token: nil)
            let fromPage = request.adding("Origin", "https://page.example")
            #expect(try server.exchange(fromPage).status == 403)
            let rebound = request.with { $0.host = "page.example" }
            #expect(try server.exchange(rebound).status == 421)
        }
    }

    @Test func `Nobody is told where to get a token that nobody needs`() async throws {
        try await withAnonymousServer { server throws in
            let path = "/.well-known/oauth-protected-resource"
            #expect(try server.exchange(.get(path)).status == 404)
            #expect(try server.exchange(.get("\(path)/mcp")).status == 404)
        }
    }

    @Test(arguments: ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"])
    func `It does not start where other machines could connect`(text: String) throws {
        let address = try #require(SocketAddress(text))
        let loopback = SocketAddress.ipv4(host: "127.0.0.1", port: 0)
        #expect(throws: ConfigurationError.anonymousBeyondLoopback(address)) {
            try make(.insecureAnonymous(addresses: [loopback, address]))
        }
    }

    @Test func `It does not start where every web page could use it`() throws {
        var configuration = ServerConfiguration.insecureAnonymous(
            addresses: [.ipv4(host: "127.0.0.1", port: 0)]
        )
        configuration.allowedOrigins = ["https://page.example", "*"]
        #expect(throws: ConfigurationError.anonymousForEveryOrigin) { try make(configuration) }
    }

    @Test func `A configuration that was not made so lets nobody in without credentials`()
        async throws
    {
        #expect(TestServer.configuration.anonymousAccess == nil)
        try await withServer { server throws in
            #expect(try server.exchange(.call("whoami"), token: nil).status == 401)
        }
    }

    private func make(_ configuration: ServerConfiguration) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try TestServer(loopCount: 1, logger: logger) { $0 = configuration }
        Issue.record("\(server.address) would be served")
    }
}
