/// A URL taken apart as far as a client of MCP needs it: `http(s)://AUTHORITY[PATH]`.
package struct WebAddress: Hashable, Sendable {
    /// `http` or `https`.
    package let scheme: String
    /// Host and, if it is there, port, in lower case.
    package let authority: String
    /// Empty, or with a leading slash.
    package let path: String
    /// With its question mark; empty if there is none.
    package let query: String

    /// - Returns: `nil` unless it is an absolute URL of http or https with a host, in visible ASCII
    ///   and without user information or fragment.
    package init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.contains(where: { "#\"\\<>".contains($0) })
        else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@"), authority.first != ":" else {
            return nil
        }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.scheme = scheme
        self.authority = Self.withoutDefaultPort(authority.lowercased(), scheme: scheme)
        self.path = String(path)
        query = String(target[path.endIndex...])
    }

    /// The URL with scheme and host in lower case, without a default port.
    package var text: String { "\(origin)\(path)\(query)" }

    package var origin: String { "\(scheme)://\(authority)" }

    /// As tokens name it: no slash at the end (RFC 8707 §2, MCP *Authorization*, "Canonical Server
    /// URI").
    package var canonicalText: String {
        var path = path[...]
        while path.last == "/" { path.removeLast() }
        return "\(origin)\(path)\(query)"
    }

    package var host: String {
        if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }) + "]" }
        return String(authority.prefix { $0 != ":" })
    }

    /// Whether what is sent there stays on this machine.
    package var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }

    /// Whether nobody on the way can read what is sent there.
    package var isPrivate: Bool { scheme == "https" || isLoopback }

    /// A well-known URL of this one: the name goes between host and path (RFC 8615 §3, RFC 8414
    /// §3.1, RFC 9728 §3.1).
    package func wellKnown(_ name: String) -> String {
        let path = path == "/" ? "" : path
        return "\(origin)/.well-known/\(name)\(path)"
    }

    private static func withoutDefaultPort(_ authority: String, scheme: String) -> String {
        let port = scheme == "https" ? ":443" : ":80"
        return authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : authority
    }
}
