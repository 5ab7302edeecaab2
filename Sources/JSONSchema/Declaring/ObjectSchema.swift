import Bytes
import JSON

/// What an object must look like, as a client reads it and as the server checks it.
///
/// One declaration yields both, so they cannot disagree: ``json`` is a schema of JSON Schema
/// 2020-12, and ``validate(_:)`` accepts exactly what that schema accepts (members may not
/// repeat, which the standard leaves open). An object has the declared properties and no others,
/// so that a misspelt optional argument is an error and not silently without effect.
public struct ObjectSchema: Sendable {
    /// One bit for each property in the record of those seen.
    public static let propertyCountMax = 64

    public let properties: [Property]
    public let description: String?

    /// The schema, its keywords always in the same order, properties in the order declared.
    public let json: RawJSON

    /// The names of the properties in UTF-8, as the validator compares them.
    let names: [ByteBuffer]

    /// - Precondition: At most ``propertyCountMax`` properties, their names unique, and of every
    ///   type at least one value exists.
    public init(_ properties: [Property], description: String? = nil) {
        precondition(
            properties.count <= Self.propertyCountMax,
            "an object schema has \(Self.propertyCountMax) properties at most"
        )
        precondition(
            Set(properties.map(\.name)).count == properties.count,
            "two properties have the same name"
        )
        for property in properties {
            precondition(property.type.isInhabited, "\(property.name) admits no value")
        }
        self.properties = properties
        self.description = description
        names = properties.map { ByteBuffer($0.name) }
        json = RawJSON { writer in
            writer.beginObject()
            writer.name("type")
            writer.string("object")
            if let description {
                writer.name("description")
                writer.string(description)
            }
            Self.writeKeywords(for: properties, to: &writer)
            writer.endObject()
        }
    }

    /// Writes what follows `type` and `description`.
    func writeKeywords(to writer: inout JSONWriter) {
        Self.writeKeywords(for: properties, to: &writer)
    }

    private static func writeKeywords(for properties: [Property], to writer: inout JSONWriter) {
        writer.name("properties")
        writer.beginObject()
        for property in properties {
            writer.name(property.name)
            property.write(to: &writer)
        }
        writer.endObject()
        if properties.contains(where: \.isRequired) {
            writer.name("required")
            writer.beginArray()
            for property in properties where property.isRequired { writer.string(property.name) }
            writer.endArray()
        }
        writer.name("additionalProperties")
        writer.bool(false)
    }
}
