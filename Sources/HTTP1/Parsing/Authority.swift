internal import Bytes

/// The host and port of a `Host` field or an absolute-form target (RFC 9110 §4.2, RFC 3986 §3.2).
///
///     host-and-port = ( reg-name / IPv4address / "[" IPv6address "]" ) [ ":" 1*5DIGIT ]
///
/// RFC 3986 lets a name hold sub-delimiters and percent-encoding and a port be empty. This server
/// refuses them: no name that resolves needs them, a comma is what an intermediary joins two fields
/// with, and each is another spelling for a list of allowed hosts to miss. User information is
/// refused as RFC 9110 §4.2.4 asks, and so are an empty host and a future IP version.
enum Authority {
    /// The length of the host, which begins at the first byte.
    ///
    /// - Returns: `nil` if this is not a host with an optional port.
    static func hostByteCount(_ text: borrowing Span<UInt8>) -> Int? {
        guard !text.isEmpty else { return nil }
        var end = 0
        if text[0] == ASCII.leftSquareBracket {
            guard let bracket = text.firstIndex(of: ASCII.rightSquareBracket),
                isIPv6Address(text.extracting(1..<bracket))
            else { return nil }
            end = bracket &+ 1
        } else {
            while end < text.count, isNameCharacter(text[end]) { end &+= 1 }
            guard end > 0 else { return nil }
        }
        guard end < text.count else { return end }
        guard text[end] == ASCII.colon, isPort(text.extracting((end &+ 1)...)) else { return nil }
        return end
    }

    /// `unreserved` of RFC 3986 §2.3.
    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.hyphen
            || byte == ASCII.fullStop || byte == ASCII.underscore || byte == 0x7E
    }

    private static func isPort(_ text: borrowing Span<UInt8>) -> Bool {
        guard text.count <= 5, let port = Decimal.parse(text) else { return false }
        return port <= 65_535
    }

    /// Eight groups of hexadecimal digits, of which one run may be left out as `::` and the last
    /// two may be an IPv4 address (RFC 3986 §3.2.2).
    private static func isIPv6Address(_ text: borrowing Span<UInt8>) -> Bool {
        var groupCount = 0
        var hasGap = false
        var index = 0
        if text.count >= 2, text[0] == ASCII.colon, text[1] == ASCII.colon {
            hasGap = true
            index = 2
        }
        while index < text.count {
            var end = index
            while end < text.count, ASCII.hexadecimalDigitValue(of: text[end]) != nil { end &+= 1 }
            if end < text.count, text[end] == ASCII.fullStop {
                guard isIPv4Address(text.extracting(index...)) else { return false }
                groupCount &+= 2
                break
            }
            guard (1...4).contains(end &- index) else { return false }
            groupCount &+= 1
            if end == text.count { break }
            guard text[end] == ASCII.colon, end &+ 1 < text.count else { return false }
            index = end &+ 1
            if text[index] == ASCII.colon {
                guard !hasGap else { return false }
                hasGap = true
                index &+= 1
            }
        }
        return hasGap ? groupCount <= 7 : groupCount == 8
    }

    private static func isIPv4Address(_ text: borrowing Span<UInt8>) -> Bool {
        var start = 0
        for octet in 0..<4 {
            let end = text.firstIndex(of: ASCII.fullStop, from: start) ?? text.count
            let digits = text.extracting(start..<end)
            guard digits.count <= 3, let value = Decimal.parse(digits), value <= 255,
                digits.count == 1 || digits[0] != ASCII.zero
            else { return false }
            if octet == 3 { return end == text.count }
            guard end < text.count else { return false }
            start = end &+ 1
        }
        return false
    }
}
