public import Bytes
internal import JSON

/// Makes tokens that a ``TokenVerifier`` with the same key believes (RFC 7515 §5.1).
public struct TokenSigner: Sendable {
    /// What the token says it is.
    public enum TokenType: String, Hashable, Sendable {
        case jwt = "JWT"
        /// RFC 9068 §2.1.
        case accessToken = "at+jwt"
    }

    private enum Key: Sendable {
        case hmac(HMACKey)
        case any(SigningKey)
    }

    private let key: Key

    /// The JOSE header in base64url, with the full stop that follows it.
    private let header: ByteBuffer

    public init(key: HMACKey, type: TokenType = .jwt) {
        self.key = .hmac(key)
        header = Self.header(key.algorithm.signatureAlgorithm, type, keyID: key.keyID)
    }

    public init(key: SigningKey, type: TokenType = .jwt) {
        self.key = .any(key)
        header = Self.header(key.algorithm, type, keyID: key.keyID)
    }

    private static func header(
        _ algorithm: SignatureAlgorithm,
        _ type: TokenType,
        keyID: String?
    ) -> ByteBuffer {
        let json = RawJSON { writer in
            writer.beginObject()
            writer.name("alg")
            writer.string(algorithm.rawValue)
            writer.name("typ")
            writer.string(type.rawValue)
            if let keyID {
                writer.name("kid")
                writer.string(keyID)
            }
            writer.endObject()
        }
        var header = ByteBuffer()
        Base64URL.encode(json.span, into: &header)
        header.append(ASCII.fullStop)
        return header
    }

    /// The claims as a signed token in compact serialization.
    public func sign(_ claims: ClaimsSetBuilder) -> ByteBuffer {
        sign(payload: claims.encoded().span)
    }

    /// Any payload, signed.
    ///
    /// Whether it makes sense as a claims set is not looked at.
    public func sign(payload: borrowing Span<UInt8>) -> ByteBuffer {
        var token = header
        Base64URL.encode(payload, into: &token)
        let signature =
            switch key {
            case .hmac(let key): key.signature(for: token.span)
            case .any(let key): key.signature(for: token.span)
            }
        token.append(ASCII.fullStop)
        Base64URL.encode(signature.span, into: &token)
        return token
    }
}
