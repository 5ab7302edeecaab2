/// The canonical URI of the endpoint, taken apart.
struct PublicURL: Hashable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// Host and port, in lower case.
    let authority: String
    /// Empty, or with a leading and without a trailing slash.
    let path: String

    /// The URI as tokens name it in `aud` (RFC 8707 §2, MCP *Authorization*, "Canonical Server URI").
    var text: String { "\(scheme)://\(authority)\(path)" }

    /// Where the protected resource metadata is: the well-known path goes between host and path
    /// (RFC 9728 §3.1).
    var metadataURL: String { "\(scheme)://\(authority)\(metadataPath)" }

    var metadataPath: String { "\(Self.wellKnownPath)\(path)" }

    static let wellKnownPath = "/.well-known/oauth-protected-resource"

    /// - Returns: `nil` unless the text is `http(s)://HOST[:PORT][/PATH]`.
    init?(_ text: String) {
        let lowercase = text.lowercased()
        guard let scheme = ["https", "http"].first(where: { lowercase.hasPrefix("\($0)://") })
        else { return nil }
        let rest = text.dropFirst(scheme.count + 3)
        guard rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !rest.contains(where: { "?#\"\\@<>".contains($0) })
        else { return nil }
        let authority = rest.prefix { $0 != "/" }
        guard !HostName.withoutPort(String(authority)).isEmpty else { return nil }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        self.scheme = scheme
        self.authority = authority.lowercased()
        self.path = path
    }

    /// The host without the port.
    var host: String { HostName.withoutPort(authority) }
}
