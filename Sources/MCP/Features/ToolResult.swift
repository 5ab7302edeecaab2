public import JSON

/// What a tool has to say.
public struct ToolResult: Hashable, Sendable {
    /// A piece of unstructured content (MCP, `ContentBlock`).
    public enum Content: Hashable, Sendable {
        case text(String)
    }

    public let content: [Content]

    /// An object that satisfies the tool's output schema.
    public let structured: RawJSON?

    /// Text for the model.
    public static func text(_ text: String) -> ToolResult {
        ToolResult(content: [.text(text)], structured: nil)
    }

    /// Structured content, and the same as text for clients that know only text.
    public static func structured(_ json: RawJSON) -> ToolResult {
        ToolResult(content: [], structured: json)
    }
}
