internal import Bytes

/// Which hosts may be asked for: the defence against DNS rebinding.
///
/// A web page that makes its own name resolve to 127.0.0.1 reaches a server on the user's machine
/// with that name in `Host`.
struct HostPolicy: Sendable {
    /// Hosts in lower case; with a port where only that port is meant.
    ///
    /// As bytes: a `String` must first be asked for them, for every request.
    private let hosts: [[UInt8]]

    static let loopbackHosts = ["localhost", "127.0.0.1", "[::1]"]

    init(publicURL: PublicURL, allowed: [String]) throws(ConfigurationError) {
        var hosts = Self.loopbackHosts + [publicURL.host]
        for host in allowed {
            guard !host.isEmpty, host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
                !host.contains("/")
            else { throw .malformedHost(host) }
            hosts.append(host.lowercased())
        }
        self.hosts = hosts.map { Array($0.utf8) }
    }

    /// Whether the effective host may be asked for.
    ///
    /// `authority` is the host with its port, if it has one, and `host` the same without.
    func allows(authority: Span<UInt8>, host: Span<UInt8>) -> Bool {
        for allowed in hosts {
            let bytes = allowed.span
            if host.equalsIgnoringCase(bytes) || authority.equalsIgnoringCase(bytes) { return true }
        }
        return false
    }
}

/// Host names as they stand in an authority.
enum HostName {
    /// `example.com` of `example.com:8443`; an IPv6 address keeps its brackets.
    static func withoutPort(_ authority: String) -> String {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
            return authority
        }
        return String(authority[..<colon])
    }
}
