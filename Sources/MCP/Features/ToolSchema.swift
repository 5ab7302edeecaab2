public import JSON
public import JSONSchema

/// What a tool's arguments must be.
public enum ToolSchema: Sendable {
    /// Declared property by property, and checked before the tool is called.
    case declared(ObjectSchema)

    /// Any schema of objects (JSON Schema 2020-12), shown to clients to the byte and checked before
    /// the tool is called.
    case compiled(CompiledSchema)

    /// The schema as clients see it.
    public var json: RawJSON {
        switch self {
        case .declared(let schema): schema.json
        case .compiled(let schema): schema.json
        }
    }

    /// The properties that are declared one by one; none of a schema that is compiled.
    public var properties: [Property] {
        switch self {
        case .declared(let schema): schema.properties
        case .compiled: []
        }
    }

    /// The first way in which arguments differ from the schema, as a sentence for the model.
    ///
    /// - Returns: `nil` if they satisfy it.
    func objection(to arguments: Span<UInt8>) -> String? {
        switch self {
        case .declared(let schema): schema.validate(arguments)?.description
        case .compiled(let schema): schema.validate(arguments)?.description
        }
    }

    /// Whether clients accept the schema: its root says `"type": "object"` (MCP,
    /// `Tool.inputSchema`).
    var isOfObjects: Bool {
        var reader = JSONReader(json.span)
        do throws(JSONError) {
            guard try reader.peek() == .object else { return false }
            try reader.beginObject()
            while let keyword = try reader.nextMember() {
                guard reader.equals(keyword, "type") else {
                    try reader.skipValue()
                    continue
                }
                guard try reader.peek() == .string else { return false }
                return reader.equals(try reader.readString(), "object")
            }
            return false
        } catch {
            return false
        }
    }
}
