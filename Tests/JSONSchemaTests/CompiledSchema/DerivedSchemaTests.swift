import Bytes
import JSON
import JSONSchema
import Testing

@Suite("A declaration and the schema that is derived from it")
struct DerivedSchemaTests {
    private static let declaration = ObjectSchema([
        .required(
            "title",
            .string(lengthMin: 1, lengthMax: 5, characters: .withoutControlCharacters)
        ),
        .optional("key", .string(lengthMax: 4, characters: .visibleASCII)),
        .optional("limit", .integer(min: 1, max: 100)),
        .optional("ratio", .number(min: -0.5, max: 1)),
        .optional("mood", .nullable(.enumeration(["good", "bad"]))),
        .optional("tags", .array(of: .string(lengthMax: 2), countMax: 2)),
        .optional("filter", .object(ObjectSchema([.required("by", .boolean)]))),
    ])

    private static let texts = [
        "1", "0", "101", "1.0", "1.5", "-0.5", "-0.51", "1e2", "1e999", "true", "null", "[]", "{}",
        #""""#, #""abcde""#, #""abcdef""#, #""a\u0000""#, #""é""#, #""good""#, #"["ab","é"]"#,
        #"["abc"]"#, "[1]", #"["a","b","c"]"#, #"{"by":true}"#, #"{"by":1}"#, #"{"by":true,"x":1}"#,
    ]

    @Test func `Both decide alike about every value of every property`() throws {
        let compiled = try CompiledSchema(Self.declaration.json)
        for name in Self.declaration.properties.map(\.name) + ["other"] {
            for text in Self.texts {
                for json in [#"{"title":"t","\#(name)":\#(text)}"#, #"{"\#(name)":\#(text)}"#] {
                    let declared = Self.declaration.validate(ByteBuffer(json).span)
                    let derived = compiled.violation(in: json)
                    #expect((declared == nil) == (derived == nil), "\(json)")
                    #expect(declared?.path == derived?.path, "\(json)")
                }
            }
        }
    }
}
