import Bytes
import JSON
import JSONSchema
import Testing

@Suite("Object schema (JSON Schema 2020-12)")
struct ObjectSchemaTests {
    @Test func `The schema is written with its keywords in one order`() {
        let schema = ObjectSchema(
            [
                .required(
                    "title",
                    .string(lengthMin: 1, lengthMax: 255, characters: .withoutControlCharacters),
                    description: "What is to be done",
                    headerName: "Title"
                ),
                .optional("key", .string(lengthMax: 128, characters: .visibleASCII)),
                .optional("count", .integer(min: 1, max: 100)),
                .optional("id", .integer()),
                .optional("ratio", .number(min: 0, max: 0.5)),
                .optional("any", .number()),
                .optional("done", .nullable(.boolean)),
                .required("state", .enumeration(["open", "done"])),
                .optional("mood", .nullable(.enumeration(["good"]))),
                .optional("tags", .array(of: .string(lengthMax: 9), countMax: 3)),
                .optional("owner", .object(ObjectSchema([.required("name", .boolean)]))),
            ],
            description: "A to-do"
        )
        let lines = [
            #"{"type":"object","description":"A to-do","properties":{"#,
            #""title":{"type":"string","description":"What is to be done","minLength":1,"#,
            #""maxLength":255,"pattern":"^[^\\u0000-\\u001F\\u007F]*$","x-mcp-header":"Title"},"#,
            #""key":{"type":"string","maxLength":128,"pattern":"^[!-~]*$"},"#,
            #""count":{"type":"integer","minimum":1,"maximum":100},"#,
            #""id":{"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991},"#,
            #""ratio":{"type":"number","minimum":0,"maximum":0.5},"#,
            #""any":{"type":"number"},"#,
            #""done":{"type":["boolean","null"]},"#,
            #""state":{"type":"string","enum":["open","done"]},"#,
            #""mood":{"type":["string","null"],"enum":["good",null]},"#,
            #""tags":{"type":"array","items":{"type":"string","maxLength":9},"maxItems":3},"#,
            #""owner":{"type":"object","properties":{"name":{"type":"boolean"}},"#,
            #""required":["name"],"additionalProperties":false}},"#,
            #""required":["title","state"],"additionalProperties":false}"#,
        ]
        #expect("\(schema.json)" == lines.joined())
    }

    @Test func `An object without properties has a schema too`() {
        let schema = ObjectSchema([])
        #expect(
            "\(schema.json)" == #"{"type":"object","properties":{},"additionalProperties":false}"#
        )
        #expect(schema.validate(ByteBuffer("{}").span) == nil)
        #expect(schema.validate(ByteBuffer(#"{"a":1}"#).span) != nil)
    }

    @Test func `Every schema is itself JSON`() throws {
        let quoted = ObjectSchema([.required("a\"\\\n", .enumeration(["\"", "\u{1}"]))])
        #expect(try RawJSON(parsing: quoted.json.span) == quoted.json)
    }

    @Test func `Up to 64 properties can be declared, and each one counts`() {
        let schema = ObjectSchema((0..<64).map { .required("p\($0)", .boolean) })
        let members = (0..<64).map { #""p\#($0)":true"# }
        let complete = "{" + members.joined(separator: ",") + "}"
        #expect(schema.validate(ByteBuffer(complete).span) == nil)
        for index in 0..<64 {
            var fewer = members
            fewer.remove(at: index)
            let incomplete = "{" + fewer.joined(separator: ",") + "}"
            let violation = schema.validate(ByteBuffer(incomplete).span)
            #expect(violation?.path == "p\(index)")
            #expect(violation?.reason == .missing)
        }
    }

    @Test func `A declaration that no object can satisfy traps`() async {
        await #expect(processExitsWith: .failure) {
            _ = ObjectSchema((0..<65).map { .required("p\($0)", .boolean) })
        }
        await #expect(processExitsWith: .failure) {
            _ = ObjectSchema([.required("a", .boolean), .optional("a", .boolean)])
        }
        await #expect(processExitsWith: .failure) {
            _ = ObjectSchema([.required("a", .array(of: .integer(min: 2, max: 1), countMax: 1))])
        }
    }
}
