internal import Bytes
package import HTTPClient
internal import JSONSchema

/// What an authorization server says of itself (RFC 8414 §2, OpenID Connect Discovery 1.0 §3).
///
/// Of the many members those that a resource server uses, and those that decide whether a client of
/// the Model Context Protocol can get a token.
package struct AuthorizationServerMetadata: Hashable, Sendable {
    /// Exactly the one that was asked about (RFC 8414 §3.3).
    package let issuer: String

    /// `jwks_uri`: optional in RFC 8414, but without it no token could be verified.
    package let keySetURL: HTTPClientURL

    /// `id_token_signing_alg_values_supported`; empty if it is not said.
    package let idTokenAlgorithms: [String]

    package let authorizationEndpoint: String?
    package let tokenEndpoint: String?

    /// Where clients register themselves (RFC 7591).
    package let registrationEndpoint: String?

    /// `code_challenge_methods_supported`: clients refuse a server without it (MCP 2025-11-25,
    /// *Authorization*, "Authorization Code Protection").
    package let codeChallengeMethods: [String]?

    /// Reads the document that was found for `issuer`.
    ///
    /// - Parameters:
    ///   - document: The body of the answer.
    ///   - issuer: What `issuer` must be, byte for byte: otherwise one server could speak for another.
    /// - Throws: ``AuthorizationServerMetadataError`` if it is malformed, another issuer's, or names
    ///   no key set that can be asked for.
    package init(
        reading document: borrowing Span<UInt8>,
        issuer: String
    ) throws(AuthorizationServerMetadataError) {
        let members = try AuthorizationServerMembers(reading: document)
        guard let found = members.texts[.issuer] else { throw .missing(.issuer) }
        // As bytes: `==` on strings takes two spellings of one character for the same.
        guard found.utf8.elementsEqual(issuer.utf8) else {
            throw .otherIssuer(found: Excerpt(found).text)
        }
        guard let keySet = members.texts[.keySetURL] else { throw .missing(.keySetURL) }
        let isOutsideTLS: Bool
        do throws(HTTPClientError) {
            keySetURL = try HTTPClientURL(keySet)
            let scheme = try HTTPClientURL(issuer).scheme
            isOutsideTLS = scheme == .https && keySetURL.scheme == .http
        } catch {
            throw .keySetURL(error)
        }
        // As with redirects: what was learnt over TLS leads neither out of it nor, over plain HTTP,
        // to whoever listens on this machine.
        guard !isOutsideTLS else { throw .keySetOutsideTLS(keySetURL) }
        self.issuer = issuer
        idTokenAlgorithms = members.lists[.idTokenAlgorithms] ?? []
        authorizationEndpoint = members.texts[.authorizationEndpoint]
        tokenEndpoint = members.texts[.tokenEndpoint]
        registrationEndpoint = members.texts[.registrationEndpoint]
        codeChallengeMethods = members.lists[.codeChallengeMethods]
    }
}
