import Libuv
import Martlet

/// The forms of URLs, paths, origins and hosts that settings take.
///
/// `Martlet` refuses most of what is malformed as well, one at a time; here all mistakes are wanted
/// at once.
enum WebText {
    static func isEndpointURL(_ text: String) -> Bool { PublicURL(text) != nil }

    /// Whether the server may ask there for keys: over TLS, or on this machine.
    static func isFetchable(_ text: String) -> Bool {
        guard let rest = afterScheme(text), isVisible(rest),
            !rest.contains(where: { "#\"\\@<>".contains($0) })
        else { return false }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, authority.first != ":" else { return false }
        return text.lowercased().hasPrefix("https://") || isLoopback(authority.lowercased())
    }

    static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") && isVisible(text) && !text.contains { "?#".contains($0) }
    }

    static func isOrigin(_ text: String) -> Bool {
        if text == "*" { return true }
        guard let separator = text.firstRange(of: "://"), separator.lowerBound > text.startIndex
        else { return false }
        let authority = text[separator.upperBound...]
        return !authority.isEmpty && isVisible(authority) && !authority.contains("/")
    }

    static func isHost(_ text: String) -> Bool {
        !text.isEmpty && isVisible(text) && !text.contains("/")
    }

    /// The URL as tokens name it.
    ///
    /// - Returns: `nil` if it is none that ``isEndpointURL(_:)`` accepts.
    static func canonical(_ url: String) -> String? { PublicURL(url)?.text }

    /// Whether a host, with or without a port, is this machine.
    private static func isLoopback(_ authority: String) -> Bool {
        let hasPort = authority.last.map { $0 != "]" } ?? false
        let colon = hasPort ? authority.lastIndex(of: ":") : nil
        let host = colon.map { String(authority[..<$0]) } ?? authority
        guard host != "localhost", host != "[::1]" else { return true }
        return SocketAddress("\(host):1")?.isLoopback ?? false
    }

    private static func afterScheme(_ url: String) -> Substring? {
        let lowercase = url.lowercased()
        return ["https://", "http://"].first { lowercase.hasPrefix($0) }
            .map { url.dropFirst($0.count) }
    }

    private static func isVisible(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
