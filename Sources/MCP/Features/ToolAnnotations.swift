internal import JSON

/// Hints about what a tool does, for hosts that ask before they act (MCP, `ToolAnnotations`).
///
/// Only what is stated is sent; a client assumes the worst of what is not.
public struct ToolAnnotations: Hashable, Sendable {
    /// The tool changes nothing.
    public var readOnly: Bool?

    /// The tool may destroy something.
    public var destructive: Bool?

    /// A second call with the same arguments changes nothing more.
    public var idempotent: Bool?

    /// The tool deals with things outside the server.
    public var openWorld: Bool?

    public init(
        readOnly: Bool? = nil,
        destructive: Bool? = nil,
        idempotent: Bool? = nil,
        openWorld: Bool? = nil
    ) {
        self.readOnly = readOnly
        self.destructive = destructive
        self.idempotent = idempotent
        self.openWorld = openWorld
    }

    func encode(into writer: inout JSONWriter) {
        let hints = [
            ("readOnlyHint", readOnly), ("destructiveHint", destructive),
            ("idempotentHint", idempotent), ("openWorldHint", openWorld),
        ]
        writer.beginObject()
        for case (let name, let hint?) in hints {
            writer.name(name)
            writer.bool(hint)
        }
        writer.endObject()
    }
}
