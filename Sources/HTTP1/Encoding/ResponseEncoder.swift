public import Bytes

/// Writes responses in the way their request asks for (RFC 9112 §4, §6 and §9.3).
///
/// A value made from the request's head, so that the response can be written after the head has
/// been reused. Everything is appended to the caller's buffer.
public struct ResponseEncoder: Hashable, Sendable {
    private let requestVersion: HTTPVersion
    private let isAnsweringHEAD: Bool

    /// Whether the response leaves the connection open.
    ///
    /// Starts as what the client wants; a server that drains, or gives up on the request's body,
    /// sets it to `false` before it encodes.
    public var isPersistent: Bool

    public init(answering request: borrowing RequestHead) {
        requestVersion = request.version
        isAnsweringHEAD = request.method == .head
        isPersistent = request.isPersistent
    }

    /// For a request that could not be parsed: the connection closes after the answer.
    public init() {
        requestVersion = .http11
        isAnsweringHEAD = false
        isPersistent = false
    }

    /// How the end of a response of unknown length is marked.
    public enum StreamFraming: Hashable, Sendable {
        /// Write data with ``ResponseEncoder/encodeChunk(_:into:)`` and end with
        /// ``ResponseEncoder/encodeLastChunk(into:)``.
        case chunked
        /// Write data as it is and end by closing the connection: HTTP/1.0 knows no other way.
        case closeDelimited
        /// Write nothing: the request was HEAD.
        case noContent
    }

    /// A response with all of its content.
    ///
    /// - Precondition: `content` is empty if the status allows none.
    public func encode(
        _ head: ResponseHead,
        content: borrowing Span<UInt8>,
        date: IMFFixdate,
        into buffer: inout ByteBuffer
    ) {
        encodeHead(head, contentByteCount: content.count, date: date, into: &buffer)
        if !isAnsweringHEAD { buffer.append(content) }
    }

    /// A response that was encoded beforehand.
    public func encode(
        _ response: PreparedResponse,
        date: IMFFixdate,
        into buffer: inout ByteBuffer
    ) {
        buffer.append(response.lead)
        appendTail(date, isPersistent: isPersistent, to: &buffer)
        if !isAnsweringHEAD { buffer.append(response.content) }
    }

    /// The head of a response whose content, of a known length, the caller writes after it.
    ///
    /// The caller must not write it when ``sendsContent`` is `false`.
    ///
    /// - Precondition: `contentByteCount` is 0 if the status allows no content.
    public func encodeHead(
        _ head: ResponseHead,
        contentByteCount: Int,
        date: IMFFixdate,
        into buffer: inout ByteBuffer
    ) {
        Self.appendLead(head, contentByteCount: contentByteCount, to: &buffer)
        appendTail(date, isPersistent: isPersistent, to: &buffer)
    }

    /// Whether content follows a response head: not in answer to HEAD (RFC 9110 §9.3.2).
    public var sendsContent: Bool { !isAnsweringHEAD }

    /// The head of a response whose length is not known yet, such as an event stream.
    ///
    /// - Returns: How the caller writes the content. After ``StreamFraming/closeDelimited`` the
    ///   connection is not persistent, which ``isPersistent`` then says.
    /// - Precondition: The status allows content.
    public mutating func encodeStreamHead(
        _ head: ResponseHead,
        date: IMFFixdate,
        into buffer: inout ByteBuffer
    ) -> StreamFraming {
        precondition(head.status.allowsContent, "a stream needs a status that allows content")
        Self.appendStatusLine(head.status, to: &buffer)
        buffer.append(head.fields.bytes)
        switch requestVersion {
        case .http11: buffer.append("Transfer-Encoding: chunked\r\n")
        case .http10: isPersistent = isPersistent && isAnsweringHEAD
        }
        appendTail(date, isPersistent: isPersistent, to: &buffer)
        if isAnsweringHEAD { return .noContent }
        return requestVersion == .http11 ? .chunked : .closeDelimited
    }

    /// One chunk of a chunked body; nothing if `data` is empty, as that would end the body.
    public static func encodeChunk(
        _ data: borrowing Span<UInt8>,
        into buffer: inout ByteBuffer
    ) {
        guard !data.isEmpty else { return }
        var shift = (63 - data.count.leadingZeroBitCount) / 4 * 4
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: data.count >> shift & 0xF)
            buffer.append(digit < 10 ? ASCII.zero + digit : 0x61 - 10 + digit)
            shift -= 4
        }
        buffer.append("\r\n")
        buffer.append(data)
        buffer.append("\r\n")
    }

    /// The end of a chunked body, without trailers.
    public static func encodeLastChunk(into buffer: inout ByteBuffer) {
        buffer.append("0\r\n\r\n")
    }

    /// The interim response that a client waits for before it sends content (RFC 9110 §15.2.1).
    public static func encodeContinue(into buffer: inout ByteBuffer) {
        buffer.append("HTTP/1.1 100 Continue\r\n\r\n")
    }

    /// Everything that does not vary from one request to the next.
    static func appendLead(
        _ head: ResponseHead,
        contentByteCount: Int,
        to buffer: inout ByteBuffer
    ) {
        appendStatusLine(head.status, to: &buffer)
        buffer.append(head.fields.bytes)
        if head.status.allowsContent {
            buffer.append("Content-Length: ")
            buffer.append(decimal: contentByteCount)
            buffer.append("\r\n")
        } else {
            // "A server MUST NOT send a Content-Length header field in any response with a status
            // code of 1xx (Informational) or 204 (No Content)" (RFC 9110 §8.6). One in a 304 would
            // be the length of another response.
            precondition(contentByteCount == 0, "a \(head.status.rawValue) response has no content")
        }
    }

    /// "A server MUST send its own HTTP-version", whatever the request's (RFC 9110 §6.2).
    private static func appendStatusLine(_ status: HTTPStatus, to buffer: inout ByteBuffer) {
        buffer.append("HTTP/1.1 ")
        buffer.append(decimal: status.rawValue)
        buffer.append(ASCII.space)
        buffer.append(status.reasonPhrase)
        buffer.append("\r\n")
    }

    private func appendTail(
        _ date: IMFFixdate,
        isPersistent: Bool,
        to buffer: inout ByteBuffer
    ) {
        buffer.append(date.fieldLine)
        switch (isPersistent, requestVersion) {
        case (true, .http11): buffer.append("\r\n")
        case (true, .http10): buffer.append("Connection: keep-alive\r\n\r\n")
        case (false, _): buffer.append("Connection: close\r\n\r\n")
        }
    }
}
