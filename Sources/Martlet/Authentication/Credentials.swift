internal import Bytes
internal import HTTP1

/// What a request says of who sends it (RFC 6750 §2).
enum Credentials: Hashable {
    case none
    /// What should be a token, as a range of the head; ``isToken(_:)`` tells.
    case bearer(Range<Int>)
    /// The value of `X-API-Key`, as a range of the head.
    case apiKey(Range<Int>)
    /// Twice, in two ways, without a token, or in the query, where logs and histories keep it.
    case malformed

    /// - Parameters:
    ///   - head: The request.
    ///   - bytes: The bytes of its head.
    ///   - apiKeys: Whether `X-API-Key` counts.
    init(_ head: borrowing RequestHead, _ bytes: Span<UInt8>, apiKeys: APIKeyUse) {
        if let query = head.query, Self.holdsToken(bytes.extracting(query)) {
            self = .malformed
            return
        }
        if apiKeys == .accepted, let key = head.value(of: .apiKey) {
            // "Clients MUST NOT use more than one method" (RFC 6750 §2): which one counts would be
            // a matter of opinion between this server and whatever stands before it.
            let isAlone = !head.isRepeated(.apiKey) && !head.contains(.authorization)
            self = isAlone ? .apiKey(key) : .malformed
            return
        }
        guard let value = head.value(of: .authorization) else {
            self = .none
            return
        }
        guard head.count(of: .authorization) == 1 else {
            self = .malformed
            return
        }
        self = Self.parse(value, in: bytes)
    }

    /// `credentials = "Bearer" 1*SP b64token`; the scheme's case does not matter (RFC 9110 §11.1).
    private static func parse(_ value: Range<Int>, in bytes: Span<UInt8>) -> Credentials {
        let scheme = "bearer"
        let schemeEnd = value.lowerBound + scheme.utf8.count
        guard value.count >= scheme.utf8.count,
            bytes.extracting(value.lowerBound..<schemeEnd).equalsIgnoringCase(scheme)
        else { return .none }
        var start = schemeEnd
        while start < value.upperBound, bytes[start] == ASCII.space { start += 1 }
        let token = start..<value.upperBound
        // "Bearer" alone, or another scheme whose name begins so.
        guard !token.isEmpty, start > schemeEnd else {
            return start == value.upperBound ? .malformed : .none
        }
        return .bearer(token)
    }

    /// Whether credentials can be a token at all; one that is known need not be asked about.
    ///
    ///     b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    static func isToken(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where !isTokenByte(text[index]) { return false }
        return !text.isEmpty
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        if ASCII.isLetter(byte) || ASCII.isDigit(byte) { return true }
        switch byte {
        case ASCII.hyphen, ASCII.fullStop, ASCII.underscore, 0x7E, ASCII.plus, ASCII.solidus,
            ASCII.equalsSign:
            return true
        default:
            return false
        }
    }

    private static func holdsToken(_ query: Span<UInt8>) -> Bool {
        var start = 0
        while start < query.count {
            let end = query.firstIndex(of: 0x26, from: start) ?? query.count
            let nameEnd = min(query.firstIndex(of: ASCII.equalsSign, from: start) ?? end, end)
            if query.extracting(start..<nameEnd).equals("access_token") { return true }
            start = end + 1
        }
        return false
    }
}
