public import AccessControl
internal import Bytes
public import JSON
public import JSONSchema

/// A function that a model may call, as the server describes it (MCP, *Tools*).
public struct Tool: Sendable {
    /// Runs the tool.
    ///
    /// The arguments satisfy the tool's schema. A ``RequestFailure`` reaches the model as a result it
    /// can act on; nothing else can be thrown. The closure runs on the event loop of the request:
    /// what blocks belongs elsewhere.
    public typealias Call =
        @Sendable (
            _ arguments: Arguments,
            _ context: RequestContext
        ) async throws(RequestFailure) -> ToolResult

    /// Unique within a server; 1 to 128 letters, digits, `_`, `-` and `.` (MCP, *Tools*, "Tool Names").
    public let name: String

    /// What a person is shown.
    public let title: String?

    /// What the model is told.
    public let description: String

    /// What the arguments must be; a call that does not satisfy it never reaches ``call``.
    public let input: ToolSchema

    /// What `structuredContent` will be.
    public let output: ObjectSchema?

    public let annotations: ToolAnnotations
    public let icons: [Icon]

    /// The member `_meta`, an object.
    public let meta: RawJSON?

    /// What a caller needs besides `call:tools`; no default, so that a tool says who may use it.
    public let permission: Permission

    /// Whether calls may go on as tasks, for as long as a task may take.
    public let taskSupport: TaskSupport

    /// How to tell that a result still holds; `nil` if every call must be run.
    public let validator: ResultValidator?

    public let call: Call

    public init(
        name: String,
        title: String? = nil,
        description: String,
        input: ToolSchema,
        output: ObjectSchema? = nil,
        annotations: ToolAnnotations = ToolAnnotations(),
        icons: [Icon] = [],
        meta: RawJSON? = nil,
        permission: Permission,
        taskSupport: TaskSupport = .forbidden,
        validator: ResultValidator? = nil,
        call: @escaping Call
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.input = input
        self.output = output
        self.annotations = annotations
        self.icons = icons
        self.meta = meta
        self.permission = permission
        self.taskSupport = taskSupport
        self.validator = validator
        self.call = call
    }

    /// A tool whose arguments are declared property by property.
    public init(
        name: String,
        title: String? = nil,
        description: String,
        input: ObjectSchema,
        output: ObjectSchema? = nil,
        annotations: ToolAnnotations = ToolAnnotations(),
        icons: [Icon] = [],
        meta: RawJSON? = nil,
        permission: Permission,
        taskSupport: TaskSupport = .forbidden,
        validator: ResultValidator? = nil,
        call: @escaping Call
    ) {
        self.init(
            name: name,
            title: title,
            description: description,
            input: .declared(input),
            output: output,
            annotations: annotations,
            icons: icons,
            meta: meta,
            permission: permission,
            taskSupport: taskSupport,
            validator: validator,
            call: call
        )
    }

    /// The tool as `tools/list` describes it to a client of `version`.
    func encoded(for version: ProtocolVersion) -> RawJSON {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("name")
        writer.string(name)
        if let title, version.describesOutput {
            writer.name("title")
            writer.string(title)
        }
        writer.name("description")
        writer.string(description)
        writer.name("inputSchema")
        writer.raw(input.json.span)
        if let output, version.describesOutput {
            writer.name("outputSchema")
            writer.raw(output.json.span)
        }
        writer.name("annotations")
        annotations.encode(into: &writer)
        writer.icons(icons, for: version)
        writer.meta(meta, for: version)
        writer.endObject()
        return RawJSON(unchecked: writer.finish())
    }
}

extension ProtocolVersion {
    /// Titles, output schemas and structured content came with 2025-06-18.
    var describesOutput: Bool { self != .v2025_03_26 }
}
