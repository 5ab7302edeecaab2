internal import Bytes

/// Finds the colon that ends a field name and, on the way, which name it is.
///
/// Four words hold every name of ``FieldName`` in lower case. The words that are read to find the
/// colon are the ones that are compared, so a known name is never looked at byte by byte.
struct FieldNameTable: Sendable {
    /// A name of less than 32 bytes in lower case, padded at will but always alike.
    private struct FoldedName: Hashable {
        var first = Word(bits: 0)
        var second = Word(bits: 0)
        var third = Word(bits: 0)
        var fourth = Word(bits: 0)
        var byteCount = 0

        init() {}

        /// Reads the name from `start` up to its colon; `nil` if that is not among 32 bytes.
        @inline(__always)
        init?(in bytes: borrowing Span<UInt8>, at start: Int) {
            byteCount = Self.readWord(in: bytes, at: start, into: &first)
            guard byteCount == 8 else { return }
            byteCount &+= Self.readWord(in: bytes, at: start &+ 8, into: &second)
            guard byteCount == 16 else { return }
            byteCount &+= Self.readWord(in: bytes, at: start &+ 16, into: &third)
            guard byteCount == 24 else { return }
            byteCount &+= Self.readWord(in: bytes, at: start &+ 24, into: &fourth)
            if byteCount == 32 { return nil }
        }

        /// Reads eight bytes of a name, fewer if the colon is among them.
        ///
        /// Bytes of the next line may stand behind the colon, but never before it: a line ends in
        /// control bytes, which are in no name.
        ///
        /// - Returns: How many bytes stand before the colon; 8 if it is not here.
        @inline(__always)
        private static func readWord(
            in bytes: borrowing Span<UInt8>,
            at index: Int,
            into folded: inout Word
        ) -> Int {
            let (word, byteCount) = bytes.wordAtEnd(index).prefix(before: ASCII.colon)
            folded = word.withCaseFolded
            return byteCount
        }

        /// Between 0 and 127; spreads the names so that few share a place.
        @inline(__always)
        var place: Int {
            let mixed = (first.bits ^ second.bits &* 3) &+ UInt64(truncatingIfNeeded: byteCount)
            return Int(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) &>> 57)
        }
    }

    /// A place of the hash table: a name, or `other` where there is none.
    private struct Entry {
        var folded = FoldedName()
        var name = FieldName.other
    }

    static let shared = FieldNameTable()

    // An array, not an `InlineArray`: reading one element of that in a global copies all of it.
    private let entries: [Entry]

    private init() {
        precondition(FieldName.allCases.count <= 64, "a field table has one bit for each name")
        var entries = Array(repeating: Entry(), count: 128)
        for name in FieldName.allCases where name != .other {
            let line = Array("\(name.spelling):".utf8)
            guard let folded = FoldedName(in: line.span, at: 0) else {
                preconditionFailure("\(name.spelling) and its colon exceed four words")
            }
            var place = folded.place
            while entries[place].name != .other { place = (place + 1) & 127 }
            entries[place] = Entry(folded: folded, name: name)
        }
        self.entries = entries
    }

    /// Reads a field name up to its colon.
    ///
    /// - Returns: Which name it is and the index of the colon; `nil` if the line is not a token
    ///   followed by a colon.
    /// - Precondition: The line holds no control bytes but horizontal tabs.
    @inline(__always)
    func readName(in bytes: borrowing Span<UInt8>, line: Range<Int>) -> (FieldName, Int)? {
        guard let folded = FoldedName(in: bytes, at: line.lowerBound) else {
            return readUnknownName(in: bytes, line: line)
        }
        let colon = line.lowerBound &+ folded.byteCount
        guard colon < line.upperBound else { return nil }
        if let name = name(for: folded) { return (name, colon) }
        return readUnknownName(in: bytes, line: line)
    }

    @inline(__always)
    private func name(for folded: FoldedName) -> FieldName? {
        var place = folded.place
        while entries[place].name != .other {
            if entries[place].folded == folded { return entries[place].name }
            place = (place &+ 1) & 127
        }
        return nil
    }

    private func readUnknownName(
        in bytes: borrowing Span<UInt8>,
        line: Range<Int>
    ) -> (FieldName, Int)? {
        var index = line.lowerBound
        while index < line.upperBound, ASCII.isTokenCharacter(bytes[index]) { index &+= 1 }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == ASCII.colon
        else { return nil }
        return (.other, index)
    }
}
