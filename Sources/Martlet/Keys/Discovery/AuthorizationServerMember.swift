/// A member of authorization server metadata, by its name there (RFC 8414 §2, OpenID Connect
/// Discovery 1.0 §3).
package enum AuthorizationServerMember: String, CaseIterable, Hashable, Sendable {
    case issuer
    case keySetURL = "jwks_uri"
    case authorizationEndpoint = "authorization_endpoint"
    case tokenEndpoint = "token_endpoint"
    case registrationEndpoint = "registration_endpoint"
    case idTokenAlgorithms = "id_token_signing_alg_values_supported"
    case codeChallengeMethods = "code_challenge_methods_supported"

    /// Whether the value is an array of strings, rather than a string.
    var isList: Bool {
        switch self {
        case .idTokenAlgorithms, .codeChallengeMethods: true
        case .issuer, .keySetURL, .authorizationEndpoint, .tokenEndpoint, .registrationEndpoint:
            false
        }
    }
}
