import Bytes
import JWT

extension Target {
    /// Without the key nobody makes a token that is believed, and what the key has signed is believed
    /// only with the claims that must be there.
    ///
    /// The first byte says whether the rest is a token, a payload to sign, or a header beside a
    /// payload that is good.
    static let jwt = Target(name: "jwt") { input in
        var decisions = Decisions(input)
        let kind = decisions.next() % 3
        let rest = Array(decisions.rest)
        switch kind {
        case 0:
            precondition(verify(rest) == nil, "a token that nobody signed is believed")
        case 1:
            let token = signer.sign(payload: rest.span)
            guard let claims = verify(token.bytes) else { return }
            precondition(claims.issuer == issuer, "another issuer is believed")
            precondition(claims.expiresAt.seconds > now.seconds - 120, "an old token is believed")
        default:
            var token = ByteBuffer()
            Base64URL.encode(rest.span, into: &token)
            token.append(".")
            let good = signer.sign(payload: payload.span).bytes
            guard let firstStop = good.firstIndex(of: 0x2E) else { return }
            token.append(ByteBuffer(Array(good[(firstStop + 1)...])))
            guard verify(token.bytes) != nil else { return }
            precondition(token.bytes == good, "another header goes with the signature")
        }
    }

    private static let issuer = "https://issuer.example"
    private static let audience = "https://mcp.example/mcp"
    private static let now = NumericDate(seconds: 1_800_000_000)
    private static let payload = ByteBuffer(
        #"{"iss":"https://issuer.example","aud":"https://mcp.example/mcp","#
            + #""sub":"ada","exp":1800000600}"#
    )

    private static let key: HMACKey = {
        do {
            let secret = Array("a secret of at least thirty-two bytes".utf8)
            return try HMACKey(.hs256, secret: secret.span)
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static let signer = TokenSigner(key: key)

    private static let verifier: TokenVerifier = {
        do {
            return try TokenVerifier(issuers: [
                TrustedIssuer(issuer, audiences: [audience], keys: KeySet([.hmac(key)]))
            ])
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static func verify(_ token: [UInt8]) -> ClaimsSet? {
        do throws(TokenRejection) {
            return try verifier.verify(token.span, at: now)
        } catch {
            _ = error.challengeDescription
            return nil
        }
    }
}
