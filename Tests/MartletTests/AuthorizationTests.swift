import AccessControl
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Authorization (RFC 6750, RFC 9728)")
struct AuthorizationTests {
    private static let metadata =
        "resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/team/mcp\""

    private static func publish(_ configuration: inout ServerConfiguration) {
        configuration.publicURL = "https://mcp.example/team/mcp"
    }

    private let list = Message.modern("tools/list")

    @Test func `Without credentials the challenge names metadata and scope and no error`()
        async throws
    {
        try await withServer(Self.publish) { server in
            for request in [
                Request.message(list, token: nil),
                Request.message(list, token: nil).adding("Authorization", "Basic YTpi"),
                Request.message(list, token: nil).adding("Authorization", "Bearerx abc"),
            ] {
                let response = try server.exchange(request)
                #expect(response.status == 401)
                #expect(
                    response["WWW-Authenticate"]
                        == "Bearer \(Self.metadata), scope=\"list:tools call:tools read:todos\""
                )
            }
        }
    }

    @Test func `Without credentials a call that names its tool is told the tool's scope as well`()
        async throws
    {
        try await withServer(Self.publish) { server in
            let basic = "list:tools call:tools read:todos"
            for (message, scope) in [
                (Message.call("write"), "\(basic) create:todos"),
                (.call("whoami"), basic),
                (.call("no_such_tool"), basic),
                (.legacy("tools/call", params: #""name":"write""#), basic),
            ] {
                let response = try server.exchange(.message(message, token: nil))
                #expect(response.status == 401)
                #expect(
                    response["WWW-Authenticate"] == "Bearer \(Self.metadata), scope=\"\(scope)\""
                )
            }
        }
    }

    @Test(arguments: ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer \"a\""])
    func `Credentials that are none are an invalid request`(value: String) async throws {
        try await withServer(Self.publish) { server in
            let request = Request.message(list, token: nil).adding("Authorization", value)
            let response = try server.exchange(request)
            #expect(response.status == 400)
            let challenge = try #require(response["WWW-Authenticate"])
            #expect(challenge.hasPrefix("Bearer error=\"invalid_request\", "))
            #expect(challenge.hasSuffix(Self.metadata))
        }
    }

    @Test func `A token in the query or a second one is an invalid request`() async throws {
        try await withServer { server in
            let token = try token()
            let valid = Request.message(list, token: token)
            for request in [
                valid.with { $0.target = "/mcp?access_token=\(token)" },
                valid.without("Authorization").with { $0.target = "/mcp?a=b&access_token=x" },
                valid.adding("Authorization", "Bearer \(token)"),
            ] {
                let response = try server.exchange(request)
                #expect(response.status == 400)
                #expect(response["WWW-Authenticate"]?.contains("invalid_request") == true)
            }
            #expect(try server.exchange(valid.with { $0.target = "/mcp?a=b" }).status == 200)
        }
    }

    @Test func `A token that is not believed is challenged with what an honest client can mend`()
        async throws
    {
        let valid = try token()
        let otherSecret = Array("another secret of thirty-two bytes or so".utf8)
        let longSecret = Array(repeating: UInt8(ascii: "s"), count: 64)
        let tokens = [
            (try token(secret: otherSecret), "the token's signature does not verify"),
            (valid + "x", "the token's signature does not verify"),
            (valid + "=", "the token is malformed"),
            (try token(expiresInSeconds: -61), "the token has expired"),
            (try token(notBeforeInSeconds: 3_600), "the token is not valid yet"),
            (try token(issuer: "https://issuer.example/"), "the token's issuer is not trusted"),
            (try token(audience: "https://mcp.example"), "the token is meant for another audience"),
            (
                try token(secret: longSecret, algorithm: .hs512),
                "the token's algorithm is not accepted"
            ),
            ("abc", "the token is malformed"),
        ]
        try await withServer(Self.publish) { server in
            for (token, reason) in tokens {
                let response = try server.exchange(list, token: token)
                #expect(response.status == 401)
                #expect(
                    response["WWW-Authenticate"] == """
                        Bearer error="invalid_token", error_description="\(reason)", \
                        \(Self.metadata)
                        """
                )
            }
            #expect(try server.exchange(list, token: valid).status == 200)
        }
    }

    @Test func `Clock skew is tolerated as configured and no further`() async throws {
        try await withServer({ $0.clockSkewSeconds = 0 }) { server in
            let token = try token(expiresInSeconds: -1)
            #expect(try server.exchange(list, token: token).status == 401)
        }
        try await withServer { server in
            let token = try token(expiresInSeconds: -30)
            #expect(try server.exchange(list, token: token).status == 200)
        }
    }

    @Test func `A scope that is too narrow is told all that the operation needs`() async throws {
        try await withServer(Self.publish) { server in
            let narrow = try token(role: nil, scope: "openid list:tools")
            for message in [
                Message.call("write"), .legacy("tools/call", params: #""name":"write""#),
            ] {
                let response = try server.exchange(message, token: narrow)
                #expect(response.status == 403)
                #expect(
                    response["WWW-Authenticate"] == """
                        Bearer error="insufficient_scope", scope="create:todos call:tools", \
                        \(Self.metadata)
                        """
                )
            }
            #expect(server.journal.count(of: "written") == 0)
        }
    }

    @Test func `A role that forbids is a plain 403 that sends nobody for more scope`()
        async throws
    {
        try await withServer { server in
            for message in [
                Message.call("write"), .legacy("tools/call", params: #""name":"write""#),
            ] {
                let response = try server.exchange(message, token: token(role: "readonly"))
                #expect(response.status == 403)
                #expect(response["WWW-Authenticate"] == nil)
                #expect(response.json == nil)
            }
            #expect(server.journal.count(of: "written") == 0)
        }
    }

    @Test func `A refusal falls before the body is sent`() async throws {
        try await withServer { server in
            let client = try server.connect()
            var request = Request.message(.call("write"), token: try token(role: "readonly"))
                .adding("Expect", "100-continue").adding("Content-Length", "100000")
            request.body = nil
            #expect(try client.exchange(request).status == 403)
            #expect(try client.isClosedByServer())
        }
    }

    @Test func `A token that leads to no workspace is forbidden and is no failure to authenticate`()
        async throws
    {
        let rule = WorkspaceRule(claimPath: ["team"], names: .list(["red"]), absence: .refuse)
        try await withServer({ configuration in
            configuration.issuers = [TestServer.trusted(workspace: rule)]
            configuration.failedAuthenticationsPerPeer = RateLimit(perSecond: 1, burst: 1)
        }) { server in
            for refused in [try token(), try token(workspace: "blue"), try token(workspace: " ")] {
                let response = try server.exchange(list, token: refused)
                #expect(response.status == 403)
                #expect(response["WWW-Authenticate"] == nil)
            }
            let call = Message.call("whoami")
            let response = try server.exchange(call, token: token(workspace: "red"))
            #expect(response.toolText == "ada in red")
        }
    }

    @Test
    func `The metadata is where clients derive it, where proxies forward it, and for everyone`()
        async throws
    {
        try await withServer(Self.publish) { server in
            let path = "/.well-known/oauth-protected-resource"
            for target in [path + "/team/mcp", path, path + "/mcp"] {
                let response = try server.exchange(
                    .get(target).adding("Origin", "https://anywhere.example")
                )
                #expect(response.status == 200)
                #expect(response["Content-Type"] == "application/json")
                #expect(response["Access-Control-Allow-Origin"] == "*")
                #expect(
                    response.json
                        == .object([
                            "resource": .string("https://mcp.example/team/mcp"),
                            "authorization_servers": .array([.string(TestServer.issuer)]),
                            "scopes_supported": .array([
                                .string("list:tools"), .string("call:tools"),
                                .string("read:todos"),
                            ]),
                            "bearer_methods_supported": .array([.string("header")]),
                            "resource_name": .string("Test"),
                        ])
                )
            }
            #expect(try server.exchange(.get(path + "/other")).status == 404)
            let preflight = try server.exchange(
                .preflight(path, from: "https://anywhere.example", fields: "mcp-protocol-version")
            )
            #expect(preflight.status == 204)
            #expect(preflight["Access-Control-Allow-Origin"] == "*")
            #expect(
                preflight["Access-Control-Allow-Headers"]?.contains("MCP-Protocol-Version") == true
            )
        }
    }

    @Test func `Without a public URL the canonical URI is that of the first address`() async throws
    {
        try await withServer { server in
            #expect(server.server.url == "http://\(server.address)/mcp")
            let response = try server.exchange(list, token: nil)
            let metadata =
                "\"http://\(server.address)/.well-known/oauth-protected-resource/mcp\""
            #expect(response["WWW-Authenticate"]?.contains(metadata) == true)
        }
    }
}
