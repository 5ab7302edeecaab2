import Martlet
import ProtocolTestSupport
import Testing

@Suite("Requests of web pages (Fetch, CORS protocol)")
struct CrossOriginTests {
    private static let page = "https://page.example"

    private func allowPage(_ configuration: inout ServerConfiguration) {
        configuration.allowedOrigins = ["https://other.example", "https://Page.example"]
    }

    @Test func `A preflight needs no token and allows what clients send`() async throws {
        try await withServer(allowPage) { server in
            let response = try server.exchange(
                .preflight(
                    from: Self.page,
                    fields: "authorization, mcp-param-region, x-evil, Mcp-Param-Größe,mcp-param-b"
                )
            )
            #expect(response.status == 204)
            #expect(response["Access-Control-Allow-Origin"] == Self.page)
            #expect(response["Access-Control-Allow-Methods"] == "POST, GET, DELETE")
            #expect(
                response["Access-Control-Allow-Headers"] == """
                    Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, \
                    Mcp-Name, Mcp-Session-Id, Last-Event-ID, mcp-param-region, mcp-param-b
                    """
            )
            #expect(response["Vary"] == "Origin")
            #expect(response["WWW-Authenticate"] == nil)
        }
    }

    @Test func `What a page may read is exposed on every response, refusals too`() async throws {
        try await withServer(allowPage) { server in
            let list = Message.modern("tools/list")
            for (token, status) in [(try token(), 200), (nil, 401), ("x", 401)] {
                let request = Request.message(list, token: token).adding("Origin", Self.page)
                let response = try server.exchange(request)
                #expect(response.status == status)
                #expect(response["Access-Control-Allow-Origin"] == Self.page)
                #expect(
                    response["Access-Control-Expose-Headers"]
                        == "WWW-Authenticate, Mcp-Session-Id, RateLimit, RateLimit-Policy, Retry-After"
                )
            }
            let call = Request.message(.call("whoami"), token: try token())
            let response = try server.exchange(call.adding("Origin", Self.page))
            #expect(response.toolText == "ada in default")
            #expect(response["Access-Control-Allow-Origin"] == Self.page)
            #expect(try server.exchange(call)["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test(arguments: [
        "https://evil.example", "null", "http://page.example", "https://page.example:444",
        "https://page.example.evil.example", "",
    ])
    func `An origin that is not allowed is refused before the token is looked at`(
        origin: String
    ) async throws {
        try await withServer(allowPage) { server in
            for token in [try token(), nil] {
                let request = Request.message(.modern("tools/list"), token: token)
                    .adding("Origin", origin)
                let response = try server.exchange(request)
                #expect(response.status == 403)
                #expect(response["WWW-Authenticate"] == nil)
                #expect(response["Access-Control-Allow-Origin"] == nil)
            }
            #expect(try server.exchange(.preflight(from: origin)).status == 403)
        }
    }

    @Test func `Two origins are refused even if one of them is allowed`() async throws {
        try await withServer(allowPage) { server in
            let request = Request.message(.modern("tools/list"), token: try token())
                .adding("Origin", Self.page).adding("Origin", "https://evil.example")
            #expect(try server.exchange(request).status == 403)
        }
    }

    @Test func `An asterisk allows every origin, and no origin is allowed unasked`() async throws {
        let request = Request.message(.modern("tools/list"), token: try token())
            .adding("Origin", Self.page)
        try await withServer({ $0.allowedOrigins = ["*"] }) { server in
            let response = try server.exchange(request)
            #expect(response.status == 200)
            #expect(response["Access-Control-Allow-Origin"] == "*")
        }
        try await withServer { server in
            let response = try server.exchange(request)
            #expect(response.status == 403)
        }
    }

    @Test func `OPTIONS that is no preflight says what there is`() async throws {
        try await withServer { server in
            for (target, methods) in [
                ("/mcp", "GET, POST, DELETE, OPTIONS"),
                ("*", "GET, HEAD, POST, DELETE, OPTIONS"),
            ] {
                let response = try server.exchange(Request(method: "OPTIONS", target: target))
                #expect(response.status == 204)
                #expect(response["Allow"] == methods)
            }
        }
    }
}
