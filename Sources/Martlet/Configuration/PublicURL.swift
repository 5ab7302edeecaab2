/// The canonical URI of the endpoint, taken apart.
package struct PublicURL: Hashable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// Host and port, in lower case.
    let authority: String
    /// Empty, or with a leading and without a trailing slash.
    let path: String

    /// The URI as tokens name it in `aud` (RFC 8707 §2, MCP *Authorization*, "Canonical Server URI").
    package var text: String { "\(scheme)://\(authority)\(path)" }

    /// Where the protected resource metadata is: the well-known path goes between host and path
    /// (RFC 9728 §3.1).
    var metadataURL: String { "\(scheme)://\(authority)\(metadataPath)" }

    var metadataPath: String { "\(Self.wellKnownPath)\(path)" }

    static let wellKnownPath = "/.well-known/oauth-protected-resource"

    /// What `aud` must name one of where an issuer has no audiences of its own.
    ///
    /// Without a path the URI with and without a slash are the same (RFC 3986 §6.2.3), and many
    /// clients send the slash as `resource`.
    package var audiences: [String] { path.isEmpty ? [text, "\(text)/"] : [text] }

    /// - Returns: `nil` unless the text is `http(s)://HOST[:PORT][/PATH]`.
    package init?(_ text: String) {
        let lowercase = text.lowercased()
        guard let scheme = ["https", "http"].first(where: { lowercase.hasPrefix("\($0)://") })
        else { return nil }
        let rest = text.dropFirst(scheme.count + 3)
        guard rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !rest.contains(where: { "?#\"\\@<>".contains($0) })
        else { return nil }
        let given = rest.prefix { $0 != "/" }
        guard let authority = Self.authority(given.lowercased(), scheme: scheme) else { return nil }
        var path = String(rest.dropFirst(given.count))
        while path.hasSuffix("/") { path.removeLast() }
        self.scheme = scheme
        self.authority = authority
        self.path = path
    }

    /// The host without the port.
    var host: String { HostName.withoutPort(authority) }

    /// Host and port, without a port that the scheme has anyway (RFC 3986 §6.2.3): the URL parsers
    /// of clients drop it, and so does what they send as `resource`.
    private static func authority(_ text: String, scheme: String) -> String? {
        let host = HostName.withoutPort(text)
        let port = text.dropFirst(host.count).dropFirst()
        guard isHost(host), port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        if port.isEmpty { return host }
        guard let number = UInt16(port), number > 0 else { return nil }
        return number == (scheme == "https" ? 443 : 80) ? host : "\(host):\(number)"
    }

    /// A name or an IPv4 address without a colon, or an IPv6 address in brackets.
    private static func isHost(_ text: String) -> Bool {
        guard text.hasPrefix("[") else {
            return !text.isEmpty && !text.contains { ":[]".contains($0) }
        }
        let address = text.dropFirst().dropLast()
        return text.hasSuffix("]") && address.contains(":")
            && address.utf8.allSatisfy {
                switch $0 {
                case 0x30...0x3A, 0x61...0x66, UInt8(ascii: "."): true
                default: false
                }
            }
    }
}
