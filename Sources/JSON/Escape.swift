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

    /// The letter that stands for a control character, if there is a short form.
    static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case 0x08: backspace
        case 0x0C: formFeed
        case ASCII.lineFeed: lineFeed
        case ASCII.carriageReturn: carriageReturn
        case ASCII.horizontalTab: tab
        case ASCII.quotationMark, ASCII.reverseSolidus: byte
        default: nil
        }
    }
}
