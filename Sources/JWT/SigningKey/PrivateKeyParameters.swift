internal import Crypto

/// What a private key consists of, whatever document it came in.
enum PrivateKeyParameters: Sendable {
    case secret([UInt8])
    case rsa(RSAPrivateNumbers)
    /// A scalar of the curve's full length.
    case ellipticCurve(EllipticCurve, [UInt8])
    /// The seed, which RFC 8032 §5.1.5 calls the private key.
    case ed25519([UInt8])

    var kind: KeyKind {
        switch self {
        case .secret: .secret
        case .rsa: .rsa
        case .ellipticCurve(let curve, _): curve.kind
        case .ed25519: .ed25519
        }
    }

    /// The public half, computed from the private one.
    func publicParameters() throws(KeyError) -> KeyParameters {
        switch self {
        case .secret(let secret):
            return .secret(secret)
        case .rsa(let numbers):
            return .rsa(modulus: numbers.modulus, exponent: numbers.exponent)
        case .ellipticCurve(let curve, let scalar):
            return try KeyParameters(curve, point: try Self.point(on: curve, times: scalar))
        case .ed25519(let seed):
            do {
                let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
                return .ed25519(Array(key.publicKey.rawRepresentation))
            } catch {
                throw .malformedPrivateKey(.ed25519)
            }
        }
    }

    private static func point(
        on curve: EllipticCurve,
        times scalar: [UInt8]
    ) throws(KeyError) -> [UInt8] {
        do {
            return switch curve {
            case .p256:
                Array(
                    try P256.Signing.PrivateKey(rawRepresentation: scalar)
                        .publicKey.x963Representation
                )
            case .p384:
                Array(
                    try P384.Signing.PrivateKey(rawRepresentation: scalar)
                        .publicKey.x963Representation
                )
            case .p521:
                Array(
                    try P521.Signing.PrivateKey(rawRepresentation: scalar)
                        .publicKey.x963Representation
                )
            }
        } catch {
            throw .malformedPrivateKey(curve.kind)
        }
    }
}
