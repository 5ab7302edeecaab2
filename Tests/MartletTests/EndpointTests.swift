import Martlet
import ProtocolTestSupport
import Testing

@Suite("The HTTP endpoint")
struct EndpointTests {
    private let list = Message.modern("tools/list")

    @Test func `Every path but those of the server is not found`() async throws {
        try await withServer { server in
            for target in ["/mcp/", "/MCP", "/mcp2", "/x", "//", "/healthz/x", "/%6dcp"] {
                let request = Request.message(list, token: try token()).with { $0.target = target }
                #expect(try server.exchange(request).status == 404, "\(target)")
            }
        }
    }

    @Test func `The endpoint is where the configuration puts it`() async throws {
        try await withServer({ $0.endpointPath = "/a/b" }) { server in
            let request = Request.message(list, token: try token())
            #expect(try server.exchange(request).status == 404)
            #expect(try server.exchange(request.with { $0.target = "/a/b" }).status == 200)
        }
    }

    @Test(arguments: ["GET", "DELETE", "PUT", "PATCH", "HEAD", "BREW"])
    func `The endpoint takes POST only`(method: String) async throws {
        try await withServer { server in
            let request = Request(method: method)
            let response = try server.exchange(request)
            #expect(response.status == 405)
            #expect(response["Allow"] == "POST")
        }
    }

    @Test func `Paths to read from take GET only`() async throws {
        try await withServer { server in
            for target in ["/", "/healthz", "/readyz", "/.well-known/oauth-protected-resource"] {
                let response = try server.exchange(Request(target: target, body: ""))
                #expect(response.status == 405)
                #expect(response["Allow"] == "GET, HEAD")
            }
        }
    }

    @Test(arguments: [
        nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json", "",
    ])
    func `Content that is not JSON by its own word is refused`(type: String?) async throws {
        try await withServer { server in
            var request = Request.message(list, token: try token()).without("Content-Type")
            if let type { request = request.adding("Content-Type", type) }
            #expect(try server.exchange(request).status == 415)
        }
    }

    @Test(arguments: [
        "application/json; charset=utf-8", "Application/JSON", "application/json ;a=b",
    ])
    func `Content may be JSON with parameters`(type: String) async throws {
        try await withServer { server in
            let request = Request.message(list, token: try token()).having("Content-Type", type)
            #expect(try server.exchange(request).status == 200)
        }
    }

    @Test(arguments: [
        "text/html", "image/*", "application/json;q=0", "text/event-stream; q=0.000", "",
    ])
    func `A client that takes neither JSON nor events is refused`(accept: String) async throws {
        try await withServer { server in
            let request = Request.message(list, token: try token()).having("Accept", accept)
            #expect(try server.exchange(request).status == 406)
        }
    }

    @Test func `A client that takes anything, or does not say, is answered`() async throws {
        try await withServer { server in
            let request = Request.message(list, token: try token())
            for accept in ["*/*", "application/*", "text/html, application/json;q=0.1"] {
                #expect(try server.exchange(request.having("Accept", accept)).status == 200)
            }
            #expect(try server.exchange(request.without("Accept")).status == 200)
            // Two lines are one list.
            let split = request.having("Accept", "text/html").adding("Accept", "application/json")
            #expect(try server.exchange(split).status == 200)
            let neither = request.having("Accept", "text/html").adding("Accept", "image/png")
            #expect(try server.exchange(neither).status == 406)
        }
    }

    @Test func `Only hosts that are served are answered`() async throws {
        try await withServer({ configuration in
            configuration.publicURL = "https://mcp.example:8443/mcp"
            configuration.allowedHosts = ["Alias.example", "port.example:81"]
        }) { server in
            let request = Request.message(list, token: try token())
            for host in [
                "localhost", "localhost:3000", "127.0.0.1", "127.0.0.1:\(server.address.port ?? 0)",
                "[::1]:3000", "LOCALHOST", "mcp.example", "mcp.example:8443", "MCP.example",
                "alias.example", "alias.example:9", "port.example:81",
            ] {
                let response = try server.exchange(request.with { $0.host = host })
                #expect(response.status == 200, "\(host)")
            }
            for host in [
                "evil.example", "localhost.evil.example", "port.example", "port.example:80",
                "127.0.0.2", "notmcp.example", "evil.example:8443",
            ] {
                let response = try server.exchange(request.with { $0.host = host })
                #expect(response.status == 421, "\(host)")
                #expect(response["WWW-Authenticate"] == nil)
            }
            let absolute = request.with { $0.target = "http://evil.example/mcp" }
            #expect(try server.exchange(absolute).status == 421)
        }
    }

    @Test func `A client of HTTP 1.0 needs no Host to ask after the server's health`() async throws
    {
        try await withServer { server throws in
            for target in ["/healthz", "/readyz"] {
                let request = Request.get(target).with {
                    $0.version = "HTTP/1.0"
                    $0.host = nil
                }
                #expect(try server.exchange(request).status == 200)
            }
            let elsewhere = Request.get("/").with {
                $0.version = "HTTP/1.0"
                $0.host = nil
            }
            #expect(try server.exchange(elsewhere).status == 400)
            #expect(try server.exchange(elsewhere.with { $0.host = "localhost" }).status == 200)
            let modern = Request.get("/healthz").with { $0.host = nil }
            #expect(try server.exchange(modern).status == 400)
        }
    }

    @Test func `Health is for probes, by whatever name they come`() async throws {
        try await withServer { server in
            for (target, text) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
                let request = Request.get(target).with { $0.host = "10.0.0.7:80" }
                let response = try server.exchange(request)
                #expect(response.status == 200)
                #expect(response.text == text)
                let head = try server.exchange(request.with { $0.method = "HEAD" })
                #expect(head.status == 200)
                #expect(head["Content-Length"] == "\(text.utf8.count)")
            }
        }
    }

    @Test func `The status says what the server is in JSON`() async throws {
        try await withServer { server in
            let response = try server.exchange(.get("/"))
            #expect(response.status == 200)
            #expect(response["Content-Type"] == "application/json")
            #expect(response.text == #"{"name":"test","version":"7","status":"ok"}"#)
        }
    }

    @Test func `Every response carries the fields of a hardened API`() async throws {
        let requests = [
            Request.get("/"), .get("/healthz"), .get("/nothing"), .get("/mcp"),
            .get("/.well-known/oauth-protected-resource"), .message(list, token: nil),
            .message(list, token: try token()), .message(.call("whoami"), token: try token()),
            .message(list.saying("{"), token: try token()),
            .preflight(from: "https://evil.example"),
            .message(.call("write"), token: try token(role: "readonly")),
        ]
        for (scheme, transportSecurity) in [("http", nil), ("https", "max-age=31536000")] {
            try await withServer({ $0.publicURL = "\(scheme)://localhost/mcp" }) { server in
                for request in requests {
                    let response = try server.exchange(request)
                    #expect(response["X-Content-Type-Options"] == "nosniff")
                    #expect(response["X-Frame-Options"] == "DENY")
                    #expect(response["Referrer-Policy"] == "no-referrer")
                    #expect(
                        response["Content-Security-Policy"]
                            == "default-src 'none'; frame-ancestors 'none'"
                    )
                    #expect(response["Strict-Transport-Security"] == transportSecurity)
                    let isPublic = response["Access-Control-Allow-Origin"] == "*"
                    #expect(response["Cache-Control"] == (isPublic ? "max-age=3600" : "no-store"))
                    #expect(response["Server"] == nil)
                }
            }
        }
    }

    @Test func `A message is answered with the status of its error`() async throws {
        try await withServer { server in
            let token = try token()
            for (message, status, code) in [
                (list.saying("{"), 400, -32_700), (list.saying("[]"), 400, -32_600),
                (.modern("tools/list", meta: nil), 400, -32_602),
                (list.without("Mcp-Method"), 400, -32_020),
                (list.adding("MCP-Protocol-Version", "2026-07-28"), 400, -32_020),
                (list.adding("MCP-Protocol-Version", "2025-11-25"), 400, -32_020),
                (.modern("ping"), 404, -32_601), (.call("nobody"), 400, -32_602),
                (.call("fail"), 200, -32_603), (.legacy("no/such"), 200, -32_601),
            ] {
                let response = try server.exchange(message, token: token)
                #expect(response.status == status, "\(message)")
                #expect(response.errorCode == code, "\(message)")
                #expect(response["Content-Type"] == "application/json")
            }
            let notification = Message.modern("notifications/cancelled", meta: nil, id: nil)
            let accepted = try server.exchange(notification, token: token)
            #expect(accepted.status == 202)
            #expect(accepted.text.isEmpty)
            #expect(accepted["Content-Type"] == nil)
        }
    }

    @Test func `A refused message costs its connection nothing`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let valid = Request.message(list, token: try token())
            for (request, status) in [
                (valid.without("Authorization"), 401), (valid, 200),
                (valid.without("Content-Type"), 415), (valid, 200),
                (valid.with { $0.target = "/x" }, 404), (valid, 200),
            ] {
                #expect(try client.exchange(request).status == status)
            }
        }
    }
}
