import Bytes
import Crypto
import JWT

/// Makes tokens with whatever header, payload and signature a test wants.
///
/// Signs with swift-crypto's one-shot functions, so that the module under test is not its own
/// witness.
enum TokenForge {
    static let secretBytes = Array(
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".utf8
    )
    static let issuer = "https://issuer.example"
    static let audience = "https://mcp.example/mcp"
    static let header = #"{"alg":"HS256","typ":"JWT"}"#
    static let now = NumericDate(seconds: 1_000_000)

    /// Claims that verify at ``now``, with `extra` members at the end.
    static func claims(_ extra: String = "") -> String {
        #"{"iss":"\#(issuer)","aud":"\#(audience)","sub":"ada","exp":1000600\#(extra)}"#
    }

    static func token(
        header: String = TokenForge.header,
        payload: String = claims(),
        algorithm: HMACKey.Algorithm = .hs256,
        secret: [UInt8] = secretBytes
    ) -> String {
        let input = "\(base64URL(Array(header.utf8))).\(base64URL(Array(payload.utf8)))"
        return "\(input).\(base64URL(code(of: input, algorithm, secret)))"
    }

    static func code(
        of input: String,
        _ algorithm: HMACKey.Algorithm,
        _ secret: [UInt8]
    ) -> [UInt8] {
        let key = SymmetricKey(data: secret)
        let message = Array(input.utf8)
        return switch algorithm {
        case .hs256: Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        case .hs384: Array(HMAC<SHA384>.authenticationCode(for: message, using: key))
        case .hs512: Array(HMAC<SHA512>.authenticationCode(for: message, using: key))
        }
    }

    static func base64URL(_ bytes: [UInt8]) -> String {
        var buffer = ByteBuffer()
        Base64URL.encode(bytes.span, into: &buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    static func key(
        _ algorithm: HMACKey.Algorithm = .hs256,
        secret: [UInt8] = secretBytes,
        keyID: String? = nil
    ) throws -> VerificationKey {
        .hmac(try HMACKey(algorithm, secret: secret.span, keyID: keyID))
    }

    /// A verifier that trusts ``issuer`` for ``audience`` with one key, or with `keys`.
    static func verifier(
        _ keys: [VerificationKey]? = nil,
        clockSkewSeconds: Int = 60
    ) throws -> TokenVerifier {
        try TokenVerifier(
            issuers: [
                TrustedIssuer(
                    issuer,
                    audiences: [audience],
                    keys: KeySet(try keys ?? [key()])
                )
            ],
            clockSkewSeconds: clockSkewSeconds
        )
    }

    /// Why `token` is refused; `nil` if it is not.
    static func rejection(
        of token: String,
        by verifier: TokenVerifier,
        at now: NumericDate = TokenForge.now
    ) -> TokenRejection? {
        rejection(of: Array(token.utf8), by: verifier, at: now)
    }

    static func rejection(
        of token: [UInt8],
        by verifier: TokenVerifier,
        at now: NumericDate = TokenForge.now
    ) -> TokenRejection? {
        do {
            _ = try verifier.verify(token.span, at: now)
            return nil
        } catch {
            return error
        }
    }
}

/// The same numbers for the same seed (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
