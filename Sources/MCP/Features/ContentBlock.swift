public import Bytes
internal import JSON

/// A piece of content for a person or a model (MCP, `ContentBlock`).
public struct ContentBlock: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case text(String)
        case image(ByteBuffer, mimeType: String)
        case audio(ByteBuffer, mimeType: String)
        case link(Resource.Description)
        case resource(ResourceContents)
    }

    let kind: Kind
    let annotations: ContentAnnotations?

    public static func text(
        _ text: String,
        annotations: ContentAnnotations? = nil
    ) -> ContentBlock {
        ContentBlock(kind: .text(text), annotations: annotations)
    }

    /// A picture; its bytes are sent in base64.
    public static func image(
        _ bytes: ByteBuffer,
        mimeType: String,
        annotations: ContentAnnotations? = nil
    ) -> ContentBlock {
        ContentBlock(kind: .image(bytes, mimeType: mimeType), annotations: annotations)
    }

    /// A sound; its bytes are sent in base64.
    public static func audio(
        _ bytes: ByteBuffer,
        mimeType: String,
        annotations: ContentAnnotations? = nil
    ) -> ContentBlock {
        ContentBlock(kind: .audio(bytes, mimeType: mimeType), annotations: annotations)
    }

    /// Where something can be read; clients of 2025-03-26, which do not know links, get its URI.
    public static func link(
        to resource: Resource.Description,
        annotations: ContentAnnotations? = nil
    ) -> ContentBlock {
        ContentBlock(kind: .link(resource), annotations: annotations)
    }

    /// A resource's contents, put into the message.
    public static func resource(
        _ contents: ResourceContents,
        annotations: ContentAnnotations? = nil
    ) -> ContentBlock {
        ContentBlock(kind: .resource(contents), annotations: annotations)
    }
}

extension ContentBlock {
    func encode(into writer: inout JSONWriter, for version: ProtocolVersion) {
        writer.beginObject()
        writer.name("type")
        switch kind {
        case .text(let text):
            writer.string("text")
            writer.name("text")
            writer.string(text)
        case .image(let bytes, let mimeType):
            writer.string("image")
            Self.encode(bytes, mimeType, into: &writer)
        case .audio(let bytes, let mimeType):
            writer.string("audio")
            Self.encode(bytes, mimeType, into: &writer)
        case .link(let resource) where version.describesOutput:
            writer.string("resource_link")
            resource.encodeMembers(into: &writer, for: version)
        case .link(let resource):
            writer.string("text")
            writer.name("text")
            writer.string(resource.uri)
        case .resource(let contents):
            writer.string("resource")
            writer.name("resource")
            contents.encode(into: &writer, for: version)
        }
        writer.annotations(annotations, for: version)
        writer.endObject()
    }

    private static func encode(
        _ bytes: ByteBuffer,
        _ mimeType: String,
        into writer: inout JSONWriter
    ) {
        var text = ByteBuffer()
        Base64.encode(bytes.span, into: &text)
        writer.name("data")
        writer.string(escaping: text.span)
        writer.name("mimeType")
        writer.string(mimeType)
    }
}
