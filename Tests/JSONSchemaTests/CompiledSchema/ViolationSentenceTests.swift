import JSONSchema
import Testing

@Suite("What a model is told about a value that its schema refuses")
struct ViolationSentenceTests {
    @Test(arguments: [
        (#"{"type":"string"}"#, "1", "the value must be a string; it is a number"),
        (
            #"{"type":["integer","null"]}"#, "1.5",
            "the value must be an integer or null; it is a number"
        ),
        (#"{"type":"integer"}"#, "1.5", "the value must be an integer; it is 1.5"),
        (#"{"type":"boolean"}"#, "1", "the value must be true or false; it is a number"),
        (#"{"const":{ "a" : [1] }}"#, "1", #"the value must be {"a":[1]}"#),
        (#"{"enum":["a",1,null]}"#, "2", #"the value must be one of "a", 1, null"#),
        (#"{"enum":[]}"#, "2", "the value must be one of no values at all"),
        (#"{"multipleOf":0.5}"#, "1.2", "the value must be a multiple of 0.5; it is 1.2"),
        (#"{"minimum":1e2}"#, "1", "the value must be at least 1e2; it is 1"),
        (#"{"maximum":1}"#, "2", "the value must be at most 1; it is 2"),
        (#"{"exclusiveMinimum":1}"#, "1", "the value must be more than 1; it is 1"),
        (#"{"exclusiveMaximum":1}"#, "1", "the value must be less than 1; it is 1"),
        (#"{"minLength":1}"#, "\"\"", "the value must be at least 1 character; it has 0"),
        (#"{"maxLength":1}"#, "\"ab\"", "the value must be at most 1 character; it has 2"),
        (#"{"pattern":"^a$"}"#, "\"b\"", "the value must match the regular expression ^a$"),
        (#"{"minItems":2}"#, "[1]", "the value must have at least 2 items; it has 1"),
        (#"{"maxItems":0}"#, "[1]", "the value must have at most 0 items"),
        (
            #"{"uniqueItems":true}"#, "[1,2,1]",
            "the value must not repeat an item; 2 is the same as 0, counted from 0"
        ),
        (
            #"{"contains":{"type":"null"}}"#, "[1]",
            "the value must have at least 1 item of the kind that the schema asks for; it has 0"
        ),
        (
            #"{"contains":true,"maxContains":1}"#, "[1,2]",
            "the value must have at most 1 item of the kind that the schema asks for"
        ),
        (#"{"minProperties":1}"#, "{}", "the value must have at least 1 member; it has 0"),
        (#"{"maxProperties":0}"#, #"{"a":1}"#, "the value must have at most 0 members"),
        (#"{"required":["a","b"]}"#, #"{"a":1}"#, "b is required"),
        (#"{"items":{"required":["b"]}}"#, "[{}]", "[0].b is required"),
        (#"{"dependentRequired":{"a":["b"]}}"#, #"{"a":1}"#, #"b is required where "a" is given"#),
        (
            #"{"propertyNames":{"maxLength":1}}"#, #"{"ab":1}"#,
            #"the value must not have a member with the name "ab""#
        ),
        (
            #"{"properties":{"a":true},"additionalProperties":false}"#, #"{"b":1}"#,
            #"unknown argument "b"; this tool takes: a"#
        ),
        (
            #"{"patternProperties":{"a":true},"additionalProperties":false}"#, #"{"b":1}"#,
            #"the value must not have a member with the name "b""#
        ),
        (
            #"{"properties":{"a":{"additionalProperties":false}}}"#, #"{"a":{"b":1}}"#,
            #"unknown argument "b" in a; none is taken"#
        ),
        (#"{"unevaluatedProperties":false}"#, #"{"b":1}"#, "b is not allowed"),
        (
            #"{"properties":{"a":{"items":{"type":"null"}}}}"#, #"{"a":[null,[]]}"#,
            "a[1] must be null; it is an array"
        ),
        (
            #"{"additionalProperties":{"type":"null"}}"#, #"{"\u001b":1}"#,
            #"\u{1B} must be null; it is a number"#
        ),
        (#"{"not":{}}"#, "1", "the value must not be what the schema excludes"),
        ("false", "1", "the value is not allowed"),
        (
            #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "1",
            "the value must be a string or null; it is a number"
        ),
        (
            #"{"anyOf":[{"type":"null"},{"minimum":3}]}"#, "1",
            "the value must be at least 3; it is 1"
        ),
        (
            #"{"anyOf":[{"minimum":5},{"minimum":3}]}"#, "1",
            "the value must satisfy one of 2 alternatives; it satisfies none"
        ),
        (
            #"{"oneOf":[{"type":"null"},{"items":{"type":"null"}}]}"#, "[1]",
            "[0] must be null; it is a number"
        ),
        (
            #"{"oneOf":[false,true,{"minimum":0}]}"#, "1",
            "the value must satisfy exactly one of the alternatives; it satisfies 2 and 3"
        ),
    ])
    func `A violation is a sentence that says what to change`(
        schema: String,
        value: String,
        text: String
    ) throws {
        #expect(try sentence(schema, value) == text)
    }

    @Test func `A path shows its last sixteen steps, and of a name 64 characters`() throws {
        let schema =
            ##"{"anyOf":[{"type":"null"},{"additionalProperties":{"$ref":"#"}}],"type":["object","null"]}"##
        let name = String(repeating: "n", count: 1_000)
        let value = (0..<40).reduce("1") { inner, _ in #"{"\#(name)":\#(inner)}"# }
        let text = try sentence(schema, value) ?? ""
        #expect(text.hasPrefix("….nnnn"))
        #expect(text.hasSuffix("… must be an object or null; it is a number"))
        #expect(text.unicodeScalars.count < 16 * 66 + 60)
    }
}
