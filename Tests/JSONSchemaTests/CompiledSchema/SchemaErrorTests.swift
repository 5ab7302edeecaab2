import Bytes
import JSON
import JSONSchema
import Testing

@Suite("Schemas that are refused (JSON Schema 2020-12)")
struct SchemaErrorTests {
    @Test(arguments: [
        (
            "1",
            "expected a schema, which is an object or a boolean, found a number at # of the schema"
        ),
        (
            #"{"items":[{}]}"#,
            "expected a schema, which is an object or a boolean, found an array at #/items of the schema"
        ),
        (
            #"{"properties":{"a/b":{"type":"strnig"}}}"#,
            #"unknown type "strnig" at #/properties/a~1b/type of the schema"#
        ),
        (#"{"type":[]}"#, "an empty list at #/type of the schema"),
        (
            #"{"type":["null",1]}"#,
            "expected the name of a type or an array of such names, found a number at #/type/1 of the schema"
        ),
        (#"{"anyOf":[]}"#, "an empty list at #/anyOf of the schema"),
        (
            #"{"allOf":{}}"#,
            "expected an array of schemas, found an object at #/allOf of the schema"
        ),
        (
            #"{"$defs":[]}"#,
            "expected an object of schemas, found an array at #/$defs of the schema"
        ),
        (#"{"enum":1}"#, "expected an array, found a number at #/enum of the schema"),
        (
            #"{"minLength":-1}"#,
            "expected an integer from 0 on, found a number at #/minLength of the schema"
        ),
        (
            #"{"maxItems":1.5}"#,
            "expected an integer from 0 on, found a number at #/maxItems of the schema"
        ),
        (#"{"minimum":"1"}"#, "expected a number, found a string at #/minimum of the schema"),
        (
            #"{"multipleOf":0}"#,
            "expected a number above 0, found a number at #/multipleOf of the schema"
        ),
        (
            #"{"multipleOf":-1}"#,
            "expected a number above 0, found a number at #/multipleOf of the schema"
        ),
        (
            #"{"multipleOf":12345678901234567891}"#,
            "divisor of more than 19 digits at #/multipleOf of the schema"
        ),
        (
            #"{"uniqueItems":1}"#,
            "expected a boolean, found a number at #/uniqueItems of the schema"
        ),
        (
            #"{"required":["a",1]}"#,
            "expected a string, found a number at #/required/1 of the schema"
        ),
        (
            #"{"required":"a"}"#,
            "expected an array of strings, found a string at #/required of the schema"
        ),
        (
            #"{"dependentRequired":[]}"#,
            "expected an object of arrays of strings, found an array at #/dependentRequired of the schema"
        ),
        (
            #"{"not":{"pattern":"(?=a)"}}"#,
            "lookahead and lookbehind are not supported at character 0 of the pattern at #/not/pattern of the schema"
        ),
        (
            #"{"patternProperties":{"[":true}}"#,
            "character class without a closing bracket at character 0 of the pattern at #/patternProperties/[ of the schema"
        ),
        (
            #"{"$schema":"http://json-schema.org/draft-07/schema#"}"#,
            "dialect http://json-schema.org/draft-07/schema#, only 2020-12 is known at #/$schema of the schema"
        ),
        (#"{"$id":"a#b"}"#, "identifier with a fragment: a#b at #/$id of the schema"),
        (
            #"{"$defs":{"a":{"$id":"x"},"b":{"$id":"x"}}}"#,
            "identifier used twice: x at #/$defs/b/$id of the schema"
        ),
        (
            #"{"$anchor":"x","$defs":{"a":{"$anchor":"x"}}}"#,
            "identifier used twice: x at #/$defs/a/$anchor of the schema"
        ),
        (#"{"type":"null","type":"null"}"#, "the same member twice at #/type of the schema"),
        (#"{"type":"#, "input ends too early at byte 8 at # of the schema"),
    ])
    func `The error says what is wrong and where`(schema: String, text: String) throws {
        #expect(try refusal(schema)?.description == text)
    }

    @Test func `The dialect may be named, and unknown keywords are ignored`() throws {
        let dialect = "https://json-schema.org/draft/2020-12/schema"
        #expect(try refusal(#"{"$schema":"\#(dialect)"}"#) == nil)
        #expect(try refusal(#"{"$schema":"\#(dialect)#"}"#) == nil)
        #expect(try refusal(#"{"x-mcp-header":{"type":"nonsense"},"dependencies":1}"#) == nil)
    }

    @Test func `The schema is kept as it was written`() throws {
        let text = #"{ "type" : "integer", "x": 1.0 }"#
        let raw = RawJSON(unchecked: ByteBuffer(text))
        #expect(try CompiledSchema(raw).json == raw)
        #expect("\(try CompiledSchema(raw).json)" == text)
    }
}
