internal import Bytes
internal import JSON

/// Whether claims say that a token is not for a resource server.
///
/// The claims of RFC 7519 do not tell an access token from an ID token, and one signed by the same
/// keys for the same audience would pass for the other (RFC 8725 §3.11 and §3.12).
struct ClaimedKind {
    /// Some issuers, Keycloak among them, say in a claim `typ` what a token is.
    private enum Name {
        case bearer, other
    }

    /// The claims that are looked for.
    private struct Claims: Sendable {
        static let shared = Claims()

        let type = ShortText("typ")
        let nonce = ShortText("nonce")
        let accessTokenHash = ShortText("at_hash")
        let codeHash = ShortText("c_hash")
        let stateHash = ShortText("s_hash")
        let use = ShortText("token_use")
    }

    private var name: Name?

    /// A claim that OpenID Connect defines for ID tokens (OpenID Connect Core §2, §3.3.2.11 and
    /// Financial-grade API 1.0 part 2 §5.1.1), or Amazon Cognito's way to say the same.
    private var hasIdentityClaim = false

    /// Looks at a claim that no other reader wants.
    mutating func note(
        _ claim: ShortText,
        _ reader: inout TokenPartReader
    ) throws(TokenRejection) {
        let claims = Claims.shared
        if claim == claims.type {
            guard let value = try reader.readString() else { return }
            name = Self.name(value, in: reader.json)
        } else if claim == claims.nonce || claim == claims.accessTokenHash
            || claim == claims.codeHash || claim == claims.stateHash
        {
            hasIdentityClaim = true
        } else if claim == claims.use {
            guard let value = try reader.readString() else { return }
            if reader.json.equals(value, "id") { hasIdentityClaim = true }
        }
    }

    private static func name(_ text: JSONString, in reader: borrowing JSONReader) -> Name? {
        if reader.equals(text, "Bearer") { return .bearer }
        if reader.equals(text, "ID") || reader.equals(text, "Refresh")
            || reader.equals(text, "Offline") || reader.equals(text, "Logout")
        {
            return .other
        }
        return nil
    }

    /// Whether the token is for somebody else than a resource server.
    ///
    /// A claim `nonce` and its like count only where the issuer does not say outright that the
    /// token is an access token: Keycloak repeats `nonce` in those.
    func isIdentityToken(typed type: JOSEHeader.TokenType) -> Bool {
        switch name {
        case .other: true
        case .bearer: false
        case nil: hasIdentityClaim && type != .accessToken
        }
    }
}
