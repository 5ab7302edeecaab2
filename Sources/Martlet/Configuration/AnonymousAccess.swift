public import AccessControl
public import Libuv

/// Requests without credentials are served, all as one principal that may do everything.
///
/// For fixtures that have nothing to protect. A server that has it on refuses to start unless only
/// this machine can connect, and web pages stay locked out by `Origin` and `Host` as ever. Requests
/// that do bring credentials are held to them.
public struct AnonymousAccess: Hashable, Sendable {
    /// Who everybody is.
    public let subject = Subject(issuer: "anonymous", name: "anonymous")

    fileprivate init() {}

    /// - Throws: ``ConfigurationError`` if more than this machine's programs could use the server.
    func check(_ configuration: ServerConfiguration) throws(ConfigurationError) {
        for address in configuration.addresses where !address.isLoopback {
            throw .anonymousBeyondLoopback(address)
        }
        guard !configuration.allowedOrigins.contains("*") else { throw .anonymousForEveryOrigin }
    }

    /// Everybody, with every permission that `policy` knows.
    func principal(under policy: AccessPolicy) -> Principal {
        Principal(
            subject: subject,
            workspace: .shared,
            rights: policy.rights(
                roles: nil,
                scope: policy.permissions.map(\.name),
                permissions: nil
            )
        )
    }
}

extension ServerConfiguration {
    /// A server that asks nobody for credentials and lets everybody do everything.
    ///
    /// With an address that is not of loopback the server does not start.
    public static func insecureAnonymous(
        addresses: [SocketAddress],
        sealKey: SealKey = .random()
    ) -> ServerConfiguration {
        var configuration = ServerConfiguration(
            addresses: addresses,
            issuers: [],
            sealKey: sealKey
        )
        configuration.anonymousAccess = AnonymousAccess()
        return configuration
    }
}
