import Bytes

/// One JSON value kept as its encoded bytes.
///
/// Equal means the same bytes: `1` and `1.0` differ.
public struct RawJSON: Hashable, Sendable {
    public var bytes: ByteBuffer

    /// Keeps the value that `text` spells, without the white space around it.
    ///
    /// - Throws: ``JSONError`` if it is not one JSON value.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: ByteBuffer(text).span)
    }

    /// Keeps the value that `bytes` spell, without the white space around it.
    ///
    /// - Throws: ``JSONError`` if they are not one JSON value.
    public init(parsing bytes: borrowing Span<UInt8>) throws(JSONError) {
        var reader = JSONReader(copy bytes)
        let range = try reader.skipValue()
        try reader.finish()
        self.bytes = ByteBuffer(copying: bytes.extracting(range))
    }

    /// Keeps what `encode` writes.
    public init(_ encode: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        encode(&writer)
        bytes = writer.finish()
    }

    /// - Precondition: `bytes` are one JSON value; this is not checked.
    public init(unchecked bytes: ByteBuffer) {
        self.bytes = bytes
    }

    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span }
    }
}

extension RawJSON: CustomStringConvertible {
    public var description: String {
        String(validating: span) ?? ""
    }
}
