/// Addresses that begin alike, as `10.0.0.0/8` or `2001:db8::/32` write them (RFC 4632 §3.1,
/// RFC 4291 §2.3); without a length, one address.
public struct AddressBlock: Hashable, Sendable {
    private let prefix: PeerAddress
    private let maskHigh: UInt64
    private let maskLow: UInt64

    /// - Returns: `nil` if the text is something else, or names an address inside of a block instead
    ///   of its first: `10.0.0.7/8`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = PeerAddress(String(first)) else { return nil }
        let isIPv4 = !first.utf8.contains(0x3A)
        var bitCount = 128
        if parts.count > 1 {
            let digits = parts[1]
            guard parts.count == 2, (1...3).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let length = Int(digits), length <= (isIPv4 ? 32 : 128)
            else { return nil }
            bitCount = isIPv4 ? length + 96 : length
        }
        maskHigh = Self.mask(min(bitCount, 64))
        maskLow = Self.mask(max(bitCount - 64, 0))
        guard address.high & ~maskHigh == 0, address.low & ~maskLow == 0 else { return nil }
        prefix = address
    }

    public func contains(_ address: PeerAddress) -> Bool {
        address.high & maskHigh == prefix.high && address.low & maskLow == prefix.low
    }

    /// So many bits from the left.
    private static func mask(_ bitCount: Int) -> UInt64 {
        // Swift shifts by the whole width to nothing.
        UInt64.max << (64 - bitCount)
    }
}
