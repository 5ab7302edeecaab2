import Foundation
import JSON
import JWT
import Martlet
import MartletCommand
import Testing

/// Tokens are of the shapes that the providers document:
/// <https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference>,
/// <https://www.keycloak.org/docs/latest/server_admin/#audience-support>,
/// <https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles>,
/// <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/>.
@Suite("docs/IdentityProviders.md", .enabled(if: Curl.isInstalled, "needs curl"))
struct IdentityProviderTests {
    private static let everything = [
        "add_todo", "list_todos", "complete_todo", "update_todo_text", "delete_todo",
        "import_todos", "clear_completed",
    ]
    private static let withoutDeleting = everything.filter {
        $0 != "delete_todo" && $0 != "clear_completed"
    }
    private static let reading = ["list_todos"]

    /// The audience where that is the canonical URI.
    private static let url = "https://todos.example/mcp"

    @Test(arguments: ["Microsoft Entra ID", "Keycloak", "Auth0", "Okta"])
    func `The configuration is accepted as it is printed and asks the provider for its keys`(
        heading: String
    ) throws {
        let text = try ProviderServer.configuration(heading)
        let file = SettingsFile(content: Array(text.utf8), path: "f")
        var reader = SettingsReader(flags: [:], environment: [:], file: file)
        let settings = ServeSettings(&reader, isDevelopment: false, descriptorCountMax: 20_000)
        #expect(reader.mistakes.isEmpty)
        #expect(settings.trust.own == nil)
        #expect(settings.place.canonicalURI == Self.url)
        let issuer = try #require(settings.trust.others.first)
        guard case .discovery = issuer.keySource else {
            Issue.record("the keys come from elsewhere")
            return
        }
    }

    @Test func `Entra ID: app roles and scopes of v2.0 tokens`() throws {
        let tenant = "11111111-2222-4333-8444-555555555555"
        func claims(_ changes: [String: String?]) -> [String: String?] {
            [
                "aud": #""66666666-7777-4888-9999-aaaaaaaaaaaa""#,
                "iss": #""https://login.microsoftonline.com/\#(tenant)/v2.0""#,
                "sub": #""AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ""#,
                "azp": #""12345678-1111-4222-8333-444444444444""#, "azpacr": #""0""#,
                "oid": #""90000000-aaaa-4bbb-8ccc-dddddddddddd""#, "tid": "\"\(tenant)\"",
                "name": #""Ada""#, "preferred_username": #""ada@contoso.example""#,
                "rh": #""0.A""#, "uti": #""fqiBqXLPj0eQa82S-IYFAA""#, "ver": #""2.0""#,
                "scp": #""Todos.Access Todos.Read Todos.Write""#, "roles": #"["Todos.User"]"#,
            ].merging(changes) { $1 }
        }
        try ProviderServer.run("Microsoft Entra ID") { (server) throws in
            #expect(try server.tools(claims([:])) == .names(Self.withoutDeleting))
            #expect(
                try server.tools(claims(["roles": #"["Todos.Admin", "Other"]"#]))
                    == .names(Self.everything)
            )
            // Consent to less than the role permits.
            #expect(
                try server.tools(claims(["scp": #""Todos.Access Todos.Read""#]))
                    == .names(Self.reading)
            )
            // The client credentials flow: no user and no scp.
            let application: [String: String?] = [
                "scp": nil, "name": nil, "preferred_username": nil, "azpacr": #""1""#,
                "roles": #"["Todos.Reader"]"#, "idtyp": #""app""#,
            ]
            #expect(try server.tools(claims(application)) == .names(Self.reading))
            #expect(try server.tools(claims(["roles": nil])) == .refused(403))
            #expect(try server.tools(claims(["roles": #"["admin"]"#])) == .refused(403))
            // v1.0, and another API of the tenant.
            #expect(
                try server.tools(claims(["iss": #""https://sts.windows.net/\#(tenant)/""#]))
                    == .refused(401)
            )
            #expect(
                try server.tools(claims(["aud": #""00000003-0000-0000-c000-000000000000""#]))
                    == .refused(401)
            )
        }
    }

    @Test func `Keycloak: roles of realm and client, audience by mapper, workspace by attribute`()
        throws
    {
        func claims(_ changes: [String: String?]) -> [String: String?] {
            [
                "jti": #""d58f5dc8-fd8f-462b-8a19-716f8f83985b""#,
                "iss": #""https://sso.example/realms/team""#,
                "aud": #"["https://todos.example/mcp", "account"]"#,
                "sub": #""36fa0f91-f94d-4a0c-afed-6b7d952e47da""#, "typ": #""Bearer""#,
                "azp": #""agent""#, "sid": #""2a88c258-f73a-4103-b862-e1fbd8f4e04e""#,
                "acr": #""1""#, "allowed-origins": #"["http://localhost:6080"]"#,
                "realm_access": #"{"roles": ["offline_access", "todos-reader"]}"#,
                "resource_access": #"{"account": {"roles": ["manage-account"]}}"#,
                "scope": #""email profile""#, "email_verified": "true",
                "preferred_username": #""ada""#, "workspace": #""team-engines""#,
            ].merging(changes) { $1 }
        }
        try ProviderServer.run("Keycloak") { (server) throws in
            #expect(try server.tools(claims([:])) == .names(Self.reading))
            #expect(
                try server.tools(
                    claims(["resource_access": #"{"todos": {"roles": ["todos-user"]}}"#])
                ) == .names(Self.withoutDeleting)
            )
            let allowed = #""openid list:tools call:tools read:todos""#
            let administrator = #"{"roles": ["todos-admin"]}"#
            #expect(
                try server.tools(claims(["realm_access": administrator, "scope": allowed]))
                    == .names(Self.reading)
            )
            // A realm role that happens to have the name of one of this server's.
            #expect(
                try server.tools(claims(["realm_access": #"{"roles": ["admin"]}"#]))
                    == .refused(403)
            )
            #expect(
                try server.tools(claims(["realm_access": #"["todos-admin"]"#])) == .refused(403)
            )
            #expect(try server.tools(claims(["workspace": #""default""#])) == .refused(403))
            #expect(try server.tools(claims(["workspace": nil])) == .refused(403))
            #expect(try server.tools(claims(["aud": #""account""#])) == .refused(401))
            #expect(try server.tools(claims(["typ": #""ID""#])) == .refused(401))
            #expect(try server.tools(claims(["typ": #""Refresh""#])) == .refused(401))
        }
    }

    @Test(arguments: ["JWT", "at+jwt"])
    func `Auth0: permissions, scope and claims with URLs for names, in both token profiles`(
        type: String
    ) throws {
        func claims(_ changes: [String: String?]) -> [String: String?] {
            let ofProfile: [String: String?] =
                type == "JWT"
                ? ["azp": #""my_client_id""#, "gty": #""authorization_code""#]
                : ["client_id": #""my_client_id""#, "jti": #""73WakrfVbNJBaAmhQtEeDv""#]
            return [
                "iss": #""https://example.eu.auth0.com/""#, "sub": #""auth0|123456""#,
                "aud":
                    #"["https://todos.example/mcp", "https://example.eu.auth0.com/userinfo"]"#,
                "scope": #""openid profile list:tools call:tools read:todos delete:todos""#,
                "permissions": #"["list:tools", "call:tools", "read:todos", "delete:todos"]"#,
            ].merging(ofProfile) { $1 }.merging(changes) { $1 }
        }
        let readingAndDeleting = ["list_todos", "delete_todo", "clear_completed"]
        let roles = "https://todos.example/roles"
        try ProviderServer.run("Auth0") { (server) throws in
            func tools(_ changes: [String: String?]) throws -> Tools {
                try server.tools(claims(changes), type: type)
            }
            #expect(try tools([:]) == .names(readingAndDeleting))
            #expect(try tools([roles: #"["user"]"#]) == .names(Self.reading))
            #expect(
                try tools(["permissions": #"["list:tools", "call:tools", "read:todos"]"#])
                    == .names(Self.reading)
            )
            #expect(try tools(["permissions": "{}"]) == .refused(403))
            #expect(try tools([roles: #"{"role": "admin"}"#]) == .refused(403))
            let workspace = "https://todos.example/workspace"
            #expect(try tools([workspace: #""engines""#]) == .names(readingAndDeleting))
            #expect(try tools([workspace: #""other""#]) == .refused(403))
            #expect(
                try tools(["aud": #""https://example.eu.auth0.com/userinfo""#]) == .refused(401)
            )
            #expect(try tools(["iss": #""https://example.eu.auth0.com""#]) == .refused(401))
        }
    }

    @Test func `Okta: scp as an array, groups as roles, no typ in the header`() throws {
        func claims(_ changes: [String: String?]) -> [String: String?] {
            [
                "ver": "1", "jti": #""AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE""#,
                "iss": #""https://example.okta.com/oauth2/aus1a2b3c4d5e6f7g8h9""#,
                "aud": "\"\(Self.url)\"", "cid": #""0oabv6kx4qq6h1U5l0h7""#,
                "uid": #""00uid4BxXw6I6TV4m0g3""#, "sub": #""ada@contoso.example""#,
                "scp": #"["openid", "list:tools", "call:tools", "read:todos", "create:todos"]"#,
                "groups": #"["Everyone", "Todos Users"]"#,
            ].merging(changes) { $1 }
        }
        try ProviderServer.run("Okta") { (server) throws in
            func tools(_ changes: [String: String?]) throws -> Tools {
                try server.tools(claims(changes), type: nil)
            }
            #expect(try tools([:]) == .names(["add_todo", "list_todos", "import_todos"]))
            #expect(try tools(["scp": #"["openid"]"#]) == .names(Self.withoutDeleting))
            #expect(try tools(["groups": #"["Todos Readers"]"#]) == .names(Self.reading))
            #expect(try tools(["groups": nil]) == .refused(403))
            #expect(try tools(["groups": #"["Everyone"]"#]) == .refused(403))
            #expect(try tools(["scp": "7"]) == .refused(401))
            #expect(try tools(["scp": "[]"]) == .refused(401))
            // The org authorization server, for Okta's own APIs.
            #expect(try tools(["iss": #""https://example.okta.com""#]) == .refused(401))
            #expect(try tools(["aud": #""https://example.okta.com""#]) == .refused(401))
        }
    }
}

/// What `tools/list` answers.
private enum Tools: Hashable {
    case names([String])
    case refused(Int)
}

/// A server with a configuration of docs/IdentityProviders.md, and the provider's key.
private struct ProviderServer {
    private let url: String
    private let key: SigningKey

    static func configuration(_ heading: String) throws -> String {
        let page = try Document.named("IdentityProviders.md")
        let blocks = try Document.jsonBlocks(under: heading, of: page)
        #expect(blocks.count == 1)
        return try #require(blocks.first)
    }

    /// Runs the server as the page configures it, but for where the keys come from.
    static func run(_ heading: String, _ body: (ProviderServer) throws -> Void) throws {
        let discovery = #""discovery": true"#
        let text = try configuration(heading)
        #expect(text.components(separatedBy: discovery).count == 2)
        let local = text.replacingOccurrences(of: discovery, with: #""key-files": ["keys.json"]"#)
        let key = try SigningKey.generate(.rs256)
        try withTemporaryDirectory { directory in
            let keys = JWKSet.encode([key.keyMaterial]).description
            for (name, content) in ["martlet.json": local, "keys.json": keys] {
                try Data(content.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
            }
            let server = try RunningCommand(
                ["--config", "martlet.json", "--port", "0", "--database", "memory"],
                in: directory
            )
            #expect(server.waitForOutput("/mcp\n"))
            let url = try #require(server.output.split(whereSeparator: \.isWhitespace).last)
            defer { _ = Result { try server.stop() } }
            try body(ProviderServer(url: String(url), key: key))
        }
    }

    /// What somebody with these claims may use; each value is JSON, and `nil` leaves one out.
    func tools(_ claims: [String: String?], type: String? = "JWT") throws -> Tools {
        let now = Int(Date().timeIntervalSince1970)
        var members = claims.compactMap { name, value in value.map { "\"\(name)\": \($0)" } }
        members += ["\"iat\": \(now)", "\"nbf\": \(now)", "\"exp\": \(now + 3_600)"]
        let typeMember = type.map { "\"typ\": \"\($0)\", " } ?? ""
        let header = "{\(typeMember)\"alg\": \"RS256\", \"kid\": \"\(key.keyID ?? "")\"}"
        let input = "\(base64URL(header)).\(base64URL("{\(members.joined(separator: ", "))}"))"
        let token = "\(input).\(base64URL(key.signature(for: Array(input.utf8).span)))"

        let answer = try Curl.listTools(at: url, token: token)
        guard answer.status == 200 else { return .refused(answer.status) }
        let object = try JSONSerialization.jsonObject(with: Data(answer.body.utf8))
        let result = try #require((object as? [String: Any])?["result"] as? [String: Any])
        let tools = try #require(result["tools"] as? [[String: Any]])
        return .names(tools.compactMap { $0["name"] as? String })
    }

    private func base64URL(_ text: String) -> String { base64URL(Array(text.utf8)) }

    private func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
