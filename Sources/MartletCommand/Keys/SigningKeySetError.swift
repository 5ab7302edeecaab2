import JSON
import JWT

/// Why keys cannot be signed with, replaced or shown.
package enum SigningKeySetError: Error, Hashable, Sendable {
    case notJSON(JSONError)
    /// No member `keys` that is an array.
    case notASet
    case empty
    case unusable(index: Int, keyID: String?, KeyError)
    /// `exp` is not a number.
    case malformedEnd(index: Int, keyID: String?)
    /// A shared secret, which others must not see.
    case symmetric(index: Int, keyID: String?)
    case noSigningKey(SignatureAlgorithm?)
}

extension SigningKeySetError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notJSON(let error):
            "it is not JSON: \(error)"
        case .notASet:
            "it is no JWK Set: there is no member \"keys\" that is an array (RFC 7517 §5)"
        case .empty:
            "it holds no key; make one with `martlet keys generate`"
        case .unusable(let index, let keyID, let error):
            "its key \(Self.name(index, keyID)) cannot be used: \(error)"
        case .malformedEnd(let index, let keyID):
            "exp of its key \(Self.name(index, keyID)) is not a number of seconds since 1970"
        case .symmetric(let index, let keyID):
            """
            its key \(Self.name(index, keyID)) is a shared secret, which has no public half and \
            must not be published; use an algorithm with key pairs, such as ES256
            """
        case .noSigningKey(.some(let algorithm)):
            "it holds no private key for \(algorithm.rawValue)"
        case .noSigningKey(.none):
            "it holds no private key to sign with; make one with `martlet keys rotate`"
        }
    }

    private static func name(_ index: Int, _ keyID: String?) -> String {
        keyID.map(\.quoted) ?? "number \(index + 1)"
    }
}
