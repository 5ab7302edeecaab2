internal import Bytes
internal import Crypto
internal import CryptoExtras

/// A private key ready to sign with.
enum PrivateKey: Sendable {
    case hmac(HMACKey)
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)

    /// - Throws: ``KeyError`` if the parameters make no key for the algorithm.
    init(
        _ parameters: PrivateKeyParameters,
        _ algorithm: SignatureAlgorithm,
        keyID: String?
    ) throws(KeyError) {
        do {
            switch parameters {
            case .secret(let secret):
                guard let algorithm = HMACKey.Algorithm(algorithm) else {
                    throw KeyError.algorithmDoesNotFit(algorithm, .secret)
                }
                self = .hmac(try HMACKey(algorithm, secret: secret.span, keyID: keyID))
            case .rsa(let numbers):
                self = .rsa(try _RSA.Signing.PrivateKey(derRepresentation: numbers.pkcs1))
            case .ellipticCurve(.p256, let scalar):
                self = .p256(try P256.Signing.PrivateKey(rawRepresentation: scalar))
            case .ellipticCurve(.p384, let scalar):
                self = .p384(try P384.Signing.PrivateKey(rawRepresentation: scalar))
            case .ellipticCurve(.p521, let scalar):
                self = .p521(try P521.Signing.PrivateKey(rawRepresentation: scalar))
            case .ed25519(let seed):
                self = .ed25519(try Curve25519.Signing.PrivateKey(rawRepresentation: seed))
            }
        } catch let error as KeyError {
            throw error
        } catch {
            throw parameters.kind == .rsa ? .malformedRSAKey : .malformedPrivateKey(parameters.kind)
        }
    }

    /// A signature as a token carries it (RFC 7518 §3).
    ///
    /// - Throws: What swift-crypto does when the numbers do not belong to each other.
    func signature(
        for input: borrowing Span<UInt8>,
        _ algorithm: SignatureAlgorithm
    ) throws -> [UInt8] {
        if case .hmac(let key) = self { return key.signature(for: input) }
        let message = ByteBuffer(copying: input).bytes
        return switch self {
        case .hmac(let key):
            key.signature(for: input)
        case .rsa(let key):
            Array(try Self.signature(for: message, algorithm, key).rawRepresentation)
        case .p256(let key):
            Array(try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
        case .p384(let key):
            Array(try key.signature(for: SHA384.hash(data: message)).rawRepresentation)
        case .p521(let key):
            Array(try key.signature(for: SHA512.hash(data: message)).rawRepresentation)
        case .ed25519(let key):
            Array(try key.signature(for: message))
        }
    }

    private static func signature(
        for message: [UInt8],
        _ algorithm: SignatureAlgorithm,
        _ key: _RSA.Signing.PrivateKey
    ) throws -> _RSA.Signing.RSASignature {
        switch algorithm {
        case .rs256:
            try key.signature(for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
        case .rs384:
            try key.signature(for: SHA384.hash(data: message), padding: .insecurePKCS1v1_5)
        case .rs512:
            try key.signature(for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
        case .ps256: try key.signature(for: SHA256.hash(data: message), padding: .PSS)
        case .ps384: try key.signature(for: SHA384.hash(data: message), padding: .PSS)
        case .ps512: try key.signature(for: SHA512.hash(data: message), padding: .PSS)
        case .hs256, .hs384, .hs512, .es256, .es384, .es512, .edDSA:
            preconditionFailure("an RSA key is bound to \(algorithm)")
        }
    }
}
