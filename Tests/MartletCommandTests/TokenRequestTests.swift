import AccessControl
import JWT
import MartletCommand
import Testing

@Suite("Tokens that the command signs")
struct TokenRequestTests {
    @Test(arguments: ["HS256", "HS384", "HS512"])
    func `A server with the same settings believes the token`(algorithm: String) throws {
        let issuer = issuer(["JWT_ALGORITHM": algorithm])
        var request = TokenRequest(role: "user", subject: "ada", seconds: 60)
        request.workspace = Workspace("engines")
        request.scope = "read:todos"
        let claims = try verify(request, as: issuer, at: 59)

        #expect(claims.issuer == "martlet")
        #expect(claims.subject == "ada")
        #expect(claims.string(at: ["workspace"]) == "engines")
        #expect(claims.string(at: ["role"]) == "user")
        #expect(claims.scope == ["read:todos"])
        #expect(claims.tokenID != nil)
    }

    @Test func `A token is good for as long as was asked`() throws {
        let request = TokenRequest(role: "user", subject: "ada", seconds: 60)
        #expect(throws: TokenRejection.self) { try verify(request, as: issuer([:]), at: 60) }
    }

    @Test func `The key of development has an audience that does not depend on the port`() {
        var reader = SettingsReader(flags: [:], environment: ["JWT_EXPIRY": "90m"])
        let issuer = IssuerSettings(
            &reader,
            state: StateDirectory(path: "/nonexistent"),
            missingSecret: nil
        )
        #expect(issuer.audiences == ["martlet-development"])
        #expect(issuer.name == "martlet-development")
        #expect(issuer.tokenSeconds == 5_400)
    }

    @Test(
        arguments: [
            ([.publicURL: ["HTTPS://Todos.Example/Team/"]], "https://todos.example/Team"),
            ([.listen: ["unix:/tmp/x", "[::1]:8080"]], "http://[::1]:8080/mcp"),
            ([.listen: ["[::1]:80"]], "http://[::1]/mcp"),
            ([.publicURL: ["https://todos.example:443/mcp"]], "https://todos.example/mcp"),
            ([.listen: ["unix:/tmp/x"]], "http://localhost/mcp"),
            ([.port: ["5000"], .endpointPath: ["/x/"]], "http://127.0.0.1:5000/x"),
            ([.port: ["0"]], nil),
        ] as [([Setting: [String]], String?)]
    )
    func `The canonical URI is known without a server unless the port is free`(
        flags: [Setting: [String]],
        uri: String?
    ) {
        var reader = SettingsReader(flags: flags, environment: [:])
        #expect(WhereSettings(&reader).canonicalURI == uri)
        #expect(reader.mistakes.isEmpty)
    }

    private static let secret = String(repeating: "s", count: 64)

    private func issuer(_ environment: [String: String]) -> IssuerSettings {
        var reader = SettingsReader(
            flags: [:],
            environment: environment.merging(["JWT_SECRET": Self.secret]) { $1 }
        )
        return IssuerSettings(
            &reader,
            state: StateDirectory(path: "/nonexistent"),
            missingSecret: .noneToVerifyWith
        )
    }

    private func verify(
        _ request: TokenRequest,
        as issuer: IssuerSettings,
        at seconds: Int64
    ) throws -> ClaimsSet {
        let secret = try issuer.loadSecret()
        let token = try request.sign(
            as: issuer,
            audience: "here",
            secret: secret,
            now: NumericDate(seconds: 0)
        )
        let key = try HMACKey(issuer.algorithm, secret: secret.span)
        let trusted = TrustedIssuer(issuer.name, audiences: ["here"], keys: KeySet([.hmac(key)]))
        let verifier = try TokenVerifier(issuers: [trusted], clockSkewSeconds: 0)
        return try verifier.verify(Array(token.utf8).span, at: NumericDate(seconds: seconds))
    }
}
