import Bytes

// What the strings that the reader has found stand for.
extension JSONReader {
    /// Whether the text of `string`, its escapes replaced, is exactly `text`.
    ///
    /// Unicode normalization plays no part: two spellings of one letter are different texts.
    @inlinable
    public func equals(_ string: JSONString, _ text: String) -> Bool {
        // Most are told apart by their length, which is at hand; the bytes must be asked for.
        guard string.hasEscapes || string.range.count == text.utf8.count else { return false }
        return hasText(string, text)
    }

    @usableFromInline
    func hasText(_ string: JSONString, _ text: String) -> Bool {
        let utf8 = text.utf8
        guard string.hasEscapes else {
            return input.extracting(string.range).equals(utf8.span)
        }
        var decoded = DecodedText(of: string, in: input)
        for byte in utf8 {
            guard decoded.next() == byte else { return false }
        }
        return decoded.next() == nil
    }

    /// Whether the text of `string`, its escapes replaced, is exactly `text` in UTF-8.
    ///
    /// Faster than comparing with a `String`, which must first be asked for its bytes.
    public func equals(_ string: JSONString, _ text: borrowing Span<UInt8>) -> Bool {
        guard string.hasEscapes else {
            return input.extracting(string.range).equals(text)
        }
        var decoded = DecodedText(of: string, in: input)
        for index in text.indices {
            guard decoded.next() == text[index] else { return false }
        }
        return decoded.next() == nil
    }

    /// Whether two strings, their escapes replaced, are the same text.
    public func equals(_ first: JSONString, _ second: JSONString) -> Bool {
        guard first.hasEscapes || second.hasEscapes else {
            return input.extracting(first.range).equals(input.extracting(second.range))
        }
        var firstText = DecodedText(of: first, in: input)
        var secondText = DecodedText(of: second, in: input)
        while let byte = firstText.next() {
            guard secondText.next() == byte else { return false }
        }
        return secondText.next() == nil
    }

    /// The text, its escapes replaced, if it has at most sixteen bytes.
    ///
    /// For names that are compared with several others.
    public func shortText(of string: JSONString) -> ShortText? {
        guard string.hasEscapes else { return ShortText(in: input, at: string.range) }
        var decoded = ByteBuffer()
        decode(string, into: &decoded)
        return ShortText(in: decoded.span, at: 0..<decoded.count)
    }

    /// The first seven bytes of the text, its escapes replaced, and its length, as far as that fits
    /// into a byte: the same for the same text, and nearly always another for another.
    func mark(of string: JSONString) -> UInt64 {
        guard string.hasEscapes else {
            let count = string.range.count
            let word = input.wordAtEnd(string.range.lowerBound).prefix(min(count, 7))
            return word.bits | UInt64(truncatingIfNeeded: count) &<< 56
        }
        var bits: UInt64 = 0
        var count: UInt64 = 0
        var decoded = DecodedText(of: string, in: input)
        while let byte = decoded.next() {
            if count < 7 { bits |= UInt64(byte) &<< (count &* 8) }
            count &+= 1
        }
        return bits | count &<< 56
    }

    /// The text, its escapes replaced.
    public func text(of string: JSONString) -> String {
        guard string.hasEscapes else { return text(of: input.extracting(string.range)) }
        var decoded = ByteBuffer()
        decode(string, into: &decoded)
        return text(of: decoded.span)
    }

    /// Whether every byte of the text in UTF-8, its escapes replaced, satisfies `predicate`.
    public func allBytes(of string: JSONString, satisfy predicate: (UInt8) -> Bool) -> Bool {
        var decoded = DecodedText(of: string, in: input)
        while let byte = decoded.next() {
            guard predicate(byte) else { return false }
        }
        return true
    }

    /// Appends the text, its escapes replaced, to `buffer` as UTF-8.
    public func decode(_ string: JSONString, into buffer: inout ByteBuffer) {
        guard string.hasEscapes else { return buffer.append(input.extracting(string.range)) }
        var decoded = DecodedText(of: string, in: input)
        while let byte = decoded.next() { buffer.append(byte) }
    }

    /// The number of Unicode scalar values in the text: a string's length as JSON Schema counts it.
    public func scalarCount(of string: JSONString) -> Int {
        guard string.hasEscapes else {
            return Words.scalarCount(of: input.extracting(string.range))
        }
        var count = 0
        var decoded = DecodedText(of: string, in: input)
        while let byte = decoded.next() { count &+= byte & 0xC0 == 0x80 ? 0 : 1 }
        return count
    }

    /// The input's own bytes, such as ``skipValue()`` found.
    @_lifetime(copy self)
    public func bytes(in range: Range<Int>) -> Span<UInt8> {
        input.extracting(range)
    }

    private func text(of bytes: Span<UInt8>) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            preconditionFailure("the string was found by another reader")
        }
    }
}
