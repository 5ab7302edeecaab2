import Bytes

/// A response as a client needs it (RFC 9112 §2.1).
public struct ResponseMessage: Hashable, Sendable {
    public enum Body: Hashable, Sendable {
        /// Where it lies in the input.
        case range(Range<Int>)
        /// What the chunks contained.
        case decoded([UInt8])
    }

    public private(set) var status: Int
    public private(set) var body = Body.range(0..<0)
    public private(set) var isEventStream = false
    public private(set) var isPersistent = true
    public private(set) var retryAfterSeconds: Int?

    /// `Mcp-Session-Id`, where it lies in the input.
    public private(set) var sessionID: Range<Int>?

    /// How much of the input it is.
    public private(set) var byteCount = 0

    private var contentLength: Int?
    private var isChunked = false

    private static let headByteCountMax = 65_536
    private static let bodyByteCountMax = 64 * 1_048_576

    /// Reads the response at the beginning of `bytes`, past interim ones (RFC 9110 §15.2).
    ///
    /// - Returns: `nil` if it is not all there.
    /// - Throws: ``FailureKind/malformedResponse``
    public static func parse(_ bytes: Span<UInt8>) throws(FailureKind) -> ResponseMessage? {
        var position = 0
        while true {
            guard var message = try ResponseMessage(headOf: bytes, at: &position) else {
                return nil
            }
            if (100..<200).contains(message.status) { continue }
            guard try message.readBody(bytes, at: &position) else { return nil }
            message.byteCount = position
            return message
        }
    }

    private init?(headOf bytes: Span<UInt8>, at position: inout Int) throws(FailureKind) {
        status = 0
        guard let statusLine = try Self.line(in: bytes, at: &position) else { return nil }
        // HTTP/1.1 SP status-code SP
        guard statusLine.count >= 12,
            bytes.extracting(statusLine.prefix(7)).equals("HTTP/1."),
            bytes[statusLine.lowerBound + 8] == ASCII.space,
            let code = Decimal.parse(bytes.extracting(statusLine.dropFirst(9).prefix(3)))
        else { throw .malformedResponse }
        status = code
        isPersistent = bytes[statusLine.lowerBound + 7] != ASCII.zero
        while true {
            guard let line = try Self.line(in: bytes, at: &position) else { return nil }
            if line.isEmpty { return }
            try readField(bytes, line)
        }
    }

    /// The next line without its CRLF; `nil` if it has not ended yet.
    private static func line(
        in bytes: Span<UInt8>,
        at position: inout Int
    ) throws(FailureKind) -> Range<Int>? {
        var index = position
        while index < bytes.count {
            if bytes[index] == ASCII.lineFeed {
                guard index > position, bytes[index - 1] == ASCII.carriageReturn else {
                    throw .malformedResponse
                }
                defer { position = index + 1 }
                return position..<(index - 1)
            }
            index += 1
        }
        guard bytes.count - position <= headByteCountMax else { throw .malformedResponse }
        return nil
    }

    private mutating func readField(
        _ bytes: Span<UInt8>,
        _ line: Range<Int>
    ) throws(FailureKind) {
        guard let colon = line.first(where: { bytes[$0] == ASCII.colon }) else {
            throw .malformedResponse
        }
        var start = colon + 1
        var end = line.upperBound
        while start < end, bytes[start] == ASCII.space { start += 1 }
        while end > start, bytes[end - 1] == ASCII.space { end -= 1 }
        let name = bytes.extracting(line.lowerBound..<colon)
        let value = bytes.extracting(start..<end)
        // The length tells most names apart before a letter is compared.
        switch name.count {
        case 14 where name.equalsIgnoringCase("content-length"):
            guard let length = Decimal.parse(value), length <= Self.bodyByteCountMax,
                contentLength == nil
            else { throw .malformedResponse }
            contentLength = length
        case 14 where name.equalsIgnoringCase("mcp-session-id"):
            sessionID = start..<end
        case 17 where name.equalsIgnoringCase("transfer-encoding"):
            guard value.equalsIgnoringCase("chunked") else { throw .malformedResponse }
            isChunked = true
        case 12 where name.equalsIgnoringCase("content-type"):
            let type = value.extracting(first: 17)
            isEventStream = type.equalsIgnoringCase("text/event-stream")
        case 10 where name.equalsIgnoringCase("connection"):
            if value.equalsIgnoringCase("close") { isPersistent = false }
        case 11 where name.equalsIgnoringCase("retry-after"):
            retryAfterSeconds = Decimal.parse(value)
        default:
            break
        }
    }

    /// - Returns: `false` if the body is not all there.
    private mutating func readBody(
        _ bytes: Span<UInt8>,
        at position: inout Int
    ) throws(FailureKind) -> Bool {
        if status == 204 || status == 304 { return true }
        if isChunked { return try readChunks(bytes, at: &position) }
        // A body that ends with the connection is not what a server of many requests sends.
        guard let contentLength else { throw .malformedResponse }
        guard bytes.count - position >= contentLength else { return false }
        body = .range(position..<(position + contentLength))
        position += contentLength
        return true
    }

    /// Chunks as servers send them: a size, perhaps an extension, data (RFC 9112 §7.1).
    private mutating func readChunks(
        _ bytes: Span<UInt8>,
        at position: inout Int
    ) throws(FailureKind) -> Bool {
        var content = ByteBuffer()
        while true {
            guard let sizeLine = try Self.line(in: bytes, at: &position) else { return false }
            var size = 0
            for index in sizeLine {
                if bytes[index] == ASCII.semicolon { break }
                guard let digit = ASCII.hexadecimalDigitValue(of: bytes[index]),
                    size <= Self.bodyByteCountMax
                else { throw .malformedResponse }
                size = size << 4 | digit
            }
            guard size > 0 else { break }
            guard content.count + size <= Self.bodyByteCountMax else { throw .malformedResponse }
            guard bytes.count - position >= size + 2 else { return false }
            content.append(bytes.extracting(position..<(position + size)))
            position += size
            guard try Self.line(in: bytes, at: &position)?.isEmpty == true else {
                throw .malformedResponse
            }
        }
        // The trailer section ends with an empty line; nothing in it is of use.
        while let line = try Self.line(in: bytes, at: &position) {
            guard line.isEmpty else { continue }
            body = .decoded(content.bytes)
            return true
        }
        return false
    }
}
