/// A key that signatures are verified with, whatever its kind, and bound to one algorithm.
public enum VerificationKey: Sendable {
    case hmac(HMACKey)

    public var algorithm: SignatureAlgorithm {
        switch self {
        case .hmac(let key): key.algorithm.signatureAlgorithm
        }
    }

    public var keyID: String? {
        switch self {
        case .hmac(let key): key.keyID
        }
    }

    func isValid(_ signature: borrowing Span<UInt8>, for input: borrowing Span<UInt8>) -> Bool {
        switch self {
        case .hmac(let key): key.isValid(signature, for: input)
        }
    }
}
