import Bytes
import JSON
import JWT
import Testing

@Suite("Signing tokens (RFC 7515 §5.1)")
struct TokenSignerTests {
    @Test(arguments: HMACKey.Algorithm.allCases, [TokenSigner.TokenType.jwt, .accessToken])
    func `A signed token verifies and holds the claims that were set`(
        algorithm: HMACKey.Algorithm,
        type: TokenSigner.TokenType
    ) throws {
        let secret = TokenForge.secretBytes
        let key = try HMACKey(algorithm, secret: secret.span, keyID: "k\"1")
        var builder = ClaimsSetBuilder()
        builder.set(.issuer, to: .string(TokenForge.issuer))
        builder.set(.audience, to: .strings(["other", TokenForge.audience]))
        builder.set(.subject, to: .string("Ada \"L\" – π"))
        builder.set(.expirationTime, to: .date(NumericDate(seconds: 1_000_001)))
        builder.set(.scope, to: .string("read:todos call:tools"))
        builder.set("roles", to: .json(try RawJSON(parsing: #"["user"]"#)))

        let token = TokenSigner(key: key, type: type).sign(builder)
        let claims = try TokenForge.verifier([.hmac(key)]).verify(token.span, at: TokenForge.now)
        #expect(claims.subject == "Ada \"L\" – π")
        #expect(claims.audience == TokenForge.audience)
        #expect(claims.expiresAt == NumericDate(seconds: 1_000_001))
        #expect(claims.scope == ["read:todos", "call:tools"])
        #expect(claims.strings(at: ["roles"]) == ["user"])
    }

    @Test func `The header names algorithm, type and kid, in that order`() throws {
        let secret = TokenForge.secretBytes
        let key = try HMACKey(.hs384, secret: secret.span, keyID: "k1")
        let token = TokenSigner(key: key, type: .accessToken).sign(payload: ByteBuffer("{}").span)
        let expected = TokenForge.token(
            header: #"{"alg":"HS384","typ":"at+jwt","kid":"k1"}"#,
            payload: "{}",
            algorithm: .hs384
        )
        #expect(String(decoding: token.bytes, as: UTF8.self) == expected)
    }

    @Test func `A claim set twice is written once, with the later value`() throws {
        var builder = ClaimsSetBuilder()
        builder.set(.subject, to: .string("ada"))
        builder.set(.expirationTime, to: .date(NumericDate(seconds: -1)))
        builder.set("sub", to: .string("eve"))
        #expect(builder.encoded().description == #"{"sub":"eve","exp":-1}"#)
    }
}
