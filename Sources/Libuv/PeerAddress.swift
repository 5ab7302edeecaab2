internal import CLibuv

/// The IP address of the other end, as a key for limits and as text for logs.
///
/// An IPv4 address is held in its IPv4-mapped form (RFC 4291 §2.5.5.2), so that a peer counts
/// once whichever socket it came through.
public struct PeerAddress: Hashable, Sendable {
    /// The first eight bytes in network order: for IPv6, the /64 prefix.
    public let high: UInt64

    /// The last eight bytes in network order.
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init?(of handle: UnsafePointer<uv_tcp_t>) {
        var storage = sockaddr_storage()
        var size = CInt(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe uv_tcp_getpeername(handle, address, &size)
            }
        }
        guard status == 0 else { return nil }
        let bytes = unsafe withUnsafeBytes(of: &storage) { unsafe [UInt8]($0.prefix(28)) }
        switch CInt(storage.ss_family) {
        case AF_INET:
            // sockaddr_in: family, port, then four bytes of address.
            high = 0
            low = 0xFFFF_0000_0000 | Self.integer(bytes[4..<8])
        case AF_INET6:
            // sockaddr_in6: family, port, flow label, then sixteen bytes of address.
            high = Self.integer(bytes[8..<16])
            low = Self.integer(bytes[16..<24])
        default:
            return nil
        }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension PeerAddress: CustomStringConvertible {
    public var description: String {
        if high == 0, low >> 32 == 0xFFFF {
            return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".")
        }
        return [high, low].flatMap { half in
            [48, 32, 16, 0].map { String(half >> UInt64($0) & 0xFFFF, radix: 16) }
        }.joined(separator: ":")
    }
}
