/// Who somebody is: a name and the issuer that gave it.
///
/// `sub` alone is unique only within its issuer (RFC 7519 §4.1.2). Both parts are compared byte for
/// byte, so that two names which Unicode calls equivalent stay two people.
public struct Subject: Hashable, Sendable {
    private let exactIssuer: ExactText
    private let exactName: ExactText

    public init(issuer: String, name: String) {
        exactIssuer = ExactText(issuer)
        exactName = ExactText(name)
    }

    /// The `iss` claim.
    public var issuer: String { exactIssuer.text }

    /// The `sub` claim.
    public var name: String { exactName.text }
}
