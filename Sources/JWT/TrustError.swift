/// Why issuers cannot be trusted as configured, found at start-up.
public enum TrustError: Error, Hashable, Sendable {
    case emptyIssuer
    case duplicateIssuer(String)
    case noAudience(issuer: String)
    case noKey(issuer: String)
    case clockSkewOutOfRange(seconds: Int, secondsMax: Int)
}

extension TrustError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .emptyIssuer: "an issuer has an empty name"
        case .duplicateIssuer(let issuer): "the issuer \(issuer) is configured twice"
        case .noAudience(let issuer):
            "the issuer \(issuer) has no audience, or an empty one; every token would be refused"
        case .noKey(let issuer): "the issuer \(issuer) has no key; every token would be refused"
        case .clockSkewOutOfRange(let seconds, let secondsMax):
            "a clock skew of \(seconds) s is not 0 to \(secondsMax) s"
        }
    }
}
