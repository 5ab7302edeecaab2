public import AccessControl
public import JSON

/// A text that a person can choose to begin with (MCP, *Prompts*).
public struct Prompt: Sendable {
    /// Writes the messages; called on the event loop of the request.
    ///
    /// The required arguments are there, and none that was not declared.
    public typealias Get =
        @Sendable (
            _ arguments: Arguments,
            _ context: RequestContext
        ) async throws(RequestFailure) -> PromptResult

    /// What a person is asked to fill in: always text (MCP, `PromptArgument`).
    public struct Argument: Sendable {
        public let name: String
        public let title: String?
        public let description: String?
        public let isRequired: Bool
        public let completion: CompletionSource?

        public init(
            _ name: String,
            title: String? = nil,
            description: String? = nil,
            isRequired: Bool,
            completion: CompletionSource? = nil
        ) {
            self.name = name
            self.title = title
            self.description = description
            self.isRequired = isRequired
            self.completion = completion
        }
    }

    public let name: String
    public let title: String?
    public let description: String
    public let arguments: [Argument]
    public let icons: [Icon]

    /// The member `_meta`, an object.
    public let meta: RawJSON?

    /// What a caller needs to see and to get it.
    public let permission: Permission
    public let get: Get

    public init(
        name: String,
        title: String? = nil,
        description: String,
        arguments: [Argument] = [],
        icons: [Icon] = [],
        meta: RawJSON? = nil,
        permission: Permission,
        get: @escaping Get
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.arguments = arguments
        self.icons = icons
        self.meta = meta
        self.permission = permission
        self.get = get
    }

    func encoded(for version: ProtocolVersion) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name("name")
            writer.string(name)
            if version.describesOutput { writer.optional("title", title) }
            writer.name("description")
            writer.string(description)
            writer.name("arguments")
            writer.beginArray()
            for argument in arguments {
                writer.beginObject()
                writer.name("name")
                writer.string(argument.name)
                if version.describesOutput { writer.optional("title", argument.title) }
                writer.optional("description", argument.description)
                writer.name("required")
                writer.bool(argument.isRequired)
                writer.endObject()
            }
            writer.endArray()
            writer.icons(icons, for: version)
            writer.meta(meta, for: version)
            writer.endObject()
        }
    }
}

/// What a prompt turns into (MCP, `GetPromptResult`).
public struct PromptResult: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable {
        case user, assistant
    }

    /// Somebody's words in the conversation that begins.
    public struct Message: Hashable, Sendable {
        public let role: Role
        public let content: ContentBlock

        public init(_ role: Role, _ content: ContentBlock) {
            self.role = role
            self.content = content
        }
    }

    public let description: String?
    public let messages: [Message]

    public init(description: String? = nil, _ messages: [Message]) {
        self.description = description
        self.messages = messages
    }
}
