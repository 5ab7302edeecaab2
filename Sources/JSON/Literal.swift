/// The three literal names, as their letters, the first one lowest (RFC 8259 §3).
enum Literal: UInt64 {
    case `true` = 0x65_75_72_74
    case `false` = 0x65_73_6C_61_66
    case null = 0x6C_6C_75_6E

    /// Where the literal name that begins at `start` ends.
    ///
    /// - Throws: ``JSONError/Reason/expectedValue`` if none begins there.
    @inline(__always)
    static func end(
        in input: borrowing Span<UInt8>,
        from start: Int
    ) throws(JSONError) -> Int {
        switch input[start] {
        case UInt8(ascii: "t"): try end(of: .true, in: input, from: start)
        case UInt8(ascii: "f"): try end(of: .false, in: input, from: start)
        case UInt8(ascii: "n"): try end(of: .null, in: input, from: start)
        default: throw JSONError(.expectedValue, offset: start)
        }
    }

    @inline(__always)
    private static func end(
        of literal: Literal,
        in input: borrowing Span<UInt8>,
        from start: Int
    ) throws(JSONError) -> Int {
        var letters = literal.rawValue
        var index = start
        while letters != 0 {
            guard index < input.count else { throw JSONError(.endOfInput, offset: index) }
            guard input[index] == UInt8(truncatingIfNeeded: letters) else {
                throw JSONError(.expectedValue, offset: index)
            }
            letters >>= 8
            index &+= 1
        }
        return index
    }
}
