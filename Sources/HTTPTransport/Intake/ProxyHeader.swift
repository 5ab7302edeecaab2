internal import Bytes
package import Libuv

/// What a proxy says of a connection that it passes on, before anything else: the PROXY protocol,
/// versions 1 and 2 (<https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt>).
package struct ProxyHeader: Hashable, Sendable {
    /// Who connected to the proxy; `nil` if it speaks for itself (a health check, say) or does not
    /// know.
    package let source: PeerAddress?

    /// Whether the proxy speaks for itself: then it is its own client.
    package let isOwn: Bool

    /// Bytes of the header; what follows is the client's.
    package let byteCount: Int

    package init(source: PeerAddress?, isOwn: Bool = false, byteCount: Int) {
        self.source = source
        self.isOwn = isOwn
        self.byteCount = byteCount
    }

    /// How far the header can be read.
    package enum Progress: Hashable, Sendable {
        case needsMoreInput
        case complete(ProxyHeader)
        case malformed(Fault)
    }

    /// Why the bytes are no header.
    package enum Fault: Hashable, Sendable {
        case noHeader
        case malformedLine
        case unknownVersion
        case unknownCommand
        case unknownFamily
        case tooShort
        case tooLong(byteCountMax: Int)
    }

    /// Bytes of the longest line of version 1, its end included (§2.1).
    package static let lineByteCountMax = 107

    /// Bytes that may follow the first 16 of version 2: addresses, and what else a proxy tells.
    package static let extensionByteCountMax = 2_048

    /// "\r\n\r\n\0\r\nQUIT\n" (§2.2).
    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
    private static let linePrefix = Array("PROXY ".utf8)

    /// Reads a header from the beginning of what has come so far.
    package static func read(_ input: Span<UInt8>) -> Progress {
        guard !input.isEmpty else { return .needsMoreInput }
        let isBinary = input[0] == signature[0]
        let expected = isBinary ? signature : linePrefix
        let known = min(input.count, expected.count)
        guard input.extracting(..<known).equals(expected.span.extracting(..<known)) else {
            return .malformed(.noHeader)
        }
        guard known == expected.count else { return .needsMoreInput }
        return isBinary ? readBinary(input) : readLine(input)
    }

    // Version 1: PROXY TCP4 SOURCE DESTINATION PORT PORT CRLF

    private static func readLine(_ input: Span<UInt8>) -> Progress {
        let searched = input.extracting(..<min(input.count, lineByteCountMax))
        guard let end = searched.firstIndex(of: ASCII.lineFeed) else {
            return input.count < lineByteCountMax
                ? .needsMoreInput : .malformed(.tooLong(byteCountMax: lineByteCountMax))
        }
        guard input[end - 1] == ASCII.carriageReturn else { return .malformed(.malformedLine) }
        let line = input.extracting(linePrefix.count..<(end - 1))
        let words = split(line)
        guard let first = words.first else { return .malformed(.malformedLine) }
        let family = line.extracting(first)
        // What stands behind it is to be ignored.
        if family.equals("UNKNOWN") {
            return .complete(ProxyHeader(source: nil, byteCount: end + 1))
        }
        guard family.equals("TCP4") || family.equals("TCP6") else {
            return .malformed(.unknownFamily)
        }
        let hasColons = family.equals("TCP6")
        guard words.count == 5,
            let source = address(line.extracting(words[1]), hasColons: hasColons),
            address(line.extracting(words[2]), hasColons: hasColons) != nil,
            isPort(line.extracting(words[3])), isPort(line.extracting(words[4]))
        else { return .malformed(.malformedLine) }
        return .complete(ProxyHeader(source: source, byteCount: end + 1))
    }

    /// The ranges between single spaces.
    private static func split(_ line: Span<UInt8>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start = 0
        while let space = line.firstIndex(of: ASCII.space, from: start) {
            words.append(start..<space)
            start = space + 1
        }
        words.append(start..<line.count)
        return words
    }

    private static func address(_ text: Span<UInt8>, hasColons: Bool) -> PeerAddress? {
        guard (text.firstIndex(of: ASCII.colon) != nil) == hasColons else { return nil }
        return PeerAddress(text)
    }

    private static func isPort(_ text: Span<UInt8>) -> Bool {
        guard (1...5).contains(text.count) else { return false }
        var port = 0
        for index in text.indices {
            guard ASCII.isDigit(text[index]) else { return false }
            port = port * 10 + Int(text[index] - ASCII.zero)
        }
        return port <= 65_535 && (text.count == 1 || text[0] != ASCII.zero)
    }

    // Version 2: signature, version and command, family, length, addresses, whatever else.

    private static func readBinary(_ input: Span<UInt8>) -> Progress {
        guard input.count >= 16 else { return .needsMoreInput }
        guard input[12] >> 4 == 2 else { return .malformed(.unknownVersion) }
        let length = Int(input[14]) << 8 | Int(input[15])
        guard length <= extensionByteCountMax else {
            return .malformed(.tooLong(byteCountMax: 16 + extensionByteCountMax))
        }
        let isOfOthers: Bool
        switch input[12] & 0x0F {
        // LOCAL: the addresses mean nothing, whatever they are.
        case 0: isOfOthers = false
        case 1: isOfOthers = true
        default: return .malformed(.unknownCommand)
        }
        // AF_UNSPEC, AF_INET, AF_INET6 and AF_UNIX, each over a stream; the first without one.
        let addressByteCount: Int
        switch input[13] {
        case 0x00: addressByteCount = 0
        case 0x11: addressByteCount = 12
        case 0x21: addressByteCount = 36
        case 0x31: addressByteCount = 216
        default:
            guard !isOfOthers else { return .malformed(.unknownFamily) }
            addressByteCount = 0
        }
        guard !isOfOthers || length >= addressByteCount else { return .malformed(.tooShort) }
        guard input.count >= 16 + length else { return .needsMoreInput }
        var source: PeerAddress?
        if isOfOthers, input[13] == 0x11 {
            source = PeerAddress(high: 0, low: 0xFFFF_0000_0000 | number(input, 16..<20))
        } else if isOfOthers, input[13] == 0x21 {
            source = PeerAddress(high: number(input, 16..<24), low: number(input, 24..<32))
        }
        return .complete(
            ProxyHeader(source: source, isOwn: !isOfOthers, byteCount: 16 + length)
        )
    }

    private static func number(_ input: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        range.reduce(0) { $0 << 8 | UInt64(input[$1]) }
    }
}

extension ProxyHeader.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noHeader: "there is no PROXY header"
        case .malformedLine: "the PROXY line is malformed"
        case .unknownVersion: "the PROXY header is of another version than 1 and 2"
        case .unknownCommand: "the PROXY header has an unknown command"
        case .unknownFamily: "the PROXY header is not about TCP"
        case .tooShort: "the PROXY header is too short for its addresses"
        case .tooLong(let byteCountMax): "the PROXY header has more than \(byteCountMax) bytes"
        }
    }
}
