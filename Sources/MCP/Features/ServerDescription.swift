internal import JSON

/// What the server says of itself to clients (MCP, `Implementation`).
public struct ServerDescription: Hashable, Sendable {
    public let name: String
    public let title: String?
    public let version: String

    /// How the tools fit together, for the model.
    public let instructions: String?

    public init(name: String, title: String? = nil, version: String, instructions: String? = nil) {
        self.name = name
        self.title = title
        self.version = version
        self.instructions = instructions
    }

    func encodeImplementation(into writer: inout JSONWriter, for version: ProtocolVersion) {
        writer.beginObject()
        writer.name("name")
        writer.string(name)
        if let title, version.describesOutput {
            writer.name("title")
            writer.string(title)
        }
        writer.name("version")
        writer.string(self.version)
        writer.endObject()
    }
}
