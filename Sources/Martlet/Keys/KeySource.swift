public import JWT

/// Where the keys of an issuer come from.
public enum KeySource: Sendable {
    /// Known when the server starts: read from files, or made.
    case keys([KeyMaterial])

    /// Secrets that are shared with the issuer; whether each is long enough is found when the server
    /// is made.
    case secrets([SharedSecret])

    /// The JWK Set at this URL, kept up to date (RFC 7517 §5).
    case keySetURL(String)

    /// The JWK Set that the issuer's metadata names (RFC 8414, OpenID Connect Discovery 1.0). The
    /// issuer's name must then be its URL.
    case discovery
}
