import Bytes

/// Finds the end of text that needs no attention, eight bytes at a time.
enum PlainText {
    /// Where the first byte stands, at or after `start`, that is a quotation mark, a reverse
    /// solidus, a control character or not ASCII; the end of the input if there is none.
    @inline(__always)
    static func end(in input: borrowing Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let word = Words.word(in: input, at: index) {
            let marks = (specials(in: word) | word) & highBits
            if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < input.count {
            let byte = input[index]
            if isSpecial(byte) || byte >= 0x80 { break }
            index &+= 1
        }
        return index
    }

    /// The same, except that what is not ASCII is passed over too.
    @inline(__always)
    static func endIncludingNonASCII(in input: borrowing Span<UInt8>, from start: Int) -> Int {
        var index = start
        while let word = Words.word(in: input, at: index) {
            let marks = specials(in: word & ~highBits) & ~word & highBits
            if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < input.count, !isSpecial(input[index]) { index &+= 1 }
        return index
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < ASCII.space || byte == ASCII.quotationMark || byte == ASCII.reverseSolidus
    }

    /// Sets the high bit of every byte that is special.
    ///
    /// A borrow runs upwards only, so the lowest mark is exact; those above it may be false.
    @inline(__always)
    private static func specials(in word: UInt64) -> UInt64 {
        let quotation = word ^ (ones &* UInt64(ASCII.quotationMark))
        let solidus = word ^ (ones &* UInt64(ASCII.reverseSolidus))
        let control = (word &- ones &* UInt64(ASCII.space)) & ~word
        return ((quotation &- ones) & ~quotation) | ((solidus &- ones) & ~solidus) | control
    }
}
