/// The curves of ECDSA (RFC 7518 §6.2.1.1).
enum EllipticCurve: Hashable, Sendable, CaseIterable {
    case p256, p384, p521

    /// The length of a coordinate and of a private scalar: `ceiling(log2(n) / 8)`.
    var coordinateByteCount: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    var kind: KeyKind {
        switch self {
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        }
    }
}
