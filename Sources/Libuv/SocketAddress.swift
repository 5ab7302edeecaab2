/// Where a server listens: an IP address and a port, or a path of a UNIX domain socket.
public enum SocketAddress: Hashable, Sendable {
    case ipv4(host: String, port: UInt16)
    case ipv6(host: String, port: UInt16)
    case unix(path: String)

    /// Reads `127.0.0.1:3000`, `[::1]:3000`, `localhost:3000` or `unix:/run/martlet.sock`.
    ///
    /// Names other than `localhost` are refused: which of a name's addresses to listen on is the
    /// operator's decision, not the resolver's.
    ///
    /// - Returns: `nil` if the text is none of these.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            // sun_path holds 108 bytes with the final zero (unix(7)).
            guard !path.isEmpty, path.utf8.count < 108, !path.utf8.contains(0) else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(digits)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard NumericAddress.isIPv6(host) else { return nil }
            self = .ipv6(host: host, port: port)
        } else {
            if host == "localhost" { host = "127.0.0.1" }
            guard NumericAddress.isIPv4(host) else { return nil }
            self = .ipv4(host: host, port: port)
        }
    }

    /// Whether only this machine can connect.
    public var isLoopback: Bool {
        switch self {
        case .ipv4(let host, _): host.hasPrefix("127.")
        case .ipv6(let host, _): host == "::1"
        case .unix: true
        }
    }

    /// The port, or `nil` for a path.
    public var port: UInt16? {
        switch self {
        case .ipv4(_, let port), .ipv6(_, let port): port
        case .unix: nil
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ipv4(let host, let port): "\(host):\(port)"
        case .ipv6(let host, let port): "[\(host)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
