import Bytes

/// Bytes eight at a time.
enum Words {
    /// The eight bytes at `index`, the first one lowest; `nil` if fewer are left.
    @inline(__always)
    static func word(in bytes: borrowing Span<UInt8>, at index: Int) -> UInt64? {
        guard index &+ 8 <= bytes.count else { return nil }
        return bytes.word(at: index).bits
    }

    /// The number of Unicode scalar values that the bytes encode.
    ///
    /// - Precondition: They are UTF-8. Every byte but those of the form 10xxxxxx begins a scalar.
    static func scalarCount(of bytes: borrowing Span<UInt8>) -> Int {
        var continuationCount = 0
        var index = 0
        while let word = word(in: bytes, at: index) {
            let continuations = word &>> 7 & ~(word &>> 6) & 0x0101_0101_0101_0101
            continuationCount &+= continuations.nonzeroBitCount
            index &+= 8
        }
        while index < bytes.count {
            if bytes[index] & 0xC0 == 0x80 { continuationCount &+= 1 }
            index &+= 1
        }
        return bytes.count &- continuationCount
    }
}
