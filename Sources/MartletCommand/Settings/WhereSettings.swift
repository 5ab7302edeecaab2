import Libuv
import Martlet

/// Where a server is to be found: what its addresses and its canonical URI are.
package struct WhereSettings: Sendable {
    package static let defaultHost = "127.0.0.1"

    /// Everywhere that is listened on.
    package var addresses: [SocketAddress] { passedAddresses + ownAddresses }

    /// What is to be bound.
    package let ownAddresses: [SocketAddress]
    private let passedAddresses: [SocketAddress]
    private let isEncrypted: Bool

    /// Where operators ask for metrics, health and readiness.
    package let adminAddresses: [SocketAddress]
    package var publicURL: String?
    package var endpointPath: String

    /// - Parameters:
    ///   - settings: What is set.
    ///   - passedAddresses: Where a service manager or the server before this one listens already:
    ///     then nothing else is bound unless somebody asks for it.
    package init(_ settings: inout SettingsReader, passedAddresses: [SocketAddress] = []) {
        self.passedAddresses = passedAddresses
        let isAsked =
            settings.origin(of: .listen) != nil || settings.origin(of: .port) != nil
        let asked = passedAddresses.isEmpty || isAsked ? Self.addresses(&settings) : []
        ownAddresses = asked.filter { !passedAddresses.contains($0) }
        isEncrypted = settings.origin(of: .tlsCertificateFile) != nil
        adminAddresses = Self.adminAddresses(&settings)
        publicURL = settings.text(.publicURL, WebText.isEndpointURL)
        endpointPath = settings.text(.endpointPath, WebText.isPath) ?? "/mcp"
    }

    /// `--listen` or `--port`: the one that was set closer to the command line counts.
    private static func addresses(_ settings: inout SettingsReader) -> [SocketAddress] {
        let listen = settings.texts(.listen)
        let port = settings.text(.port)
        if let listen, port.map({ $0.origin.rawValue >= listen.origin.rawValue }) ?? true {
            if port?.origin == listen.origin {
                settings.report(.value(.twoAtOnce(.listen, .port, listen.origin)))
            }
            guard !listen.texts.isEmpty else {
                settings.report(.value(.empty(.listen, listen.origin)))
                return []
            }
            var addresses: [SocketAddress] = []
            for text in listen.texts {
                if let address = SocketAddress(text) {
                    addresses.append(address)
                } else {
                    settings.report(.value(.malformed(.listen, listen.origin, text: text)))
                }
            }
            return addresses
        }
        let number = UInt16(clamping: settings.number(.port))
        return [.ipv4(host: defaultHost, port: number)]
    }

    private static func adminAddresses(_ settings: inout SettingsReader) -> [SocketAddress] {
        guard let (texts, origin) = settings.texts(.adminListen) else { return [] }
        return texts.compactMap { text in
            if let address = SocketAddress(text) { return address }
            settings.report(.value(.malformed(.adminListen, origin, text: text)))
            return nil
        }
    }

    /// What the audience of tokens is unless it is set: the canonical URI of the endpoint.
    ///
    /// - Returns: `nil` if only a running server knows.
    package var canonicalURI: String? {
        if let publicURL { return WebText.canonical(publicURL) }
        guard let address = addresses.first(where: { $0.port != nil }) else {
            return WebText.canonical("http://localhost\(endpointPath)")
        }
        guard address.port != 0 else { return nil }
        let scheme = isEncrypted ? "https" : "http"
        return WebText.canonical("\(scheme)://\(address)\(endpointPath)")
    }
}
