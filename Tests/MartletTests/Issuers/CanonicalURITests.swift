import Libuv
import Martlet
import ProtocolTestSupport
import Testing

@Suite("The canonical URI (RFC 8707 §2) and its metadata (RFC 9728 §3.1) behind proxies")
struct CanonicalURITests {
    private static let wellKnown = "/.well-known/oauth-protected-resource"

    @Test(
        arguments: [
            ("https://mcp.example/mcp", "https://mcp.example/mcp"),
            ("https://mcp.example/mcp/", "https://mcp.example/mcp"),
            ("https://mcp.example/Team/MCP//", "https://mcp.example/Team/MCP"),
            ("HTTPS://MCP.Example/mcp", "https://mcp.example/mcp"),
            ("https://mcp.example", "https://mcp.example"),
            ("https://mcp.example/", "https://mcp.example"),
            ("https://mcp.example:443/mcp", "https://mcp.example/mcp"),
            ("https://mcp.example:/mcp", "https://mcp.example/mcp"),
            ("https://mcp.example:08443/mcp", "https://mcp.example:8443/mcp"),
            ("https://mcp.example:80/mcp", "https://mcp.example:80/mcp"),
            ("http://mcp.example:80/mcp", "http://mcp.example/mcp"),
            ("http://mcp.example:443/mcp", "http://mcp.example:443/mcp"),
            ("https://[2001:DB8::1]/mcp", "https://[2001:db8::1]/mcp"),
            ("https://[2001:DB8::1]:443/mcp", "https://[2001:db8::1]/mcp"),
            ("https://[2001:DB8::1]:8443/mcp", "https://[2001:db8::1]:8443/mcp"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://192.0.2.1:3000/mcp", "http://192.0.2.1:3000/mcp"),
        ]
    )
    func `Every spelling of a public URL leads to one audience, one challenge and one document`(
        url: String,
        canonical: String
    ) async throws {
        try await withServer({ configuration in
            configuration.publicURL = url
            configuration.issuers[0].audiences = []
        }) { server in
            #expect(server.server.url == canonical)
            let message = Message.modern("tools/list")
            let accepted = try server.exchange(message, token: token(audience: canonical))
            #expect(accepted.status == 200)
            let other = try server.exchange(message, token: token(audience: canonical + "x"))
            #expect(other.status == 401)

            let metadataURL = try metadataURL(of: server)
            let path = try #require(metadataURL.firstRange(of: Self.wellKnown))
            let origin = metadataURL[..<path.lowerBound]
            let resource = String(origin + metadataURL[path.upperBound...])
            #expect(resource == canonical)
            let document = try server.exchange(.get(String(metadataURL[path.lowerBound...])))
            #expect(document.status == 200)
            #expect(document.json?["resource"]?.string == canonical)
        }
    }

    @Test
    func `Without a path the slash that clients add is the same audience, with one it is not`()
        async throws
    {
        for (url, status) in [("https://mcp.example", 200), ("https://mcp.example/mcp", 401)] {
            try await withServer({ configuration in
                configuration.publicURL = url
                configuration.issuers[0].audiences = []
            }) { server in
                let token = try token(audience: url + "/")
                let response = try server.exchange(.modern("tools/list"), token: token)
                #expect(response.status == status)
            }
        }
    }

    @Test(
        arguments: [
            "https://::1/mcp", "https://[::1/mcp", "https://::1]/mcp", "https://[]/mcp",
            "https://[mcp.example]/mcp", "https://[::1]x/mcp", "https://[::1]:x/mcp",
            "https://mcp.example:x/mcp", "https://mcp.example:65536/mcp", "https://:443/mcp",
            "https://mcp.example:0/mcp", "https://mcp.example:-1/mcp", "https://a:1:2/mcp",
        ]
    )
    func `A public URL without a host and a port that exist is refused`(url: String) async throws {
        await #expect(throws: ConfigurationError.malformedPublicURL(url)) {
            try await withServer({ $0.publicURL = url }) { _ in }
        }
    }

    /// What a proxy makes of a path before it asks this server.
    enum Proxy: CaseIterable, Sendable {
        /// Forwards paths as they are.
        case keeping
        /// Takes `/team` off the front, and from metadata paths too.
        case strippingEverywhere
        /// Takes `/team` off the front; the well-known path is forwarded as it is.
        case strippingPrefix

        var endpointPath: String { self == .keeping ? "/team/mcp" : "/mcp" }

        func forward(_ path: String) -> String {
            switch self {
            case .keeping: path
            case .strippingPrefix: path.hasPrefix("/team") ? String(path.dropFirst(5)) : path
            case .strippingEverywhere: path.replacing("/team", with: "")
            }
        }
    }

    @Test(arguments: Proxy.allCases)
    func `Behind a proxy the endpoint answers and its metadata is where the challenge says`(
        proxy: Proxy
    ) async throws {
        let url = "https://mcp.example/team/mcp"
        try await withServer({ configuration in
            configuration.publicURL = url
            configuration.endpointPath = proxy.endpointPath
            configuration.issuers[0].audiences = []
        }) { server in
            let message = Request.message(.modern("tools/list"), token: try token(audience: url))
                .with {
                    $0.target = proxy.forward("/team/mcp")
                    $0.host = "mcp.example"
                }
            #expect(try server.exchange(message).status == 200)

            let metadataURL = try metadataURL(of: server, at: proxy.forward("/team/mcp"))
            #expect(metadataURL == "https://mcp.example\(Self.wellKnown)/team/mcp")
            // Where clients look: beside the path, at the root, and, against the RFC, below it.
            for path in [
                "\(Self.wellKnown)/team/mcp", Self.wellKnown, "\(Self.wellKnown)/mcp",
            ] where proxy != .keeping || path != "\(Self.wellKnown)/mcp" {
                let document = try server.exchange(.get(proxy.forward(path)))
                #expect(document.status == 200, "\(path)")
                #expect(document.json?["resource"]?.string == url)
            }
        }
    }

    @Test func `What a request says of its host has no part in the canonical URI`() async throws {
        try await withServer({ $0.publicURL = "https://mcp.example/mcp" }) { server in
            let request = Request.get(Self.wellKnown).with { $0.host = "localhost:9999" }
                .adding("X-Forwarded-Host", "evil.example").adding("X-Forwarded-Proto", "http")
                .adding("Forwarded", "host=evil.example;proto=http")
            let document = try server.exchange(request)
            #expect(document.json?["resource"]?.string == "https://mcp.example/mcp")
        }
    }

    private func metadataURL(of server: TestServer, at path: String = "/mcp") throws -> String {
        let request = Request.message(.modern("tools/list"), token: nil).with { $0.target = path }
        let challenge = try #require(try server.exchange(request)["WWW-Authenticate"])
        let match = try #require(challenge.firstMatch(of: /resource_metadata="([^"]*)"/))
        return String(match.1)
    }
}
