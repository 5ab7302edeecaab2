/// What a verification key consists of, whatever document it came in.
enum KeyParameters: Hashable, Sendable {
    case secret([UInt8])
    /// Both big-endian, without leading zeros.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// Coordinates of the curve's full length.
    case ellipticCurve(EllipticCurve, x: [UInt8], y: [UInt8])
    case ed25519([UInt8])

    var kind: KeyKind {
        switch self {
        case .secret: .secret
        case .rsa: .rsa
        case .ellipticCurve(let curve, _, _): curve.kind
        case .ed25519: .ed25519
        }
    }
}
