extension PeerAddress {
    /// Reads an address as people write it: `192.0.2.1` or `2001:db8::1` (RFC 4291 §2.2).
    ///
    /// - Returns: `nil` if the text is anything else; with brackets, a port or a zone, too.
    public init?(_ text: Span<UInt8>) {
        if let low = Self.ipv4(text) {
            self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(low))
        } else if let address = Self.ipv6(text) {
            self = address
        } else {
            return nil
        }
    }

    /// The same, of a text that is no bytes yet.
    public init?(_ text: String) {
        let utf8 = text.utf8
        self.init(utf8.span)
    }

    private static let colon: UInt8 = 0x3A
    private static let fullStop: UInt8 = 0x2E

    /// Four numbers without leading zeros, which some would read as octal.
    private static func ipv4(_ text: Span<UInt8>) -> UInt32? {
        var address: UInt32 = 0
        var position = 0
        for octetIndex in 0..<4 {
            if octetIndex > 0 {
                guard position < text.count, text[position] == fullStop else { return nil }
                position += 1
            }
            let start = position
            var octet: UInt32 = 0
            while position < text.count, position - start < 3, text[position] &- 0x30 < 10 {
                octet = octet * 10 + UInt32(text[position] &- 0x30)
                position += 1
            }
            let digitCount = position - start
            guard digitCount > 0, octet < 256, digitCount == 1 || text[start] != 0x30 else {
                return nil
            }
            address = address << 8 | octet
        }
        return position == text.count ? address : nil
    }

    /// Eight groups of up to four hexadecimal digits; `::` stands for as many zeros as are missing,
    /// once, and the last two groups may be written as an IPv4 address.
    private static func ipv6(_ text: Span<UInt8>) -> PeerAddress? {
        var groups: [UInt16] = []
        var gap: Int?
        var position = 0
        if text.count >= 2, text[0] == colon {
            guard text[1] == colon else { return nil }
            gap = 0
            position = 2
        }
        while position < text.count {
            guard groups.count < 8 else { return nil }
            let start = position
            var group: UInt16 = 0
            while position < text.count, position - start < 4,
                let digit = hexadecimalValue(of: text[position])
            {
                group = group << 4 | digit
                position += 1
            }
            if position < text.count, text[position] == fullStop {
                guard groups.count <= 6, let tail = ipv4(text.extracting(start...)) else {
                    return nil
                }
                groups += [UInt16(tail >> 16), UInt16(truncatingIfNeeded: tail)]
                break
            }
            guard position > start else { return nil }
            groups.append(group)
            guard position < text.count else { break }
            guard text[position] == colon, position + 1 < text.count else { return nil }
            position += 1
            if text[position] == colon {
                guard gap == nil else { return nil }
                gap = groups.count
                position += 1
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: Array(repeating: 0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        return PeerAddress(
            high: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) },
            low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
        )
    }

    private static func hexadecimalValue(of byte: UInt8) -> UInt16? {
        if byte &- 0x30 < 10 { return UInt16(byte &- 0x30) }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? UInt16(letter) + 10 : nil
    }
}
