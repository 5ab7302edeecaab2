import Bytes

/// Yields the UTF-8 bytes that a string stands for, its escapes replaced, one at a time.
struct DecodedText: ~Escapable {
    private let input: Span<UInt8>
    private var index: Int
    private let end: Int

    /// What remains of a character that an escape stands for, the next byte lowest.
    ///
    /// None of these bytes is zero.
    private var pending: UInt32 = 0

    /// - Precondition: A reader found `string` in `input`.
    @_lifetime(copy input)
    init(of string: JSONString, in input: Span<UInt8>) {
        self.input = input
        index = string.range.lowerBound
        end = string.range.upperBound
    }

    mutating func next() -> UInt8? {
        if pending != 0 {
            let byte = UInt8(truncatingIfNeeded: pending)
            pending >>= 8
            return byte
        }
        guard index < end else { return nil }
        let byte = input[index]
        guard byte == ASCII.reverseSolidus else {
            index &+= 1
            return byte
        }
        let letter = input[index + 1]
        guard letter == Escape.unicode else {
            index += 2
            return Escape.byte(for: letter)
        }
        return encode(scalarOfEscape())
    }

    /// Consumes one escape with `u`, or the two of a surrogate pair.
    private mutating func scalarOfEscape() -> UInt32 {
        let unit = codeUnit(at: index + 2)
        index += 6
        guard unit & 0xFC00 == 0xD800 else { return unit }
        let low = codeUnit(at: index + 2)
        index += 6
        return 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
    }

    private func codeUnit(at start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for index in start..<start + 4 {
            unit = unit << 4 | UInt32(ASCII.hexadecimalDigitValue(of: input[index]) ?? 0)
        }
        return unit
    }

    /// The first byte of the scalar in UTF-8; the others become ``pending``.
    private mutating func encode(_ scalar: UInt32) -> UInt8 {
        let last = scalar & 0x3F | 0x80
        let third = scalar >> 6 & 0x3F | 0x80
        let second = scalar >> 12 & 0x3F | 0x80
        switch scalar {
        case ..<0x80:
            return UInt8(truncatingIfNeeded: scalar)
        case ..<0x800:
            pending = last
            return UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0)
        case ..<0x10000:
            pending = last << 8 | third
            return UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0)
        default:
            pending = last << 16 | third << 8 | second
            return UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0)
        }
    }
}
