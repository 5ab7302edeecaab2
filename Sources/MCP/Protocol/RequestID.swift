public import Bytes
internal import JSON

/// The `id` of a request, kept as it was written, so that it is echoed to the byte.
///
/// A string or an integer (MCP, `RequestId`); `null` and fractions are not ids here.
public struct RequestID: Hashable, Sendable {
    /// The JSON of the id, quotation marks included.
    public let json: ByteBuffer

    /// An id of the server's own making.
    public init(_ text: String) {
        json = RawJSON { $0.string(text) }.bytes
    }

    /// An id as it was written and read before.
    package init(json: String) {
        self.json = ByteBuffer(json)
    }

    init(json: borrowing Span<UInt8>) {
        self.json = ByteBuffer(copying: json)
    }
}
