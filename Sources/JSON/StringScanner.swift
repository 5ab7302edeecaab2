import Bytes

/// Finds the end of a string and proves that it is one (RFC 8259 §7).
///
///     string  = quotation-mark *char quotation-mark
///     char    = unescaped / escape ( %x22 / %x5C / %x2F / %x62 / %x66 / %x6E / %x72 / %x74 /
///               %x75 4HEXDIG )
enum StringScanner {
    /// Scans the string whose first character is at `start`, its opening quotation mark before it.
    @inline(__always)
    static func scan(
        _ input: borrowing Span<UInt8>,
        from start: Int
    ) throws(JSONError) -> JSONString {
        let end = PlainText.end(in: input, from: start)
        if end < input.count, input[end] == ASCII.quotationMark {
            return JSONString(range: start..<end, hasEscapes: false)
        }
        return try scanRest(input, stringStart: start, from: end)
    }

    @inline(never)
    private static func scanRest(
        _ input: borrowing Span<UInt8>,
        stringStart: Int,
        from start: Int
    ) throws(JSONError) -> JSONString {
        var index = start
        var hasEscapes = false
        while index < input.count {
            switch input[index] {
            case ASCII.quotationMark:
                return JSONString(range: stringStart..<index, hasEscapes: hasEscapes)
            case ASCII.reverseSolidus:
                index = try endOfEscape(in: input, at: index)
                hasEscapes = true
            case 0x80...:
                index = try endOfSequence(in: input, at: index)
            default:
                throw JSONError(.controlCharacter, offset: index)
            }
            index = PlainText.end(in: input, from: index)
        }
        throw JSONError(.endOfInput, offset: input.count)
    }

    /// Where the escape that begins at `start` ends; a surrogate pair counts as one escape.
    private static func endOfEscape(
        in input: borrowing Span<UInt8>,
        at start: Int
    ) throws(JSONError) -> Int {
        guard start + 1 < input.count else { throw JSONError(.endOfInput, offset: input.count) }
        switch input[start + 1] {
        case ASCII.quotationMark, ASCII.reverseSolidus, ASCII.solidus,
            Escape.backspace, Escape.formFeed, Escape.lineFeed, Escape.carriageReturn, Escape.tab:
            return start + 2
        case Escape.unicode:
            break
        default:
            throw JSONError(.malformedEscape, offset: start)
        }
        let unit = try codeUnit(in: input, at: start)
        guard unit & 0xF800 == 0xD800 else { return start + 6 }
        guard unit < 0xDC00 else { throw JSONError(.loneSurrogate, offset: start) }
        guard start + 6 < input.count else { throw JSONError(.endOfInput, offset: input.count) }
        guard input[start + 6] == ASCII.reverseSolidus else {
            throw JSONError(.loneSurrogate, offset: start)
        }
        guard start + 7 < input.count else { throw JSONError(.endOfInput, offset: input.count) }
        guard input[start + 7] == Escape.unicode else {
            throw JSONError(.loneSurrogate, offset: start)
        }
        guard try codeUnit(in: input, at: start + 6) & 0xFC00 == 0xDC00 else {
            throw JSONError(.loneSurrogate, offset: start)
        }
        return start + 12
    }

    /// The value of the four digits after `\u` at `start`.
    private static func codeUnit(
        in input: borrowing Span<UInt8>,
        at start: Int
    ) throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for index in start + 2..<start + 6 {
            guard index < input.count else { throw JSONError(.endOfInput, offset: input.count) }
            guard let digit = ASCII.hexadecimalDigitValue(of: input[index]) else {
                throw JSONError(.malformedEscape, offset: start)
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Where the UTF-8 sequence of two to four bytes that begins at `start` ends.
    ///
    /// The well-formed sequences of the Unicode Standard, table 3-7: no overlong form, no
    /// surrogate, nothing above U+10FFFF.
    private static func endOfSequence(
        in input: borrowing Span<UInt8>,
        at start: Int
    ) throws(JSONError) -> Int {
        let length: Int
        let second: ClosedRange<UInt8>
        switch input[start] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(.invalidUTF8, offset: start)
        }
        guard start + 1 < input.count else { throw JSONError(.endOfInput, offset: input.count) }
        guard second.contains(input[start + 1]) else {
            throw JSONError(.invalidUTF8, offset: start)
        }
        for index in start + 2..<start + length {
            guard index < input.count else { throw JSONError(.endOfInput, offset: input.count) }
            guard input[index] & 0xC0 == 0x80 else { throw JSONError(.invalidUTF8, offset: start) }
        }
        return start + length
    }
}
