import AccessControl
import Bytes
import JSON
import JWT
import Martlet
import Testing

@Suite("Decisions without a server")
struct PolicyTrialTests {
    private static let now: Int64 = 2_000_000_000
    private static let operations = [
        OperationDeclaration(.callTool, permissions: [.callTools]),
        OperationDeclaration(.tool("delete_todo"), permissions: [.deleteTodos]),
    ]

    private func trial(
        keys: KeySource = .secrets([.secret(TestServer.secret, algorithm: .hs256)]),
        workspace: WorkspaceRule = .shared,
        audiences: [String] = []
    ) throws -> PolicyTrial {
        var configuration = TestServer.configuration
        configuration.issuers = [
            IssuerConfiguration(
                TestServer.issuer,
                audiences: audiences,
                keys: keys,
                workspace: workspace
            )
        ]
        configuration.policy.set(
            [
                AccessRule([.deleteTodos]),
                AccessRule(
                    [.updateTodos],
                    when: [
                        .claim("groups", is: .contains("it")), .argument("id", is: .isIn([1, 2])),
                    ]
                ),
            ],
            for: .tool("delete_todo")
        )
        return try PolicyTrial(
            configuration,
            canonicalURI: "https://mcp.example/mcp",
            operations: Self.operations
        )
    }

    private func token(
        audience: String = "https://mcp.example/mcp",
        expiresInSeconds: Int64 = 60,
        secret: [UInt8] = TestServer.secret
    ) throws -> [UInt8] {
        var claims = ClaimsSetBuilder()
        claims.set(.issuer, to: .string(TestServer.issuer))
        claims.set(.audience, to: .string(audience))
        claims.set(.subject, to: .string("ada"))
        claims.set(
            .expirationTime,
            to: .date(NumericDate(seconds: Self.now + expiresInSeconds))
        )
        claims.set("role", to: .string("user"))
        claims.set("groups", to: .strings(["hr", "it"]))
        let signer = TokenSigner(key: try HMACKey(.hs256, secret: secret.span))
        return signer.sign(claims).bytes
    }

    private func judge(_ trial: PolicyTrial, _ token: [UInt8]) -> PolicyTrial.Verdict {
        trial.verdict(on: token.span, nowSeconds: Self.now)
    }

    private func bearer(_ verdict: PolicyTrial.Verdict) -> TrialCaller? {
        if case .caller(let caller) = verdict { return caller }
        return nil
    }

    private func fault(_ verdict: PolicyTrial.Verdict) -> TokenRejection? {
        if case .rejected(let rejection) = verdict { return rejection }
        return nil
    }

    private func outcome(
        _ trial: PolicyTrial,
        _ verdict: PolicyTrial.Verdict,
        _ arguments: String?
    ) throws -> AccessOutcome? {
        guard let caller = bearer(verdict) else { return nil }
        let explanation = trial.explain(
            .tool("delete_todo"),
            by: caller,
            arguments: try arguments.map { try RawJSON(parsing: $0) }
        )
        return explanation.map { trial.policy.outcome(of: $0.decision) }
    }

    @Test func `A token that verifies is judged with all its claims`() throws {
        let trial = try trial()
        let verdict = judge(trial, try token())
        let caller = try #require(bearer(verdict))
        #expect(caller.isSignatureChecked)
        #expect(caller.subject == Subject(issuer: TestServer.issuer, name: "ada"))
        #expect(try outcome(trial, verdict, nil) == .dependsOnArguments)
        #expect(try outcome(trial, verdict, #"{"id":2}"#) == .allowed)
        #expect(try outcome(trial, verdict, #"{"id":3}"#) == .forbidden)
        #expect(trial.answer(to: .dependsOnArguments) == nil)
        #expect(trial.answer(to: .allowed) == .init(statusCode: 200, challenge: nil))
    }

    @Test func `A token that is refused is refused as the server would`() throws {
        let trial = try trial()
        let other = Array("another secret of thirty-two bytes or so".utf8)
        let tokens: [([UInt8], TokenRejection)] = [
            (try token(secret: other), .invalidSignature),
            (try token(audience: "https://mcp.example/"), .wrongAudience),
            (
                try token(expiresInSeconds: -61),
                .expired(at: NumericDate(seconds: Self.now - 61))
            ),
            (Array("nonsense".utf8), .notCompactSerialization),
        ]
        for (token, rejection) in tokens {
            #expect(fault(judge(trial, token)) == rejection)
            let answer = trial.answer(to: rejection)
            #expect(answer.statusCode == 401)
            #expect(answer.challenge?.hasPrefix("Bearer error=\"invalid_token\", ") == true)
        }
        #expect(
            trial.answer(to: .keysUnavailable(issuer: "x"))
                == .init(statusCode: 503, challenge: nil)
        )
    }

    @Test func `Where keys are fetched all but the signature is checked`() throws {
        let url = "https://issuer.example/jwks"
        let trial = try trial(keys: .keySetURL(url))
        let verdict = judge(trial, try token())
        let caller = try #require(bearer(verdict))
        #expect(!caller.isSignatureChecked)
        #expect(try outcome(trial, verdict, #"{"id":1}"#) == .allowed)
        let expired = judge(trial, try token(expiresInSeconds: -61))
        #expect(fault(expired) == .expired(at: NumericDate(seconds: Self.now - 61)))
    }

    @Test func `A token that leads to no workspace is told so`() throws {
        let rule = WorkspaceRule(claimPath: ["team"], names: .any, absence: .refuse)
        let verdict = judge(try trial(workspace: rule), try token())
        var refusal: WorkspaceRefusal?
        if case .withoutWorkspace(let found) = verdict { refusal = found }
        #expect(refusal == .claimMissing)
    }

    @Test func `Claims that nobody signed are read as those of their issuer`() throws {
        let trial = try trial(audiences: ["somewhere"])
        for issuer in [nil, TestServer.issuer, "https://elsewhere.example"] {
            var claims = ClaimsSetBuilder()
            if let issuer { claims.set(.issuer, to: .string(issuer)) }
            claims.set("role", to: .string("user"))
            claims.set("groups", to: .strings(["it"]))
            let verdict = trial.verdict(on: claims, nowSeconds: Self.now)
            #expect(try outcome(trial, verdict, #"{"id":1}"#) == .allowed)
            #expect(try outcome(trial, verdict, "{}") == .forbidden)
        }
    }

    @Test func `Claims that no token can have are refused and never a crash`() throws {
        let trial = try trial()
        for (name, value) in [
            ("iss", ClaimsSetBuilder.Value.string("")), ("iss", .strings([])),
            ("sub", .string("")), ("scope", .json(try RawJSON(parsing: "1"))),
            ("exp", .string("soon")), ("aud", .string("elsewhere")),
        ] {
            var claims = ClaimsSetBuilder()
            claims.set(ClaimName(name), to: value)
            let verdict = trial.verdict(on: claims, nowSeconds: Self.now)
            #expect(fault(verdict) != nil, "\(name)")
        }
    }

    @Test func `The challenge is the one that the server sends`() throws {
        let trial = try trial()
        var claims = ClaimsSetBuilder()
        claims.set(.scope, to: .string("openid"))
        let caller = try #require(bearer(trial.verdict(on: claims, nowSeconds: Self.now)))
        let found = try #require(
            trial.explain(.tool("delete_todo"), by: caller, arguments: nil)
        )
        #expect(
            trial.answer(to: found.decision)?.challenge == """
                Bearer error="insufficient_scope", scope="call:tools delete:todos", \
                resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"
                """
        )
    }
}
