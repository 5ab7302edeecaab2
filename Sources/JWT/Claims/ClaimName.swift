/// The name of a claim.
public struct ClaimName: Hashable, Sendable, ExpressibleByStringLiteral {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public init(stringLiteral text: String) {
        self.text = text
    }

    // Computed, so that reading one on the request path checks no "has it been initialized".

    /// RFC 7519 §4.1.1.
    public static var issuer: ClaimName { "iss" }
    /// RFC 7519 §4.1.2.
    public static var subject: ClaimName { "sub" }
    /// RFC 7519 §4.1.3.
    public static var audience: ClaimName { "aud" }
    /// RFC 7519 §4.1.4.
    public static var expirationTime: ClaimName { "exp" }
    /// RFC 7519 §4.1.5.
    public static var notBefore: ClaimName { "nbf" }
    /// RFC 7519 §4.1.6.
    public static var issuedAt: ClaimName { "iat" }
    /// RFC 7519 §4.1.7.
    public static var tokenID: ClaimName { "jti" }
    /// RFC 8693 §4.2.
    public static var scope: ClaimName { "scope" }
    /// What some authorization servers call `scope`.
    public static var scopeAlternative: ClaimName { "scp" }
    /// RFC 8693 §4.3.
    public static var clientID: ClaimName { "client_id" }
    /// The authorized party of OpenID Connect Core §2, which some access tokens have instead.
    public static var authorizedParty: ClaimName { "azp" }
}

extension ClaimName: CustomStringConvertible {
    public var description: String { text }
}
