import Bytes
import JWT
import Testing

@Suite("Key selection (RFC 7515 §4.1.4, RFC 8725 §3.1)")
struct KeySelectionTests {
    private let red = [UInt8](repeating: 1, count: 64)
    private let blue = [UInt8](repeating: 2, count: 64)

    @Test(arguments: HMACKey.Algorithm.allCases, HMACKey.Algorithm.allCases)
    func `A token signed with the same secret under another algorithm is refused`(
        signedWith: HMACKey.Algorithm,
        boundTo: HMACKey.Algorithm
    ) throws {
        let verifier = try TokenForge.verifier([TokenForge.key(boundTo)])
        let name = signedWith.signatureAlgorithm
        let token = TokenForge.token(header: #"{"alg":"\#(name.rawValue)"}"#, algorithm: signedWith)
        let rejection = TokenForge.rejection(of: token, by: verifier)
        #expect(rejection == (signedWith == boundTo ? nil : .wrongAlgorithm(name)))
    }

    @Test func `A signature made with another algorithm than the header names is refused`() throws {
        let verifier = try TokenForge.verifier([TokenForge.key(.hs256), TokenForge.key(.hs512)])
        let token = TokenForge.token(header: #"{"alg":"HS256"}"#, algorithm: .hs512)
        #expect(TokenForge.rejection(of: token, by: verifier) == .invalidSignature)
    }

    @Test func `Of two keys the kid selects one, and only that one is tried`() throws {
        let verifier = try TokenForge.verifier([
            TokenForge.key(secret: red, keyID: "red"), TokenForge.key(secret: blue, keyID: "blue"),
        ])
        #expect(rejection(kid: "red", secret: red, verifier) == nil)
        #expect(rejection(kid: "blue", secret: blue, verifier) == nil)
        #expect(rejection(kid: "red", secret: blue, verifier) == .invalidSignature)
        #expect(rejection(kid: "green", secret: red, verifier) == .unknownKey(key("green")))
        #expect(rejection(kid: "Red", secret: red, verifier) == .unknownKey(key("Red")))
        #expect(rejection(kid: #"r\u0065d"#, secret: red, verifier) == nil)
        #expect(rejection(kid: nil, secret: red, verifier) == nil)
        #expect(rejection(kid: nil, secret: blue, verifier) == nil)
        #expect(rejection(kid: nil, secret: TokenForge.secretBytes, verifier) == .invalidSignature)
    }

    @Test func `A key without kid is tried for every token, and must have signed it`() throws {
        let verifier = try TokenForge.verifier([TokenForge.key(secret: red)])
        #expect(rejection(kid: "whatever", secret: red, verifier) == nil)
        #expect(rejection(kid: "whatever", secret: blue, verifier) == .invalidSignature)
    }

    @Test func `One kid may stand for keys of two algorithms`() throws {
        let verifier = try TokenForge.verifier([
            TokenForge.key(.hs512, secret: red, keyID: "k"),
            TokenForge.key(.hs256, secret: blue, keyID: "k"),
        ])
        #expect(rejection(kid: "k", secret: blue, verifier) == nil)
        #expect(rejection(kid: "k", secret: red, verifier) == .invalidSignature)
    }

    @Test func `One issuer's key never vouches for another issuer`() throws {
        let verifier = try TokenVerifier(issuers: [
            TrustedIssuer(
                "https://red",
                audiences: ["a"],
                keys: KeySet([try TokenForge.key(secret: red)])
            ),
            TrustedIssuer(
                "https://blue",
                audiences: ["b"],
                keys: KeySet([try TokenForge.key(secret: blue)])
            ),
        ])
        func rejection(_ issuer: String, _ audience: String, _ secret: [UInt8]) -> TokenRejection? {
            let payload = #"{"iss":"\#(issuer)","aud":"\#(audience)","sub":"x","exp":2000000}"#
            let token = TokenForge.token(payload: payload, secret: secret)
            return TokenForge.rejection(of: token, by: verifier)
        }
        #expect(rejection("https://red", "a", red) == nil)
        #expect(rejection("https://blue", "b", blue) == nil)
        #expect(rejection("https://blue", "b", red) == .invalidSignature)
        #expect(rejection("https://red", "a", blue) == .invalidSignature)
        #expect(rejection("https://red", "b", red) == .wrongAudience)
    }

    private func key(_ keyID: String?) -> UnknownKey {
        UnknownKey(issuer: TokenForge.issuer, keyID: keyID)
    }

    private func rejection(
        kid: String?,
        secret: [UInt8],
        _ verifier: TokenVerifier
    ) -> TokenRejection? {
        let parameter = kid.map { #","kid":"\#($0)""# } ?? ""
        let token = TokenForge.token(header: #"{"alg":"HS256"\#(parameter)}"#, secret: secret)
        return TokenForge.rejection(of: token, by: verifier)
    }
}
