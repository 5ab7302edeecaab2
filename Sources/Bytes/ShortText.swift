/// Text of at most sixteen bytes in two registers, to compare names with by the word.
///
/// Comparing with a `String` first asks it for its bytes, which costs more than the comparison.
public struct ShortText: Hashable, Sendable {
    public static let byteCountMax = 16

    private let first: Word
    private let second: Word
    private let byteCount: UInt8

    /// - Precondition: `text` has at most ``byteCountMax`` bytes.
    public init(_ text: String) {
        let bytes = Array(text.utf8)
        guard let short = ShortText(in: bytes.span, at: bytes.indices) else {
            preconditionFailure("\(text) is longer than \(Self.byteCountMax) bytes")
        }
        self = short
    }

    /// The bytes of `input` at `range`; `nil` if they are too many.
    @inlinable @inline(__always)
    public init?(in input: borrowing Span<UInt8>, at range: Range<Int>) {
        let start = range.lowerBound
        switch range.count {
        case 0..<8:
            let word = input.wordAtEnd(start).prefix(range.count)
            self.init(first: word, second: Word(bits: 0), byteCount: range.count)
        case 8:
            self.init(first: input.word(at: start), second: Word(bits: 0), byteCount: 8)
        case 9..<16:
            let word = input.wordAtEnd(start &+ 8).prefix(range.count &- 8)
            self.init(first: input.word(at: start), second: word, byteCount: range.count)
        case 16:
            let word = input.word(at: start &+ 8)
            self.init(first: input.word(at: start), second: word, byteCount: 16)
        default:
            return nil
        }
    }

    @usableFromInline
    init(first: Word, second: Word, byteCount: Int) {
        self.first = first
        self.second = second
        self.byteCount = UInt8(truncatingIfNeeded: byteCount)
    }
}
