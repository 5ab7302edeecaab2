internal import Bytes
internal import JSON

/// The algorithms that signatures are verified with, by their `alg` values (RFC 7518 §3.1, RFC 8037
/// §3.1).
///
/// `none` is not among them and never will be.
public enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    /// With Ed25519 only: Ed448 is not supported.
    case edDSA = "EdDSA"

    /// What RFC 9864 §2.2 calls ``edDSA`` where the curve is Ed25519.
    private static let ed25519Name = "Ed25519"

    /// The algorithm of this name; case counts (RFC 7515 §4.1.1).
    public init?(name: String) {
        if let algorithm = SignatureAlgorithm(rawValue: name) {
            self = algorithm
        } else if name == Self.ed25519Name {
            self = .edDSA
        } else {
            return nil
        }
    }

    /// Whether signer and verifier share a secret.
    public var isSymmetric: Bool { keyKind == .secret }

    /// What kind of key the algorithm works with.
    public var keyKind: KeyKind {
        switch self {
        case .hs256, .hs384, .hs512: .secret
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
        case .es256: .p256
        case .es384: .p384
        case .es512: .p521
        case .edDSA: .ed25519
        }
    }
}

extension SignatureAlgorithm {
    /// The algorithm that a header names.
    init?(_ name: JSONString, in reader: borrowing JSONReader) {
        guard let name = reader.shortText(of: name) else { return nil }
        let names = Self.names
        for index in names.indices where names[index].name == name {
            self = names[index].algorithm
            return
        }
        return nil
    }

    private static let names: [(name: ShortText, algorithm: SignatureAlgorithm)] =
        allCases.map { (ShortText($0.rawValue), $0) } + [(ShortText(ed25519Name), .edDSA)]
}
