/// Somebody whose tokens are believed: under which name, for which audiences, by which keys.
public struct TrustedIssuer: Sendable {
    /// What `iss` must be, byte for byte.
    public let issuer: String

    /// What `aud` must name at least one of, byte for byte.
    public let audiences: [String]

    public let keys: KeySet

    public init(_ issuer: String, audiences: [String], keys: KeySet) {
        self.issuer = issuer
        self.audiences = audiences
        self.keys = keys
    }
}
