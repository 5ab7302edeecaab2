public import Libuv
package import TLS

/// What comes between a socket and the first request of its connections.
public struct HTTPIntake: Sendable {
    /// What a connection begins with.
    public enum ProxyHeaderRule: String, Hashable, Sendable, CaseIterable {
        /// The client's own bytes: a PROXY header is no HTTP.
        case refused
        /// A PROXY header of a trusted proxy; whoever else connects is sent away.
        case required
    }

    public var trustedProxies = TrustedProxies()
    public var proxyHeader = ProxyHeaderRule.refused

    /// Who the server is to clients that come over a network, which then speak TLS; `nil` has them
    /// speak HTTP as it is.
    public var identity: TLSIdentitySlot?

    /// Told, at most once a second by each loop, why connections were closed before their first
    /// request.
    public var report: @Sendable (Trouble) -> Void = { _ in }

    public init() {}

    /// Why a connection was closed before its first request.
    public struct Trouble: Hashable, Sendable, CustomStringConvertible {
        package enum Reason: Hashable, Sendable {
            case untrustedProxy
            case proxyHeader(ProxyHeader.Fault)
            case proxyHeaderOverdue
            case handshake(TLSError)
            case handshakeOverdue
        }

        /// The other end, a proxy or who claims to be one; `nil` on a UNIX domain socket.
        public let peer: PeerAddress?
        package let reason: Reason

        /// How many more there were since the last report.
        public let unreportedCount: Int

        public var description: String {
            let what =
                switch reason {
                case .untrustedProxy: "only trusted proxies may connect"
                case .proxyHeader(let fault): "\(fault)"
                case .proxyHeaderOverdue: "the PROXY header did not come in time"
                case .handshake(let error): "\(error)"
                case .handshakeOverdue: "the TLS handshake was not complete in time"
                }
            let more = unreportedCount > 0 ? "; \(unreportedCount) more since the last report" : ""
            return "closed a connection from \(peer?.description ?? "unix"): \(what)\(more)"
        }
    }
}
