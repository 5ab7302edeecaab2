public import Bytes
public import JSON

/// What a resource holds (MCP, `TextResourceContents` and `BlobResourceContents`).
public struct ResourceContents: Hashable, Sendable {
    enum Body: Hashable, Sendable {
        case text(String)
        case bytes(ByteBuffer)
    }

    public let uri: String
    public let mimeType: String?
    let body: Body
    let meta: RawJSON?

    /// Text, and perhaps the member `_meta`, which is an object.
    public static func text(
        _ text: String,
        uri: String,
        mimeType: String? = "text/plain",
        meta: RawJSON? = nil
    ) -> ResourceContents {
        ResourceContents(uri: uri, mimeType: mimeType, body: .text(text), meta: meta)
    }

    /// Bytes, which are sent in base64.
    public static func bytes(
        _ bytes: ByteBuffer,
        uri: String,
        mimeType: String? = "application/octet-stream",
        meta: RawJSON? = nil
    ) -> ResourceContents {
        ResourceContents(uri: uri, mimeType: mimeType, body: .bytes(bytes), meta: meta)
    }

    func encode(into writer: inout JSONWriter, for version: ProtocolVersion) {
        writer.beginObject()
        writer.name("uri")
        writer.string(uri)
        writer.optional("mimeType", mimeType)
        switch body {
        case .text(let text):
            writer.name("text")
            writer.string(text)
        case .bytes(let bytes):
            var text = ByteBuffer()
            Base64.encode(bytes.span, into: &text)
            writer.name("blob")
            writer.string(escaping: text.span)
        }
        writer.meta(meta, for: version)
        writer.endObject()
    }
}
