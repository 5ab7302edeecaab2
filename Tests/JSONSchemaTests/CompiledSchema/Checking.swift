import Bytes
import JSON
import JSONSchema
import Testing

/// A schema and values that it must accept and refuse.
struct SchemaCase: Sendable, CustomTestStringConvertible {
    let schema: String
    let accepted: [String]
    let refused: [String]

    init(_ schema: String, accepts accepted: [String], refuses refused: [String]) {
        self.schema = schema
        self.accepted = accepted
        self.refused = refused
    }

    var testDescription: String { schema }

    /// The values that were not treated as expected.
    func mistakes() throws -> [String] {
        let compiled = try CompiledSchema(RawJSON(parsing: schema))
        let wrong = accepted.filter { compiled.violation(in: $0) != nil }
        return wrong + refused.filter { compiled.violation(in: $0) == nil }
    }
}

extension CompiledSchema {
    func violation(in json: String) -> SchemaViolation? {
        validate(ByteBuffer(json).span)
    }
}

/// What a schema says about a value, as the model reads it; `nil` if it is satisfied.
func sentence(_ schema: String, _ value: String) throws -> String? {
    try CompiledSchema(RawJSON(parsing: schema)).violation(in: value)?.description
}

/// How many steps validating a value takes.
func steps(_ schema: String, _ value: String) throws -> Int {
    let compiled = try CompiledSchema(RawJSON(parsing: schema))
    var steps = CompiledSchema.stepCountMax
    _ = compiled.validate(ByteBuffer(value).span, steps: &steps)
    return CompiledSchema.stepCountMax - steps
}

/// Why a schema is not compiled; `nil` if it is.
func refusal(_ schema: String) throws -> SchemaError? {
    do {
        _ = try CompiledSchema(RawJSON(unchecked: ByteBuffer(schema)))
        return nil
    } catch {
        return error
    }
}
