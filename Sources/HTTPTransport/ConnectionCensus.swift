internal import Libuv
internal import Synchronization

/// Counts the connections of a process, in total and by peer.
///
/// Asked when a connection opens and closes, never for a request.
public final class ConnectionCensus: Sendable {
    private struct Counts {
        var total = 0
        var byPeer: [PeerKey: Int] = [:]
    }

    /// An IPv4 address, or the /64 that a single IPv6 customer commonly has.
    private struct PeerKey: Hashable {
        let high: UInt64
        let low: UInt64

        init(_ address: PeerAddress) {
            high = address.high
            low = address.high == 0 ? address.low : 0
        }
    }

    private let totalMax: Int
    private let perPeerMax: Int
    private let counts = Mutex(Counts())

    public init(totalMax: Int, perPeerMax: Int) {
        self.totalMax = totalMax
        self.perPeerMax = perPeerMax
    }

    /// Counts a connection, unless that would exceed a limit.
    ///
    /// A connection without an address came over a UNIX domain socket and counts in total only.
    ///
    /// - Returns: Whether the connection may stay.
    func admit(_ peer: PeerAddress?) -> Bool {
        counts.withLock { counts in
            guard counts.total < totalMax else { return false }
            if let peer {
                let key = PeerKey(peer)
                let count = counts.byPeer[key, default: 0]
                guard count < perPeerMax else { return false }
                counts.byPeer[key] = count + 1
            }
            counts.total += 1
            return true
        }
    }

    /// Counts a connection that was admitted without an address as that of a peer, unless that would
    /// exceed its limit.
    ///
    /// - Returns: Whether the connection may stay; then it is released with this peer.
    func attribute(_ peer: PeerAddress?) -> Bool {
        guard let peer else { return true }
        return counts.withLock { counts in
            let key = PeerKey(peer)
            let count = counts.byPeer[key, default: 0]
            guard count < perPeerMax else { return false }
            counts.byPeer[key] = count + 1
            return true
        }
    }

    /// Takes back what ``admit(_:)`` and ``attribute(_:)`` counted.
    func release(_ peer: PeerAddress?) {
        counts.withLock { counts in
            counts.total -= 1
            guard let peer else { return }
            let key = PeerKey(peer)
            let count = counts.byPeer[key, default: 1]
            counts.byPeer[key] = count > 1 ? count - 1 : nil
        }
    }

    /// Connections open now.
    public var total: Int { counts.withLock { $0.total } }
}
