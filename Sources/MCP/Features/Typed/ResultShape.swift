internal import JSON
public import JSONSchema

/// What a tool's structured result looks like: its schema, and how a value is written, in one
/// declaration.
///
///     ResultShape<Weather>(
///         .string("sky", lengthMax: 40) { $0.sky },
///         .number("celsius") { $0.celsius }
///     )
public struct ResultShape<Value>: Sendable {
    /// One member of the result.
    public struct Member: Sendable {
        let property: Property
        let write: @Sendable (Value, inout JSONWriter) -> Void

        init(_ property: Property, write: @escaping @Sendable (Value, inout JSONWriter) -> Void) {
            self.property = property
            self.write = write
        }
    }

    public let schema: ObjectSchema
    private let members: [Member]

    /// - Precondition: As for ``ObjectSchema``.
    public init(_ members: Member...) {
        self.members = members
        schema = ObjectSchema(members.map(\.property))
    }

    /// The value as the client gets it.
    func encode(_ value: Value) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            for member in members { member.write(value, &writer) }
            writer.endObject()
        }
    }
}

extension ResultShape.Member {
    public static func string(
        _ name: String,
        lengthMax: Int,
        description: String? = nil,
        _ value: @escaping @Sendable (Value) -> String
    ) -> Self {
        Self(.required(name, .string(lengthMax: lengthMax), description: description)) {
            $1.name(name)
            $1.string(value($0))
        }
    }

    public static func integer(
        _ name: String,
        description: String? = nil,
        _ value: @escaping @Sendable (Value) -> Int
    ) -> Self {
        Self(.required(name, .integer(), description: description)) {
            $1.name(name)
            $1.integer(value($0))
        }
    }

    public static func number(
        _ name: String,
        description: String? = nil,
        _ value: @escaping @Sendable (Value) -> Double
    ) -> Self {
        Self(.required(name, .number(), description: description)) {
            $1.name(name)
            $1.double(value($0))
        }
    }

    public static func boolean(
        _ name: String,
        description: String? = nil,
        _ value: @escaping @Sendable (Value) -> Bool
    ) -> Self {
        Self(.required(name, .boolean, description: description)) {
            $1.name(name)
            $1.bool(value($0))
        }
    }

    /// A member that is left out where there is no value.
    public static func optionalString(
        _ name: String,
        lengthMax: Int,
        description: String? = nil,
        _ value: @escaping @Sendable (Value) -> String?
    ) -> Self {
        Self(.optional(name, .string(lengthMax: lengthMax), description: description)) {
            $1.optional(name, value($0))
        }
    }

    /// A list of values of another shape.
    public static func list<Element>(
        _ name: String,
        countMax: Int,
        of shape: ResultShape<Element>,
        description: String? = nil,
        _ values: @escaping @Sendable (Value) -> [Element]
    ) -> Self {
        Self(
            .required(
                name,
                .array(of: .object(shape.schema), countMax: countMax),
                description: description
            )
        ) { value, writer in
            writer.name(name)
            writer.beginArray()
            for element in values(value) {
                let json = shape.encode(element)
                writer.raw(json.span)
            }
            writer.endArray()
        }
    }
}
