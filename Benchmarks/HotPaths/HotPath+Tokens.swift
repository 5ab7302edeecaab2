import AccessControl
import Bytes
import JWT
import Martlet

extension HotPath {
    /// What it takes to know the caller.
    static let tokens: [HotPath] =
        [
            HotPath("Token seen before", countedIterations: 2_000) { _ in
                let token = FixedToken.all[0]
                let bytes = Array(token.text.utf8)
                var cache = VerifiedTokenCache()
                let principal = SampleCaller.principal
                cache.insert(bytes.span, principal, validSeconds: .min ..< .max)
                return { count in
                    for _ in 0..<count {
                        guard cache.principal(for: bytes.span, nowSeconds: 0) != nil else {
                            throw HotPathFailure("the token was forgotten")
                        }
                    }
                }
            }
        ]
        + FixedToken.all.map { token in
            HotPath(
                "Token verified afresh, \(token.algorithm)",
                countedIterations: token.countedIterations
            ) { _ in
                let verifier = try token.verifier()
                let bytes = Array(token.text.utf8)
                return { count in
                    for _ in 0..<count {
                        let claims = try verifier.verify(bytes.span, at: FixedToken.now)
                        guard claims.subject == "bench" else {
                            throw HotPathFailure("the token was misread")
                        }
                    }
                }
            }
        }
}

/// A token that was made once: what verifying one costs depends a little on its signature.
struct FixedToken: Sendable {
    static let issuer = "https://issuer.example"
    static let audience = "https://bench.example/mcp"

    /// When all of them are in force.
    static let now = NumericDate(seconds: FixedToken.issuedAt + 60)

    let algorithm: String
    /// What it is verified with: a public key, or a secret that protects nothing.
    let jwk: String
    let text: String

    /// The elliptic curves of many bits take a hundred times as long as the others.
    var countedIterations: Int {
        switch algorithm {
        case "ES384", "ES512": 2
        case "ES256", "EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512": 20
        default: 1_000
        }
    }

    func verifier() throws -> TokenVerifier {
        let keys = try JWKSet(
            reading: "{\"keys\":[\(jwk)]}".utf8.span,
            algorithms: SignatureAlgorithm.allCases
        )
        let trusted = TrustedIssuer(
            Self.issuer,
            audiences: [Self.audience],
            keys: KeySet(try keys.keys.map { try $0.makeKey() })
        )
        return try TokenVerifier(issuers: [trusted])
    }
}

/// Who calls.
enum SampleCaller {
    static let workspaceName = "bench"

    static let policy: AccessPolicy = {
        do {
            return try AccessPolicy()
        } catch {
            preconditionFailure("the tutorial's roles make a policy: \(error)")
        }
    }()

    static func principal(roles: [String]) -> Principal {
        Principal(
            subject: Subject(issuer: FixedToken.issuer, name: "bench"),
            workspace: .shared,
            rights: policy.rights(roles: roles, scope: nil, permissions: nil),
            roles: roles
        )
    }

    static let principal = principal(roles: ["admin"])
}
