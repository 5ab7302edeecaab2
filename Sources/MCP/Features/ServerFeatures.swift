public import JSON

/// What a server offers to its clients (MCP, *Server Features*), fixed when it starts.
///
/// The order of registration is the order of the lists, which keeps them cacheable.
public struct ServerFeatures: Sendable {
    /// Lists of which clients may be told that they have changed.
    public struct Lists: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let tools = Lists(rawValue: 1 << 0)
        public static let prompts = Lists(rawValue: 1 << 1)
        public static let resources = Lists(rawValue: 1 << 2)
    }

    /// Something beyond the protocol itself that a server can do (MCP 2026-07-28,
    /// `ServerCapabilities.extensions`).
    public struct Extension: Hashable, Sendable {
        /// Such as ``ProtocolExtension/userInterface``.
        public let name: String

        /// An object.
        public let settings: RawJSON

        /// `nil` for the settings stands for an object without members.
        public init(_ name: String, settings: RawJSON? = nil) {
            self.name = name
            self.settings =
                settings
                ?? RawJSON { writer in
                    writer.beginObject()
                    writer.endObject()
                }
        }
    }

    public var tools: [Tool]
    public var resources: [Resource]
    public var resourceTemplates: [ResourceTemplate]

    /// What `resources/list` shows besides ``resources``.
    public var resourceSources: [ResourceSource]
    public var prompts: [Prompt]

    /// The lists whose changes the server announces, by ``ServerChange``.
    public var changingLists: Lists

    public var extensions: [Extension]

    public init(
        tools: [Tool] = [],
        resources: [Resource] = [],
        resourceTemplates: [ResourceTemplate] = [],
        resourceSources: [ResourceSource] = [],
        prompts: [Prompt] = [],
        changingLists: Lists = [],
        extensions: [Extension] = []
    ) {
        self.tools = tools
        self.resources = resources
        self.resourceTemplates = resourceTemplates
        self.resourceSources = resourceSources
        self.prompts = prompts
        self.changingLists = changingLists
        self.extensions = extensions
    }

    /// Whether a call may be answered with a task.
    public var hasTasks: Bool { tools.contains { $0.taskSupport != .forbidden } }
}
