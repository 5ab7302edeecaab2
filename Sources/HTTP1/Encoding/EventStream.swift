public import Bytes

/// Writes the event stream format (WHATWG HTML §9.2.5, `text/event-stream`).
public enum EventStream {
    /// What an event carries beside its data.
    ///
    /// Name and id are field values because they share the danger: a line end in one begins another
    /// line of the stream.
    public struct Event: Hashable, Sendable {
        /// The event type; `nil` means `message`.
        public var name: FieldValue?

        /// What a client that reconnects sends as `Last-Event-ID`; `nil` leaves the last one.
        public var id: FieldValue?

        /// How long a client waits before it reconnects, in milliseconds; `nil` leaves it.
        public var retryMilliseconds: Int?

        /// - Precondition: `retryMilliseconds` is not negative.
        public init(
            name: FieldValue? = nil,
            id: FieldValue? = nil,
            retryMilliseconds: Int? = nil
        ) {
            precondition((retryMilliseconds ?? 0) >= 0, "a reconnection time is digits only")
            self.name = name
            self.id = id
            self.retryMilliseconds = retryMilliseconds
        }
    }

    /// Appends one event, ready to be dispatched by whoever reads the stream.
    ///
    /// Every line of `data`, ended by LF, CR or CRLF, becomes a `data` line; the client joins them
    /// with LF. Empty data is written as one empty `data` line, without which the client would drop
    /// the event.
    public static func encode(
        _ event: Event = Event(),
        data: borrowing Span<UInt8>,
        into buffer: inout ByteBuffer
    ) {
        if let name = event.name { append("event: ", name.text, to: &buffer) }
        if let id = event.id { append("id: ", id.text, to: &buffer) }
        if let retry = event.retryMilliseconds {
            buffer.append("retry: ")
            buffer.append(decimal: retry)
            buffer.append(ASCII.lineFeed)
        }
        appendLines(of: data, prefix: "data: ", to: &buffer)
        buffer.append(ASCII.lineFeed)
    }

    /// Appends a comment, which clients ignore and which keeps a silent connection alive.
    public static func encodeComment(
        _ text: borrowing Span<UInt8>,
        into buffer: inout ByteBuffer
    ) {
        appendLines(of: text, prefix: ": ", to: &buffer)
        buffer.append(ASCII.lineFeed)
    }

    private static func append(_ label: String, _ text: String, to buffer: inout ByteBuffer) {
        buffer.append(label)
        buffer.append(text)
        buffer.append(ASCII.lineFeed)
    }

    private static func appendLines(
        of text: borrowing Span<UInt8>,
        prefix: String,
        to buffer: inout ByteBuffer
    ) {
        var lineStart = 0
        var searchStart = 0
        while let index = text.firstIndexOfControl(from: searchStart) {
            searchStart = index + 1
            let byte = text[index]
            guard byte == ASCII.lineFeed || byte == ASCII.carriageReturn else { continue }
            append(text.extracting(lineStart..<index), prefix, to: &buffer)
            if byte == ASCII.carriageReturn, searchStart < text.count,
                text[searchStart] == ASCII.lineFeed
            {
                searchStart += 1
            }
            lineStart = searchStart
        }
        append(text.extracting(lineStart...), prefix, to: &buffer)
    }

    private static func append(
        _ line: borrowing Span<UInt8>,
        _ prefix: String,
        to buffer: inout ByteBuffer
    ) {
        buffer.append(prefix)
        buffer.append(line)
        buffer.append(ASCII.lineFeed)
    }
}
