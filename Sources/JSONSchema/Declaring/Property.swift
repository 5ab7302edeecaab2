import JSON

/// One property of an object: its name, what it is for and what its value may be.
public struct Property: Sendable {
    public let name: String

    /// What a model reads to decide what to put there.
    public let description: String?

    public let type: PropertyType
    public let isRequired: Bool

    /// The rest of the `Mcp-Param-` field name under which clients repeat the value.
    ///
    /// Written as the keyword `x-mcp-header`, which JSON Schema validators ignore.
    public let headerName: String?

    /// A property that every object must have.
    public static func required(
        _ name: String,
        _ type: PropertyType,
        description: String? = nil,
        headerName: String? = nil
    ) -> Property {
        Property(
            name: name,
            description: description,
            type: type,
            isRequired: true,
            headerName: headerName
        )
    }

    /// A property that an object may lack.
    public static func optional(
        _ name: String,
        _ type: PropertyType,
        description: String? = nil,
        headerName: String? = nil
    ) -> Property {
        Property(
            name: name,
            description: description,
            type: type,
            isRequired: false,
            headerName: headerName
        )
    }

    func write(to writer: inout JSONWriter) {
        type.write(to: &writer) { writer in
            if let description {
                writer.name("description")
                writer.string(description)
            }
        } annotations: { writer in
            if let headerName {
                writer.name("x-mcp-header")
                writer.string(headerName)
            }
        }
    }
}
