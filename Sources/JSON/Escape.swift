import Bytes

/// The letters that follow a reverse solidus, and what they stand for (RFC 8259 §7).
enum Escape {
    static let backspace: UInt8 = 0x62
    static let formFeed: UInt8 = 0x66
    static let lineFeed: UInt8 = 0x6E
    static let carriageReturn: UInt8 = 0x72
    static let tab: UInt8 = 0x74
    /// Four hexadecimal digits follow.
    static let unicode: UInt8 = 0x75

    /// The byte that the escape with this letter stands for.
    ///
    /// The quotation mark and both solidi stand for themselves.
    static func byte(for letter: UInt8) -> UInt8 {
        switch letter {
        case backspace: 0x08
        case formFeed: 0x0C
        case lineFeed: ASCII.lineFeed
        case carriageReturn: ASCII.carriageReturn
        case tab: ASCII.horizontalTab
        default: letter
        }
    }

    /// By byte: 0 if it needs no escape, the letter of its short form if it has one, otherwise
    /// ``unicode``.
    static let letters: [UInt8] = {
        var letters = [UInt8](repeating: 0, count: 256)
        for control in 0..<Int(ASCII.space) { letters[control] = unicode }
        for letter in [backspace, formFeed, lineFeed, carriageReturn, tab] {
            letters[Int(byte(for: letter))] = letter
        }
        for byte in [ASCII.quotationMark, ASCII.reverseSolidus] { letters[Int(byte)] = byte }
        return letters
    }()
}
