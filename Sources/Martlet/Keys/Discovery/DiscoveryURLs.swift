package import HTTPClient

/// Where an authorization server may publish its metadata.
package enum DiscoveryURLs {
    private static let oauth = "/.well-known/oauth-authorization-server"
    private static let openID = "/.well-known/openid-configuration"

    /// The URLs of an issuer, in the order in which to try them (MCP 2025-11-25, *Authorization*,
    /// "Authorization Server Metadata Discovery").
    ///
    /// RFC 8414 §3.1 puts the well-known path between host and path, for OpenID Connect, too; OpenID
    /// Connect Discovery 1.0 §4 at the end. Both remove a terminating slash before.
    ///
    /// - Parameter issuer: As it stands in tokens.
    /// - Returns: Two URLs, or three if the issuer has a path.
    /// - Throws: ``HTTPClientError`` if the issuer is no URL to ask at. It must not have a query
    ///   (RFC 8414 §2).
    package static func urls(ofIssuer issuer: String) throws(HTTPClientError) -> [HTTPClientURL] {
        let url = try HTTPClientURL(issuer)
        guard url.query == nil else { throw HTTPClientError(.malformedURL, url: "\(url)") }
        let path = url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
        var texts = [oauth + path, openID + path]
        if !path.isEmpty { texts.append(path + openID) }
        var urls: [HTTPClientURL] = []
        for text in texts { urls.append(try HTTPClientURL(url.origin + text)) }
        return urls
    }
}
