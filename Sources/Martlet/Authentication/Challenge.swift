internal import HTTP1

/// What a refused client is told in `WWW-Authenticate` (RFC 6750 §3, RFC 9728 §5.1).
struct Challenge: Sendable {
    private let resourceMetadata: String

    /// What basic use needs.
    private let basicScopes: [String]

    /// What credentials must look like.
    let credentialsForm: String

    init(resourceMetadata: String, basicScopes: [String], apiKeys: APIKeyUse = .ignored) {
        self.resourceMetadata = resourceMetadata
        self.basicScopes = basicScopes
        credentialsForm =
            switch apiKeys {
            case .ignored: "one Authorization field with one bearer token is needed"
            case .accepted:
                "one Authorization field with one bearer token, or one X-API-Key field with one "
                    + "key, is needed"
            }
    }

    /// No credentials: where to get some, and no `error` (RFC 6750 §3.1).
    ///
    /// `needed` is what the call needs besides basic use.
    func noCredentials(needing needed: [String] = []) -> FieldValue {
        let scopes = basicScopes + needed.filter { !basicScopes.contains($0) }
        return value([
            "resource_metadata=\"\(resourceMetadata)\"",
            "scope=\"\(scopes.joined(separator: " "))\"",
        ])
    }

    /// Credentials that are no credentials.
    var invalidRequest: FieldValue {
        value([
            "error=\"invalid_request\"",
            "error_description=\"\(credentialsForm)\"",
            "resource_metadata=\"\(resourceMetadata)\"",
        ])
    }

    /// Credentials that are not believed, `reason` being why.
    ///
    /// The reason is made of characters that need no escape in a quoted string.
    func invalidToken(_ reason: String) -> FieldValue {
        value([
            "error=\"invalid_token\"", "error_description=\"\(reason)\"",
            "resource_metadata=\"\(resourceMetadata)\"",
        ])
    }

    /// Credentials that a wider scope would help, `scope` being all that the operation needs.
    func insufficientScope(_ scope: String) -> FieldValue {
        value([
            "error=\"insufficient_scope\"", "scope=\"\(scope)\"",
            "resource_metadata=\"\(resourceMetadata)\"",
        ])
    }

    private func value(_ parameters: [String]) -> FieldValue {
        let text = "Bearer " + parameters.joined(separator: ", ")
        guard let value = FieldValue(text) else {
            preconditionFailure("a challenge is made of visible characters")
        }
        return value
    }
}
