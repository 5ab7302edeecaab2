/// Eight bytes of text in one register, the first in the lowest-order byte.
///
/// Searching text by words looks at eight bytes for the price of about one. The tricks are the
/// classic ones for "has a byte less than" and "has a zero byte": a borrow can only leave a byte
/// that matches, so the *first* match is exact, and only the first is ever reported.
public struct Word: Hashable, Sendable {
    public var bits: UInt64

    @inlinable @inline(__always)
    public init(bits: UInt64) {
        self.bits = bits
    }

    /// The word that holds `text`, of at most eight bytes; the others are zero.
    public init(_ text: String) {
        bits = text.utf8.reversed().reduce(0) { $0 &<< 8 | UInt64($1) }
    }

    /// The index of the first byte equal to `byte`; 8 if there is none.
    @inlinable @inline(__always)
    public func firstIndex(of byte: UInt8) -> Int {
        let difference = bits ^ (0x0101_0101_0101_0101 &* UInt64(byte))
        let matches = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
        return matches.trailingZeroBitCount &>> 3
    }

    /// The index of the first byte below the space or equal to DEL; 8 if there is none.
    @inlinable @inline(__always)
    public var firstIndexOfControl: Int {
        let below = bits &- 0x2020_2020_2020_2020
        let delete = (bits ^ 0x7F7F_7F7F_7F7F_7F7F) &- 0x0101_0101_0101_0101
        let matches = (below | delete) & ~bits & 0x8080_8080_8080_8080
        return matches.trailingZeroBitCount &>> 3
    }

    /// The bytes before the first one equal to `byte`, the others being zero, and how many they
    /// are; the whole word and 8 if there is none.
    @inlinable @inline(__always)
    public func prefix(before byte: UInt8) -> (word: Word, byteCount: Int) {
        let difference = bits ^ (0x0101_0101_0101_0101 &* UInt64(byte))
        let matches = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
        // The lowest bit set marks the top of the first match; without one the mask is all ones.
        let mask = (matches & (0 &- matches)) &>> 7 &- 1
        return (Word(bits: bits & mask), matches.trailingZeroBitCount &>> 3)
    }

    /// The first `byteCount` bytes, 0 to 7 of them; the others are zero.
    @inlinable @inline(__always)
    public func prefix(_ byteCount: Int) -> Word {
        Word(bits: bits & (1 &<< UInt64(truncatingIfNeeded: byteCount &* 8) &- 1))
    }

    /// The letters in lower case; bytes that are neither letters nor digits may change as well.
    ///
    /// Good for comparing with text of lower-case letters, digits and hyphens once control bytes
    /// are ruled out: nothing else turns into those.
    @inlinable @inline(__always)
    public var withCaseFolded: Word {
        Word(bits: bits | 0x2020_2020_2020_2020)
    }
}

extension Span where Element == UInt8 {
    /// The eight bytes from `index` on, which the compiler reads at once.
    ///
    /// - Precondition: There are eight.
    @inlinable @inline(__always)
    public func word(at index: Int) -> Word {
        let bytes = extracting(index...)
        // The last byte first: once that is known to exist, so are the others.
        let high =
            UInt64(bytes[7]) &<< 56 | UInt64(bytes[6]) &<< 48
            | UInt64(bytes[5]) &<< 40 | UInt64(bytes[4]) &<< 32
        let low =
            UInt64(bytes[3]) &<< 24 | UInt64(bytes[2]) &<< 16
            | UInt64(bytes[1]) &<< 8 | UInt64(bytes[0])
        return Word(bits: low | high)
    }

    /// The bytes from `index` on, as many as there are up to eight; the others are zero.
    @inlinable @inline(__always)
    public func wordAtEnd(_ index: Int) -> Word {
        if index &+ 8 <= count { return word(at: index) }
        var bits: UInt64 = 0
        var last = count &- 1
        while last >= index {
            bits = bits &<< 8 | UInt64(self[last])
            last &-= 1
        }
        return Word(bits: bits)
    }

    /// Where the first byte below the space, or DEL, stands at or after `start`.
    ///
    /// Sixteen bytes at a time, as long as none of them is one.
    @inlinable @inline(__always)
    public func firstIndexOfControl(from start: Int) -> Int? {
        var index = start
        while index &+ 16 <= count, !any(block(at: index).controlMask) { index &+= 16 }
        while index &+ 8 <= count {
            let offset = word(at: index).firstIndexOfControl
            if offset < 8 { return index &+ offset }
            index &+= 8
        }
        while index < count {
            if ASCII.isControl(self[index]) { return index }
            index &+= 1
        }
        return nil
    }

    /// The sixteen bytes from `index` on, which the compiler reads at once.
    ///
    /// - Precondition: There are sixteen.
    @inlinable @inline(__always)
    public func block(at index: Int) -> SIMD16<UInt8> {
        let bytes = extracting(index..<index &+ 16)
        return SIMD16<UInt8>(
            bytes[0],
            bytes[1],
            bytes[2],
            bytes[3],
            bytes[4],
            bytes[5],
            bytes[6],
            bytes[7],
            bytes[8],
            bytes[9],
            bytes[10],
            bytes[11],
            bytes[12],
            bytes[13],
            bytes[14],
            bytes[15]
        )
    }
}

extension SIMD16<UInt8> {
    /// Which bytes are below the space or equal to DEL.
    @inlinable @inline(__always)
    var controlMask: SIMDMask<SIMD16<Int8>> {
        // The type is spelled out because `.init(repeating:)` picks a loop over the lanes.
        (self .< SIMD16<UInt8>(repeating: 0x20)) .| (self .== SIMD16<UInt8>(repeating: 0x7F))
    }
}
