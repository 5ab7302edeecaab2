internal import JWT

/// A key set as its server sent it.
struct FetchedKeySet {
    let set: JWKSet

    /// How long the server says that it is fresh; `nil` if it does not say.
    let lifetimeSeconds: Int?

    /// Where it came from.
    let url: String
}
