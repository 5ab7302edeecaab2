import Libuv

/// An address that must not be listened on as things are configured.
package enum AddressMistake: Hashable, Sendable {
    /// Reachable from other machines, without anybody who speaks TLS in front.
    case exposed(SocketAddress)
    case noPublicURL(SocketAddress)
}

extension AddressMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exposed(let address):
            """
            address \(address) can be reached from other machines, and tokens would travel \
            unencrypted; listen on 127.0.0.1, put a proxy that speaks TLS in front and add \
            --behind-proxy, or name a certificate with --tls-certificate-file
            """
        case .noPublicURL(let address):
            """
            address \(address) does not tell the URL that clients use; name it with \
            --public-url https://HOST/PATH
            """
        }
    }
}
