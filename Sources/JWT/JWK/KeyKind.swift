/// What kinds of keys there are, told apart by what they can sign.
public enum KeyKind: String, Hashable, Sendable, CaseIterable {
    /// Octets that both sides know (`oct`, RFC 7518 §6.4).
    case secret
    /// RFC 7518 §6.3.
    case rsa = "RSA"
    /// RFC 7518 §6.2.
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"
    /// RFC 8037 §2.
    case ed25519 = "Ed25519"

    /// The algorithms that such a key can be bound to.
    public var algorithms: [SignatureAlgorithm] {
        SignatureAlgorithm.allCases.filter { $0.keyKind == self }
    }
}

extension KeyKind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .secret: "a secret"
        case .rsa: "an RSA key"
        case .p256, .p384, .p521: "a \(rawValue) key"
        case .ed25519: "an Ed25519 key"
        }
    }
}
