/// The forms of URLs, paths, origins and hosts that settings take.
///
/// `Martlet` refuses what is malformed, one at a time; here all mistakes are wanted at once.
enum WebText {
    static func isEndpointURL(_ text: String) -> Bool {
        guard let rest = afterScheme(text) else { return false }
        return isVisible(rest) && !rest.contains { "?#\"\\@<>".contains($0) }
            && !rest.prefix { $0 != "/" }.isEmpty
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

    /// The URL as tokens name it: scheme and host in lower case, no slash at the end.
    ///
    /// - Precondition: It is one that ``isEndpointURL(_:)`` accepts.
    static func canonical(_ url: String) -> String {
        guard let rest = afterScheme(url) else { preconditionFailure("\(url) has a scheme") }
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        let scheme = url.lowercased().hasPrefix("https") ? "https" : "http"
        return "\(scheme)://\(authority.lowercased())\(path)"
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
