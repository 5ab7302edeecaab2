public import JSON

/// What a tool has to say (MCP, `CallToolResult`).
public struct ToolResult: Hashable, Sendable {
    public let content: [ContentBlock]

    /// An object that satisfies the tool's output schema.
    public let structured: RawJSON?

    /// Whether the call failed in a way that the model shall see.
    public let isError: Bool

    /// More members for `_meta`: an object.
    public let meta: RawJSON?

    /// Without content, clients that know only text get `structured` as text.
    public init(
        _ content: [ContentBlock],
        structured: RawJSON? = nil,
        isError: Bool = false,
        meta: RawJSON? = nil
    ) {
        self.content = content
        self.structured = structured
        self.isError = isError
        self.meta = meta
    }

    /// Text for the model.
    public static func text(_ text: String) -> ToolResult {
        ToolResult([.text(text)])
    }

    /// Structured content, and the same as text for clients that know only text.
    public static func structured(_ json: RawJSON) -> ToolResult {
        ToolResult([], structured: json)
    }
}
