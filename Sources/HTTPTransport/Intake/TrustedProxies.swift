public import Libuv

/// Whose word counts about where a connection or a request comes from.
public struct TrustedProxies: Hashable, Sendable {
    private var blocks: [AddressBlock] = []

    /// Whether whoever can connect to a UNIX domain socket is trusted.
    private var includesUnix = false

    /// Trusts nobody.
    public init() {}

    /// `nil` if one of the texts is something else than an address, a block of addresses such as
    /// `10.0.0.0/8`, or `unix`.
    public init?(_ texts: [String]) {
        for text in texts {
            if text == "unix" {
                includesUnix = true
            } else if let block = AddressBlock(text) {
                blocks.append(block)
            } else {
                return nil
            }
        }
    }

    public var isEmpty: Bool { blocks.isEmpty && !includesUnix }

    /// Whether the other end of a connection is trusted; `nil` stands for a UNIX domain socket.
    public func contains(_ peer: PeerAddress?) -> Bool {
        guard let peer else { return includesUnix }
        return blocks.contains { $0.contains(peer) }
    }
}
