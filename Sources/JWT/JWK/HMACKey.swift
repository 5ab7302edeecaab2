/// A secret shared with an issuer, bound to one HMAC algorithm (RFC 7518 §3.2).
///
/// Bound, because a key that verifies whatever `alg` the token asks for lets the token choose (RFC
/// 8725 §3.1). The secret is kept only inside the keyed hash, and no description shows it.
///
/// Copies share the keyed hash and count references to it: give every loop a key of its own.
public struct HMACKey: Sendable {
    public enum Algorithm: Hashable, Sendable, CaseIterable {
        case hs256, hs384, hs512

        /// The hash's own length: RFC 7518 §3.2 requires a key of "the same size as the hash
        /// output … or larger".
        public var secretByteCountMin: Int {
            switch self {
            case .hs256: 32
            case .hs384: 48
            case .hs512: 64
            }
        }

        public var signatureAlgorithm: SignatureAlgorithm {
            switch self {
            case .hs256: .hs256
            case .hs384: .hs384
            case .hs512: .hs512
            }
        }

        /// - Returns: `nil` if `algorithm` is none with a shared secret.
        public init?(_ algorithm: SignatureAlgorithm) {
            switch algorithm {
            case .hs256: self = .hs256
            case .hs384: self = .hs384
            case .hs512: self = .hs512
            case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512, .es256, .es384, .es512, .edDSA:
                return nil
            }
        }
    }

    public let algorithm: Algorithm

    /// The `kid` that tokens signed with this key carry, if it has one.
    public let keyID: String?

    private let hash: KeyedHash

    /// - Throws: ``KeyError/secretTooShort(algorithm:byteCount:byteCountMin:)``
    public init(
        _ algorithm: Algorithm,
        secret: borrowing Span<UInt8>,
        keyID: String? = nil
    ) throws(KeyError) {
        guard secret.count >= algorithm.secretByteCountMin else {
            throw .secretTooShort(
                algorithm: algorithm.signatureAlgorithm,
                byteCount: secret.count,
                byteCountMin: algorithm.secretByteCountMin
            )
        }
        self.algorithm = algorithm
        self.keyID = keyID
        hash = KeyedHash(algorithm, secret: secret)
    }

    func isValid(_ signature: borrowing Span<UInt8>, for input: borrowing Span<UInt8>) -> Bool {
        hash.isValid(signature, for: input)
    }

    func signature(for input: borrowing Span<UInt8>) -> [UInt8] {
        hash.authenticationCode(for: input)
    }
}

extension HMACKey: CustomStringConvertible, CustomReflectable {
    public var description: String {
        "\(algorithm.signatureAlgorithm.rawValue) key \(keyID ?? "without kid")"
    }

    /// Empty, so that `dump` shows no hash state.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
