internal import Bytes

/// Where a request may go: https to anywhere, http to this machine.
///
///     scheme "://" host [ ":" port ] [ "/" path ] [ "?" query ]        (RFC 3986 §3)
///
/// Stricter than RFC 3986, so that no two readers see two hosts in one text: ASCII only (a name in
/// another script as its A-label), no credentials, no fragment, no percent sign in the host.
public struct HTTPClientURL: Hashable, Sendable {
    public enum Scheme: String, Hashable, Sendable {
        case http, https
    }

    /// Longer ones are refused.
    public static let byteCountMax = 2_048

    /// The URL as it was given.
    public let text: String
    public let scheme: Scheme

    /// In lower case; an IPv6 address with its brackets.
    public let host: String

    /// As in the text, or the scheme's.
    public let port: UInt16

    /// As in the text: empty, or with a leading slash; without the query.
    public let path: String

    /// Without the question mark.
    public let query: String?

    /// - Throws: ``HTTPClientError`` if the text is not such a URL.
    public init(_ text: String) throws(HTTPClientError) {
        do throws(HTTPClientError.Reason) {
            try self.init(reading: text)
        } catch {
            throw HTTPClientError(error, url: HTTPClientError.presentable(text))
        }
    }

    init(reading text: String) throws(HTTPClientError.Reason) {
        guard text.utf8.count <= Self.byteCountMax,
            let schemeEnd = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<schemeEnd.lowerBound].lowercased())
        else { throw .malformedURL }
        let rest = text[schemeEnd.upperBound...]
        guard rest.utf8.allSatisfy(Self.isAllowed) else { throw .malformedURL }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw .credentialsInURL }
        guard let (host, port) = Self.hostAndPort(of: authority, scheme) else {
            throw .malformedURL
        }
        guard scheme == .https || Self.isLoopback(host) else { throw .insecureURL }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        let query = target[path.endIndex...]
        self.text = text
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = String(path)
        self.query = query.isEmpty ? nil : String(query.dropFirst())
    }

    /// Whether the host is this machine, by its text alone.
    ///
    /// libcurl resolves `localhost` by itself, so that no name server has a say in it.
    public var isLoopback: Bool { Self.isLoopback(host) }

    /// Scheme, host and port, the last only where it is not the scheme's own (RFC 6454 §6.2).
    public var origin: String {
        port == Self.defaultPort(of: scheme)
            ? "\(scheme.rawValue)://\(host)" : "\(scheme.rawValue)://\(host):\(port)"
    }
}

/// Without the query, which may hold a secret.
extension HTTPClientURL: CustomStringConvertible {
    public var description: String { HTTPClientError.presentable(text) }
}

extension HTTPClientURL {
    /// What may stand behind the scheme: visible, and never to be escaped in a URL (RFC 3986 §2).
    ///
    /// A number sign would begin a fragment, which is nothing to ask a server for.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"),
            UInt8(ascii: "|"), UInt8(ascii: "}"):
            false
        default: ASCII.isVisible(byte)
        }
    }

    private static func defaultPort(of scheme: Scheme) -> UInt16 {
        switch scheme {
        case .http: 80
        case .https: 443
        }
    }

    private static func hostAndPort(
        of authority: Substring,
        _ scheme: Scheme
    ) -> (String, UInt16)? {
        let hostEnd: Substring.Index
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            hostEnd = authority.index(after: bracket)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        let host = authority[..<hostEnd].lowercased()
        guard host.hasPrefix("[") ? isAddressLiteral(host) : isName(host) else { return nil }
        let port = authority[hostEnd...]
        if port.isEmpty { return (host, defaultPort(of: scheme)) }
        let digits = port.dropFirst()
        guard port.hasPrefix(":"), !digits.isEmpty, digits.utf8.allSatisfy(ASCII.isDigit),
            let number = UInt16(digits), number > 0
        else { return nil }
        return (host, number)
    }

    /// A name or an IPv4 address (RFC 3986 §3.2.2), with the underscore that some networks use.
    private static func isName(_ host: String) -> Bool {
        !host.isEmpty && host.utf8.count <= 255
            && host.utf8.allSatisfy { byte in
                ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.hyphen
                    || byte == ASCII.fullStop || byte == ASCII.underscore
            }
    }

    /// An IPv6 address without a zone; libcurl refuses what has merely its letters.
    private static func isAddressLiteral(_ host: String) -> Bool {
        let address = host.dropFirst().dropLast()
        return (2...45).contains(address.utf8.count)
            && address.utf8.allSatisfy { byte in
                ASCII.hexadecimalDigitValue(of: byte) != nil || byte == ASCII.colon
                    || byte == ASCII.fullStop
            }
    }

    /// `localhost`, `[::1]` and 127.0.0.0/8 in its canonical spelling; other spellings of these
    /// addresses are not recognized and thus need https.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                UInt8(part).map { String($0) == part } ?? false
            }
    }
}
