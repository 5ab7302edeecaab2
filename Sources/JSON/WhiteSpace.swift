import Bytes

/// What may stand between tokens (RFC 8259 §2).
enum WhiteSpace {
    /// Where the first byte stands, at or after `start`, that is not white space.
    @inline(__always)
    static func end(in input: borrowing Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < input.count, input[index] <= ASCII.space {
            switch input[index] {
            case ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.horizontalTab:
                index &+= 1
            default:
                return index
            }
        }
        return index
    }
}
