public import AccessControl
public import JSON

/// Resources whose URIs follow a pattern (MCP, *Resources*, "Resource Templates").
public struct ResourceTemplate: Sendable {
    /// Reads the resource of one URI; called on the event loop of the request.
    ///
    /// `variables` are the parts that the pattern names, percent-decoded. A resource that does not
    /// exist is ``RequestFailure/notFound``.
    public typealias Read =
        @Sendable (
            _ uri: String,
            _ variables: [String: String],
            _ context: RequestContext
        ) async throws(RequestFailure) -> [ResourceContents]

    public let template: URITemplate
    public let name: String
    public let title: String?
    public let description: String?

    /// What all resources of the template are, if they are the same.
    public let mimeType: String?
    public let icons: [Icon]
    public let annotations: ContentAnnotations?

    /// The member `_meta`, an object.
    public let meta: RawJSON?

    /// What a caller needs to see the template and to read what follows it.
    public let permission: Permission

    /// What may stand for its variables, by their names.
    public let completions: [String: CompletionSource]
    public let read: Read

    public init(
        _ template: URITemplate,
        name: String,
        title: String? = nil,
        description: String? = nil,
        mimeType: String? = nil,
        icons: [Icon] = [],
        annotations: ContentAnnotations? = nil,
        meta: RawJSON? = nil,
        permission: Permission,
        completions: [String: CompletionSource] = [:],
        read: @escaping Read
    ) {
        self.template = template
        self.name = name
        self.title = title
        self.description = description
        self.mimeType = mimeType
        self.icons = icons
        self.annotations = annotations
        self.meta = meta
        self.permission = permission
        self.completions = completions
        self.read = read
    }

    func encoded(for version: ProtocolVersion) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name("uriTemplate")
            writer.string(template.text)
            writer.name("name")
            writer.string(name)
            if version.describesOutput { writer.optional("title", title) }
            writer.optional("description", description)
            writer.optional("mimeType", mimeType)
            writer.icons(icons, for: version)
            writer.annotations(annotations, for: version)
            writer.meta(meta, for: version)
            writer.endObject()
        }
    }
}
