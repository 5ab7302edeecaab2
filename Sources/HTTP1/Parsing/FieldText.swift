internal import Bytes

extension ASCII {
    /// Begins a fragment (RFC 3986 §3.5).
    static let numberSign: UInt8 = 0x23

    /// A space or horizontal tab: `OWS` and `RWS` consist of them (RFC 9110 §5.6.3).
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == space || byte == horizontalTab
    }
}

extension Span where Element == UInt8 {
    /// The range without the blanks at its ends; empty, inside the range, if it is all blanks.
    @inline(__always)
    func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, ASCII.isBlank(self[start]) { start &+= 1 }
        while end > start, ASCII.isBlank(self[end &- 1]) { end &-= 1 }
        return start..<end
    }

    var isAllDigits: Bool {
        for index in indices where !ASCII.isDigit(self[index]) { return false }
        return true
    }
}
