/// A key that signatures are verified with, whatever its kind, and bound to one algorithm.
public enum VerificationKey: Sendable {
    case hmac(HMACKey)
    case rsa(RSAKey)
    case ecdsa(ECDSAKey)
    case edDSA(EdDSAKey)

    public var algorithm: SignatureAlgorithm {
        switch self {
        case .hmac(let key): key.algorithm.signatureAlgorithm
        case .rsa(let key): key.algorithm
        case .ecdsa(let key): key.algorithm
        case .edDSA: .edDSA
        }
    }

    public var keyID: String? {
        switch self {
        case .hmac(let key): key.keyID
        case .rsa(let key): key.keyID
        case .ecdsa(let key): key.keyID
        case .edDSA(let key): key.keyID
        }
    }

    func isValid(_ signature: borrowing Span<UInt8>, for input: borrowing Span<UInt8>) -> Bool {
        switch self {
        case .hmac(let key): key.isValid(signature, for: input)
        case .rsa(let key): key.isValid(signature, for: input)
        case .ecdsa(let key): key.isValid(signature, for: input)
        case .edDSA(let key): key.isValid(signature, for: input)
        }
    }
}
