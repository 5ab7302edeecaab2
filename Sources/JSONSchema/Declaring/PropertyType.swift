import JSON

/// The values a property may have.
public indirect enum PropertyType: Sendable {
    /// Text of so many Unicode scalar values, as JSON Schema counts characters.
    case string(lengthMin: Int = 0, lengthMax: Int, characters: CharacterClass = .any)

    /// A number without a fraction, however it is spelt: `1.0` is an integer.
    ///
    /// The default bounds are those within which every JSON implementation agrees on the value
    /// (RFC 7493 §2.2).
    case integer(min: Int = -integerMagnitudeMax, max: Int = integerMagnitudeMax)

    case number(min: Double? = nil, max: Double? = nil)
    case boolean

    /// One of these strings.
    case enumeration([String])

    case array(of: PropertyType, countMax: Int)
    case object(ObjectSchema)

    /// A value of that type, or `null`.
    case nullable(PropertyType)

    /// 2^53 - 1, up to which all integers are exact in a `Double`.
    public static let integerMagnitudeMax = 9_007_199_254_740_991
}

extension PropertyType {
    /// Whether there is a value of this type at all.
    var isInhabited: Bool {
        switch self {
        case .string(let lengthMin, let lengthMax, _): lengthMin >= 0 && lengthMin <= lengthMax
        case .integer(let min, let max): min <= max
        case .number(let min, let max): min ?? -.infinity <= max ?? .infinity
        case .boolean, .object: true
        case .enumeration(let values): !values.isEmpty
        case .array(let elementType, let countMax): countMax >= 0 && elementType.isInhabited
        case .nullable(let type): type.isInhabited
        }
    }

    /// Writes the schema of this type.
    ///
    /// `description` writes what stands after `type`, and `annotations` what stands last.
    func write(
        to writer: inout JSONWriter,
        description: (inout JSONWriter) -> Void,
        annotations: (inout JSONWriter) -> Void
    ) {
        writer.beginObject()
        writer.name("type")
        if isNullable {
            writer.beginArray()
            writer.string(typeName)
            writer.string("null")
            writer.endArray()
        } else {
            writer.string(typeName)
        }
        description(&writer)
        writeKeywords(to: &writer)
        annotations(&writer)
        writer.endObject()
    }

    private var isNullable: Bool {
        if case .nullable = self { return true }
        return false
    }

    private var typeName: String {
        switch self {
        case .string, .enumeration: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .array: "array"
        case .object: "object"
        case .nullable(let type): type.typeName
        }
    }

    private func writeKeywords(to writer: inout JSONWriter) {
        switch self {
        case .string(let lengthMin, let lengthMax, let characters):
            if lengthMin > 0 {
                writer.name("minLength")
                writer.integer(lengthMin)
            }
            writer.name("maxLength")
            writer.integer(lengthMax)
            if let pattern = characters.pattern {
                writer.name("pattern")
                writer.string(pattern)
            }
        case .integer(let min, let max):
            writer.name("minimum")
            writer.integer(min)
            writer.name("maximum")
            writer.integer(max)
        case .number(let min, let max):
            if let min {
                writer.name("minimum")
                writer.double(min)
            }
            if let max {
                writer.name("maximum")
                writer.double(max)
            }
        case .boolean:
            break
        case .enumeration(let values):
            Self.writeEnumeration(values, to: &writer)
        case .array(let elementType, let countMax):
            writer.name("items")
            elementType.write(to: &writer, description: { _ in }, annotations: { _ in })
            writer.name("maxItems")
            writer.integer(countMax)
        case .object(let schema):
            schema.writeKeywords(to: &writer)
        case .nullable(.enumeration(let values)):
            Self.writeEnumeration(values + [nil], to: &writer)
        case .nullable(let type):
            type.writeKeywords(to: &writer)
        }
    }

    /// `nil` stands for `null`, which `enum` must list for `type` to admit it.
    private static func writeEnumeration(_ values: [String?], to writer: inout JSONWriter) {
        writer.name("enum")
        writer.beginArray()
        for value in values {
            if let value { writer.string(value) } else { writer.null() }
        }
        writer.endArray()
    }
}
