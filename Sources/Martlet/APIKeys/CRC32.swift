/// The cyclic redundancy check of Ethernet, gzip and PNG (ISO/IEC 3309; RFC 1952 §8).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
        }
    }

    static func checksum(of bytes: borrowing Span<UInt8>) -> UInt32 {
        let table = table
        var value = UInt32.max
        for index in bytes.indices {
            value = value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ bytes[index])]
        }
        return ~value
    }
}
