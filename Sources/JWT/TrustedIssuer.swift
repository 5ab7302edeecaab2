/// Somebody whose tokens are believed: under which name, for which audiences, by which keys.
public struct TrustedIssuer: Sendable {
    /// What `iss` must be, byte for byte.
    public let issuer: String

    /// What `aud` must name at least one of, byte for byte.
    public let audiences: [String]

    /// The algorithms that its tokens may be signed with; empty allows those that its keys are
    /// bound to.
    public let algorithms: [SignatureAlgorithm]

    public let profile: AccessTokenProfile

    /// `nil` as long as they are not to be had.
    public let keys: KeySet?

    public init(
        _ issuer: String,
        audiences: [String],
        algorithms: [SignatureAlgorithm] = [],
        profile: AccessTokenProfile = .ignored,
        keys: KeySet?
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.profile = profile
        self.keys = keys
    }
}
