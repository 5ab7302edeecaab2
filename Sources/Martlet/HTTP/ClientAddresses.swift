internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv

/// The field in which trusted proxies say whom they ask for.
///
/// One of the two: a proxy that writes one passes the other on as the client sent it.
public enum ForwardedField: String, Sendable, CaseIterable {
    /// `Forwarded` (RFC 7239).
    case forwarded
    /// `X-Forwarded-For`, of which there is no standard.
    case xForwardedFor = "x-forwarded-for"
}

/// Finds out whose request it is that a trusted proxy passes on.
struct ClientAddresses: Sendable {
    private let proxies: TrustedProxies
    private let field: ForwardedField

    init(_ field: ForwardedField, of proxies: TrustedProxies) {
        self.field = field
        self.proxies = proxies
    }

    /// Who asks: the last address in the field, read from its end, that is no trusted proxy's.
    ///
    /// What stands before it was written by the client, and may be anything. Where a trusted proxy
    /// does not know, or says something that is no address, the request is that proxy's own.
    ///
    /// - Parameters:
    ///   - head: The head of the request.
    ///   - bytes: Its bytes.
    ///   - peer: The other end of the connection.
    /// - Returns: Its address; `nil` if it asks over a UNIX domain socket.
    func client(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        from peer: PeerAddress?
    ) -> PeerAddress? {
        guard proxies.contains(peer) else { return peer }
        var client = peer
        let name: FieldName = field == .forwarded ? .forwarded : .xForwardedFor
        let lines = head.fields
        var lineIndex = lines.count
        while lineIndex > 0 {
            lineIndex -= 1
            guard lines[lineIndex].knownName == name else { continue }
            let value = bytes.extracting(lines[lineIndex].value)
            var end = value.count
            while end > 0 {
                let start = Self.startOfElement(endingAt: end, in: value)
                let element = value.extracting(value.trimming(start..<end))
                end = start - 1
                // An empty element does not count (RFC 9110 §5.6.1.2).
                guard !element.isEmpty else { continue }
                guard let address = address(of: element) else { return client }
                guard proxies.contains(address) else { return address }
                client = address
            }
        }
        return client
    }

    /// Behind the last comma that separates elements; one in a quoted string does not.
    ///
    /// Read from the end, so that a quotation mark of the client's own has no say in what the proxy
    /// appended.
    private static func startOfElement(endingAt end: Int, in value: Span<UInt8>) -> Int {
        var index = end
        var isQuoted = false
        while index > 0 {
            index -= 1
            if value[index] == ASCII.comma, !isQuoted { return index + 1 }
            guard value[index] == ASCII.quotationMark else { continue }
            var escapeCount = 0
            while index > escapeCount, value[index - escapeCount - 1] == ASCII.reverseSolidus {
                escapeCount += 1
            }
            if escapeCount.isMultiple(of: 2) { isQuoted.toggle() }
        }
        return 0
    }

    private func address(of element: Span<UInt8>) -> PeerAddress? {
        switch field {
        case .xForwardedFor:
            return Self.address(ofNode: element)
        case .forwarded:
            guard let node = Self.forwardedFor(element) else { return nil }
            return Self.address(ofNode: element.extracting(node))
        }
    }

    /// Where the value of `for` stands among the parameters of an element (RFC 7239 §4), without
    /// its quotes.
    ///
    /// - Returns: `nil` without one, and if there is a second: then somebody else had a say in what the
    ///   proxy wrote.
    private static func forwardedFor(_ element: Span<UInt8>) -> Range<Int>? {
        var found: Range<Int>?
        var start = 0
        while start < element.count {
            let end = endOfParameter(in: element, from: start)
            let pair = element.trimming(start..<end)
            start = end + 1
            guard pair.count >= 4 else { continue }
            let valueStart = pair.lowerBound + 4
            guard element.extracting(pair.lowerBound..<valueStart).equalsIgnoringCase("for=")
            else { continue }
            guard found == nil else { return nil }
            found = withoutQuotes(valueStart..<pair.upperBound, of: element)
            if found == nil { return nil }
        }
        return found
    }

    /// The next semicolon outside quoted strings, or the end.
    private static func endOfParameter(in element: Span<UInt8>, from start: Int) -> Int {
        var index = start
        var isQuoted = false
        while index < element.count {
            switch element[index] {
            case ASCII.quotationMark: isQuoted.toggle()
            case ASCII.reverseSolidus where isQuoted: index += 1
            case ASCII.semicolon where !isQuoted: return index
            default: break
            }
            index += 1
        }
        return element.count
    }

    private static func withoutQuotes(
        _ value: Range<Int>,
        of element: Span<UInt8>
    ) -> Range<Int>? {
        guard !value.isEmpty, element[value.lowerBound] == ASCII.quotationMark else { return value }
        let last = value.upperBound - 1
        guard last > value.lowerBound, element[last] == ASCII.quotationMark else { return nil }
        return (value.lowerBound + 1)..<last
    }

    /// An address with or without a port (RFC 7239 §6): `192.0.2.1:80`, `[2001:db8::1]:80`.
    private static func address(ofNode node: Span<UInt8>) -> PeerAddress? {
        if let address = PeerAddress(node) { return address }
        guard !node.isEmpty else { return nil }
        if node[0] == ASCII.leftSquareBracket {
            guard let bracket = node.firstIndex(of: ASCII.rightSquareBracket) else { return nil }
            let rest = node.extracting((bracket + 1)...)
            guard rest.isEmpty || (rest[0] == ASCII.colon && isPort(rest.extracting(1...))) else {
                return nil
            }
            let host = node.extracting(1..<bracket)
            return host.firstIndex(of: ASCII.colon) == nil ? nil : PeerAddress(host)
        }
        guard let colon = node.firstIndex(of: ASCII.colon),
            isPort(node.extracting((colon + 1)...))
        else { return nil }
        let host = node.extracting(..<colon)
        return host.firstIndex(of: ASCII.fullStop) == nil ? nil : PeerAddress(host)
    }

    /// A number, or a name that hides one (`obfport`).
    private static func isPort(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty else { return false }
        for index in text.indices where !ASCII.isTokenCharacter(text[index]) { return false }
        return true
    }
}

extension Span where Element == UInt8 {
    /// A part of it without the white space around it.
    fileprivate func trimming(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, Self.isWhiteSpace(self[start]) { start += 1 }
        while end > start, Self.isWhiteSpace(self[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.horizontalTab
    }
}
