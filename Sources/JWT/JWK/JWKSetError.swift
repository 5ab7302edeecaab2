public import JSON

/// Why a document is no JWK Set.
public enum JWKSetError: Error, Hashable, Sendable {
    case notJSON(JSONError)
    /// No `keys`, or no array under that name (RFC 7517 §5.1).
    case noKeys
    /// `keys` or another member stands twice.
    case repeatedMember
}

extension JWKSetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let error):
            "not a JWK Set: \(error); check that the address is that of the key set"
        case .noKeys:
            "not a JWK Set: no array keys; check that the address is that of the key set"
        case .repeatedMember: "not a JWK Set: a member stands twice"
        }
    }
}
