public import AccessControl
public import JSON

/// Something that can be read under a fixed URI (MCP, *Resources*).
public struct Resource: Sendable {
    /// Reads the resource; called on the event loop of the request.
    ///
    /// The usual answer is one element; more are parts of the same resource.
    public typealias Read =
        @Sendable (
            _ uri: String,
            _ context: RequestContext
        ) async throws(RequestFailure) -> [ResourceContents]

    /// What a list or a link says of a resource (MCP, `Resource`).
    public struct Description: Hashable, Sendable {
        public let uri: String
        public let name: String
        public let title: String?
        public let description: String?
        public let mimeType: String?

        /// Bytes before any encoding, if that is known.
        public let size: Int?
        public let icons: [Icon]
        public let annotations: ContentAnnotations?

        /// The member `_meta`, an object.
        public let meta: RawJSON?

        public init(
            uri: String,
            name: String,
            title: String? = nil,
            description: String? = nil,
            mimeType: String? = nil,
            size: Int? = nil,
            icons: [Icon] = [],
            annotations: ContentAnnotations? = nil,
            meta: RawJSON? = nil
        ) {
            self.uri = uri
            self.name = name
            self.title = title
            self.description = description
            self.mimeType = mimeType
            self.size = size
            self.icons = icons
            self.annotations = annotations
            self.meta = meta
        }
    }

    public let description: Description

    /// What a caller needs to see and to read it; no default, so that each says who may.
    public let permission: Permission
    public let read: Read

    public init(_ description: Description, permission: Permission, read: @escaping Read) {
        self.description = description
        self.permission = permission
        self.read = read
    }
}

extension Resource.Description {
    func encoded(for version: ProtocolVersion) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            encodeMembers(into: &writer, for: version)
            writer.annotations(annotations, for: version)
            writer.endObject()
        }
    }

    /// All but `annotations`, which a link has of its own.
    func encodeMembers(into writer: inout JSONWriter, for version: ProtocolVersion) {
        writer.name("uri")
        writer.string(uri)
        writer.name("name")
        writer.string(name)
        if version.describesOutput { writer.optional("title", title) }
        writer.optional("description", description)
        writer.optional("mimeType", mimeType)
        if let size {
            writer.name("size")
            writer.integer(size)
        }
        writer.icons(icons, for: version)
        writer.meta(meta, for: version)
    }
}
