internal import Bytes
internal import JSON

/// JSON-RPC responses, written straight into the buffer that is sent.
enum ResponseWriting {
    private static let start = ByteBuffer("{\"jsonrpc\":\"2.0\",\"id\":")
    private static let startWithoutID = ByteBuffer("{\"jsonrpc\":\"2.0\"")
    private static let result = ByteBuffer(",\"result\":")

    /// `{"jsonrpc":"2.0","id":…,"result":` — the result and a closing brace follow.
    static func beginResult(id: Span<UInt8>, into buffer: inout ByteBuffer) {
        buffer.append(start.span)
        buffer.append(id)
        buffer.append(result.span)
    }

    /// `{"jsonrpc":"2.0","id":…` — what follows an id in a response comes next.
    static func begin(id: Span<UInt8>, into buffer: inout ByteBuffer) {
        buffer.append(start.span)
        buffer.append(id)
    }

    /// How long the part of a response is that ``begin(id:into:)`` writes.
    static func byteCountThroughID(_ id: RequestID) -> Int {
        start.count + id.json.count
    }

    /// A response whose result is `{}`.
    static func encodeEmptyResult(id: Span<UInt8>, into buffer: inout ByteBuffer) {
        beginResult(id: id, into: &buffer)
        buffer.append("{}")
        endResult(into: &buffer)
    }

    static func endResult(into buffer: inout ByteBuffer) {
        buffer.append(ASCII.rightCurlyBracket)
    }

    /// An error response; without an id where none could be read.
    static func encode(
        _ error: RPCError,
        id: Span<UInt8>?,
        in era: ProtocolVersion.Era,
        into buffer: inout ByteBuffer
    ) {
        if let id {
            buffer.append(start.span)
            buffer.append(id)
        } else {
            buffer.append(startWithoutID.span)
        }
        buffer.append(",\"error\":")
        var writer = JSONWriter(take(&buffer))
        writer.beginObject()
        writer.name("code")
        writer.integer(error.code(in: era))
        writer.name("message")
        writer.string(error.description)
        if let data = error.data {
            writer.name("data")
            writer.raw(data.span)
        }
        writer.endObject()
        buffer = writer.finish()
        buffer.append(ASCII.rightCurlyBracket)
    }

    /// Adds what every modern result has, and closes the result's object.
    static func endModernResult(_ writer: inout JSONWriter, meta: RawJSON?) {
        if let meta {
            writer.name("resultType")
            writer.string("complete")
            writer.name("_meta")
            writer.raw(meta.span)
        }
        writer.endObject()
    }

    /// Moves a buffer out, so that a writer appends to its storage instead of a copy.
    static func take(_ buffer: inout ByteBuffer) -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &buffer)
        return taken
    }
}
