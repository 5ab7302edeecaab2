/// The bytes that protocols are made of, by name, and the questions parsers ask about one byte.
public enum ASCII {
    public static let horizontalTab: UInt8 = 0x09
    public static let lineFeed: UInt8 = 0x0A
    public static let carriageReturn: UInt8 = 0x0D
    public static let space: UInt8 = 0x20
    public static let quotationMark: UInt8 = 0x22
    public static let asterisk: UInt8 = 0x2A
    public static let plus: UInt8 = 0x2B
    public static let comma: UInt8 = 0x2C
    public static let hyphen: UInt8 = 0x2D
    public static let fullStop: UInt8 = 0x2E
    public static let solidus: UInt8 = 0x2F
    public static let zero: UInt8 = 0x30
    public static let nine: UInt8 = 0x39
    public static let colon: UInt8 = 0x3A
    public static let semicolon: UInt8 = 0x3B
    public static let equalsSign: UInt8 = 0x3D
    public static let questionMark: UInt8 = 0x3F
    public static let commercialAt: UInt8 = 0x40
    public static let leftSquareBracket: UInt8 = 0x5B
    public static let reverseSolidus: UInt8 = 0x5C
    public static let rightSquareBracket: UInt8 = 0x5D
    public static let underscore: UInt8 = 0x5F
    public static let leftCurlyBracket: UInt8 = 0x7B
    public static let rightCurlyBracket: UInt8 = 0x7D
    public static let delete: UInt8 = 0x7F

    @inlinable @inline(__always)
    public static func isDigit(_ byte: UInt8) -> Bool {
        byte &- zero < 10
    }

    @inlinable @inline(__always)
    public static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26
    }

    /// VCHAR: visible, not a space, not a control character (RFC 5234 §B.1).
    @inlinable @inline(__always)
    public static func isVisible(_ byte: UInt8) -> Bool {
        byte &- 0x21 < 94
    }

    /// A control character: below the space, or DEL.
    @inlinable @inline(__always)
    public static func isControl(_ byte: UInt8) -> Bool {
        byte < space || byte == delete
    }

    /// `tchar`, of which methods and field names consist (RFC 9110 §5.6.2).
    @inlinable
    public static func isTokenCharacter(_ byte: UInt8) -> Bool {
        if isLetter(byte) || isDigit(byte) { return true }
        switch byte {
        case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C,
            0x7E:
            return true
        default:
            return false
        }
    }

    /// The letter in lower case; every other byte as it is.
    @inlinable @inline(__always)
    public static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// 0 to 15, or `nil` if the byte is not a hexadecimal digit of either case.
    @inlinable @inline(__always)
    public static func hexadecimalDigitValue(of byte: UInt8) -> Int? {
        if isDigit(byte) { return Int(byte &- zero) }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? Int(letter) + 10 : nil
    }
}
