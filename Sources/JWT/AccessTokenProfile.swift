/// Whether an issuer's tokens must follow the profile for access tokens, RFC 9068.
///
/// ID tokens are refused whatever the profile is.
public enum AccessTokenProfile: String, Hashable, Sendable, CaseIterable {
    /// `typ` must be `at+jwt`, and every claim of RFC 9068 §2.2 must be there.
    case required
    /// A token that says it is `at+jwt` must have every claim of RFC 9068 §2.2; one that says `JWT`
    /// or nothing need not.
    case preferred
    /// No claims are required but those that every token needs.
    case ignored
}
