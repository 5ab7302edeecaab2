import Bytes
import JWT
import Testing

@Suite("Issuers, their algorithms and their keys (RFC 8725 §3.1 and §3.8)")
struct TrustTests {
    private let key: SigningKey
    private let other: SigningKey

    init() throws {
        key = try SigningKey.generate(.es256, keyID: "new")
        other = try SigningKey.generate(.edDSA, keyID: "old")
    }

    @Test func `An algorithm that the issuer is not configured for is refused, keys or none`()
        throws
    {
        let verifier = try verifier(algorithms: [.edDSA], keys: [key, other])
        #expect(rejection(key, verifier) == .wrongAlgorithm(.es256))
        #expect(rejection(other, verifier) == nil)
        let waiting = try TokenVerifier(issuers: [issuer(algorithms: [.edDSA], keys: nil)])
        #expect(rejection(key, waiting) == .wrongAlgorithm(.es256))
    }

    @Test func `As long as there are no keys, the token is not to blame`() throws {
        var verifier = try TokenVerifier(issuers: [issuer(algorithms: [], keys: nil)])
        #expect(rejection(key, verifier) == .keysUnavailable(issuer: TokenForge.issuer))
        verifier.setKeys(try KeySet(making: [key.keyMaterial]), ofIssuer: TokenForge.issuer)
        #expect(rejection(key, verifier) == nil)
        for keys in [nil, KeySet([])] {
            verifier.setKeys(keys, ofIssuer: TokenForge.issuer)
            #expect(rejection(key, verifier) == .keysUnavailable(issuer: TokenForge.issuer))
        }
        verifier.setKeys(try KeySet(making: [key.keyMaterial]), ofIssuer: "https://nobody")
        #expect(rejection(key, verifier) == .keysUnavailable(issuer: TokenForge.issuer))
    }

    @Test func `Of an algorithm that is configured and has no key, the key is unknown`() throws {
        let configured = try verifier(algorithms: [.es256, .edDSA], keys: [other])
        #expect(rejection(key, configured) == unknown("new"))
        // Without a configuration the keys say which algorithms there are.
        let nameless = try SigningKey(pem: try #require(key.pem), keyID: "")
        #expect(rejection(key, try verifier(algorithms: [], keys: [other])) == unknown("new"))
        #expect(rejection(nameless, configured) == unknown(""))
    }

    @Test func `A kid longer than any key's is unknown and not repeated`() throws {
        let verifier = try verifier(algorithms: [], keys: [key])
        for (count, isNamed) in [(255, true), (256, false)] {
            let kid = String(repeating: "k", count: count)
            let token = TokenForge.token(header: #"{"alg":"ES256","kid":"\#(kid)"}"#)
            #expect(TokenForge.rejection(of: token, by: verifier) == unknown(isNamed ? kid : nil))
        }
    }

    @Test func `Without kid at most eight public keys are tried`() throws {
        let others = try (0..<7).map { _ in try SigningKey.generate(.es256) }
        let unnamed = TokenForge.base64URL(Array(#"{"alg":"ES256"}"#.utf8))
        let input = "\(unnamed).\(TokenForge.base64URL(Array(TokenForge.claims().utf8)))"
        let signature = key.signature(for: ByteBuffer(input).span)
        let token = "\(input).\(TokenForge.base64URL(signature))"
        let eighth = try verifier(algorithms: [], keys: others + [key])
        #expect(TokenForge.rejection(of: token, by: eighth) == nil)
        let ninth = try verifier(algorithms: [], keys: [try .generate(.es256)] + others + [key])
        #expect(TokenForge.rejection(of: token, by: ninth) == .invalidSignature)
        // One that names its key finds it in any place.
        #expect(rejection(key, ninth) == nil)
    }

    @Test func `Keys of one issuer are set without touching another's`() throws {
        var verifier = try TokenVerifier(issuers: [
            issuer(algorithms: [], keys: try KeySet(making: [key.keyMaterial])),
            TrustedIssuer("https://other", audiences: ["a"], keys: nil),
        ])
        verifier.setKeys(try KeySet(making: [other.keyMaterial]), ofIssuer: "https://other")
        #expect(rejection(key, verifier) == nil)
        #expect(rejection(other, verifier) == unknown("old"))
    }

    private func unknown(_ keyID: String?) -> TokenRejection {
        .unknownKey(UnknownKey(issuer: TokenForge.issuer, keyID: keyID))
    }

    private func issuer(algorithms: [SignatureAlgorithm], keys: KeySet?) -> TrustedIssuer {
        TrustedIssuer(
            TokenForge.issuer,
            audiences: [TokenForge.audience],
            algorithms: algorithms,
            keys: keys
        )
    }

    private func verifier(
        algorithms: [SignatureAlgorithm],
        keys: [SigningKey]
    ) throws -> TokenVerifier {
        let set = try KeySet(making: keys.map(\.keyMaterial))
        return try TokenVerifier(issuers: [issuer(algorithms: algorithms, keys: set)])
    }

    private func rejection(_ key: SigningKey, _ verifier: TokenVerifier) -> TokenRejection? {
        let token = TokenSigner(key: key).sign(payload: ByteBuffer(TokenForge.claims()).span)
        return TokenForge.rejection(of: token.bytes, by: verifier)
    }
}
