import AccessControl
import JWT
import Libuv
import Martlet
import ProtocolTestSupport
import Testing

@Suite("What an issuer's claims mean (RFC 9068 §2.2.3.1, OpenID Connect Core §5.6.2)")
struct ClaimMappingTests {
    private static let everything: Set<String> = ["whoami", "wait", "write", "fail"]
    private static let reading: Set<String> = ["whoami", "wait", "fail"]

    @Test func `Roles of all claims count together, whichever way they are nested`() async throws {
        try await withIssuer({ issuer in
            issuer.roleClaimPaths = [
                ["realm_access", "roles"], ["resource_access", "my.client", "roles"],
                ["https://x.example/roles"],
            ]
        }) { (server) throws in
            let claims = [
                ("realm_access", #"{"roles": ["readonly"]}"#),
                ("resource_access", #"{"my.client": {"roles": "user"}}"#),
                ("https://x.example/roles", #"["user"]"#),
            ]
            #expect(try server.tools([claims[0]]) == .names(Self.reading))
            #expect(try server.tools([claims[1]]) == .names(Self.everything))
            #expect(try server.tools([claims[2]]) == .names(Self.everything))
            #expect(try server.tools([claims[0], claims[2]]) == .names(Self.everything))
            #expect(try server.tools([("role", #""user""#)]) == .refused(403))
        }
    }

    @Test(
        arguments: [
            #"{"realm_access": ["user"]}"#, #"{"realm_access": "user"}"#,
            #"{"realm_access": {"roles": {"user": true}}}"#,
            #"{"realm_access": {"roles": ["user", 1]}}"#,
            #"{"realm_access": {"roles": null}}"#, #"{"realm_access": null}"#,
            #"{"realm_access": {"roles": ["user"], "roles": ["user"]}}"#,
            #"{"_claim_names": {"realm_access": "src1"}}"#, #"{"_claim_names": "src1"}"#,
        ]
    )
    func `A role claim that cannot be read permits nothing, whatever the scope names`(
        claims: String
    ) async throws {
        try await withIssuer({ $0.roleClaimPaths = [["realm_access", "roles"]] }) {
            (server) throws in
            let scope = ("scope", #""list:tools call:tools read:todos""#)
            let (name, value) = try #require(member(of: claims))
            #expect(try server.tools([(name, value), scope]) == .refused(403))
            #expect(try server.tools([scope]) == .names(Self.reading))
        }
    }

    @Test func `Only names in the map are roles, byte for byte`() async throws {
        try await withIssuer({ issuer in
            issuer.roleNames = [
                "7c9e6679-7425-40de-944b-e07fc1f90ae7": ["user"], "K": ["user"], "none": [],
            ]
        }) { (server) throws in
            func tools(_ roles: String) throws -> Tools { try server.tools([("roles", roles)]) }
            #expect(
                try tools(#"["x", "7c9e6679-7425-40de-944b-e07fc1f90ae7"]"#)
                    == .names(Self.everything)
            )
            #expect(try tools(#"["K"]"#) == .names(Self.everything))
            // U+212A, the Kelvin sign, is canonically equivalent to K.
            #expect(try tools(#"["\u212a"]"#) == .refused(403))
            #expect(try tools(#"["user", "admin"]"#) == .refused(403))
            #expect(try tools(#"["none"]"#) == .refused(403))
        }
    }

    @Test func `Where roles are required a scope alone permits nothing`() async throws {
        try await withIssuer({ $0.requiresRoles = true }) { (server) throws in
            let scope = ("scope", #""list:tools call:tools read:todos""#)
            #expect(try server.tools([scope]) == .refused(403))
            #expect(try server.tools([scope, ("role", #""user""#)]) == .names(Self.reading))
        }
    }

    @Test func `The first scope claim that is there counts`() async throws {
        try await withIssuer({ $0.scopeClaimPaths = [["access", "scope"], ["scp"]] }) {
            (server) throws in
            let wide = #""list:tools call:tools read:todos create:todos""#
            let narrow = #"["list:tools", "call:tools read:todos"]"#
            #expect(try server.tools([("scp", wide)]) == .names(Self.everything))
            #expect(
                try server.tools([("access", #"{"scope": \#(narrow)}"#), ("scp", wide)])
                    == .names(Self.reading)
            )
            #expect(try server.tools([("scope", wide)]) == .refused(403))
        }
    }

    @Test(arguments: [#"{"scope": 7}"#, #"{"scope": []}"#, #"{"scope": {}}"#, "[]", #""x""#])
    func `A scope that cannot be read refuses the token, whatever the role permits`(
        value: String
    ) async throws {
        try await withIssuer({ $0.scopeClaimPaths = [["access", "scope"]] }) { (server) throws in
            let role = ("role", #""user""#)
            #expect(try server.tools([role]) == .names(Self.everything))
            #expect(try server.tools([role, ("access", value)]) == .refused(401))
        }
    }

    @Test func `Scopes go by the issuer's names, and others still narrow`() async throws {
        try await withIssuer({ issuer in
            issuer.scopeNames = [
                "Todos.Read": ["list:tools", "call:tools", "read:todos"],
                "Todos.Write": ["create:todos"],
            ]
        }) { (server) throws in
            func tools(_ scope: String, role: String? = nil) throws -> Tools {
                try server.tools(
                    [("scope", "\"\(scope)\"")] + (role.map { [("role", "\"\($0)\"")] } ?? [])
                )
            }
            #expect(try tools("Todos.Read") == .names(Self.reading))
            #expect(try tools("Todos.Read Todos.Write") == .names(Self.everything))
            #expect(try tools("openid Todos.Read", role: "user") == .names(Self.reading))
            #expect(
                try tools("list:tools call:tools read:todos", role: "user")
                    == .names(Self.reading)
            )
        }
    }

    @Test func `A scope that goes by a name the policy does not know is refused at start-up`()
        async throws
    {
        let error = ConfigurationError.unknownScope(
            issuer: TestServer.issuer,
            scope: "Todos.Read",
            name: "raed:todos"
        )
        await #expect(throws: error) {
            try await withIssuer({ $0.scopeNames = ["Todos.Read": ["list:tools", "raed:todos"]] }) {
                _ in
            }
        }
    }

    @Test(arguments: [#"["list:tools", "read:todos"]"#, "{}", "[1]", "null"])
    func `Permissions elsewhere take away what they do not list`(value: String) async throws {
        try await withIssuer({ $0.permissionsClaimPath = ["may", "todos"] }) { (server) throws in
            let role = ("role", #""user""#)
            let expected: Tools = value.contains(":") ? .names([]) : .refused(403)
            #expect(try server.tools([role, ("may", #"{"todos": \#(value)}"#)]) == expected)
            #expect(try server.tools([role, ("permissions", "[]")]) == .names(Self.everything))
        }
    }

    @Test func `A workspace that is said to be elsewhere is not taken for absent`() async throws {
        let rule = WorkspaceRule(claimPath: ["org", "team"], names: .any, absence: .fixed(.shared))
        try await withIssuer({ $0.workspace = rule }) { (server) throws in
            let role = ("role", #""user""#)
            #expect(try server.tools([role]) == .names(Self.everything))
            #expect(
                try server.tools([role, ("_claim_names", #"{"org": "src1"}"#)]) == .refused(403)
            )
            #expect(try server.tools([role, ("org", #"{"team": 7}"#)]) == .refused(403))
            #expect(
                try server.tools([role, ("org", #"{"team": "red"}"#)]) == .names(Self.everything)
            )
        }
    }

    private func withIssuer(
        _ change: (inout IssuerConfiguration) -> Void,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        try await withServer(
            { configuration in
                configuration.failedAuthenticationsPerPeer = .unlimited
                change(&configuration.issuers[0])
            },
            body
        )
    }

    /// The only member of an object, its value as it is written.
    private func member(of object: String) -> (String, String)? {
        let parts = object.dropFirst().dropLast().split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return (String(parts[0].dropFirst().dropLast()), String(parts[1]))
    }
}

/// What `tools/list` answers.
private enum Tools: Hashable {
    case names(Set<String>)
    case refused(Int)
}

extension TestServer {
    /// What somebody with these claims may use; each value is JSON.
    fileprivate func tools(_ claims: [(String, String)]) throws -> Tools {
        let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
        let registered = [
            ("iss", "\"\(Self.issuer)\""), ("aud", "\"\(Self.audience)\""), ("sub", #""ada""#),
            ("exp", "\(now.advanced(bySeconds: 3_600))"),
        ]
        let members = (registered + claims).map { "\"\($0.0)\": \($0.1)" }
        let payload = Array("{\(members.joined(separator: ", "))}".utf8)
        let secret = Self.secret
        let signer = TokenSigner(key: try HMACKey(.hs256, secret: secret.span))
        let token = String(decoding: signer.sign(payload: payload.span).bytes, as: UTF8.self)
        let response = try exchange(.modern("tools/list"), token: token)
        guard response.status == 200 else { return .refused(response.status) }
        let tools = response.result?["tools"]?.elements ?? []
        return .names(Set(tools.compactMap { $0["name"]?.string }))
    }
}
