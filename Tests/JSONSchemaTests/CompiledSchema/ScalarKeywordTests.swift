import JSONSchema
import Testing

@Suite("Keywords for any value, numbers and strings (JSON Schema Validation 2020-12 §6.1–6.3)")
struct ScalarKeywordTests {
    @Test(arguments: [
        SchemaCase("true", accepts: ["1", "null", "[{}]"], refuses: ["", "x"]),
        SchemaCase("{}", accepts: ["1", "null", "[{}]"], refuses: ["{", "1 2"]),
        SchemaCase("false", accepts: [], refuses: ["1", "null", "{}"]),
        SchemaCase(
            #"{"type":"integer"}"#,
            accepts: ["1", "-0", "1.0", "10e-1", "1e400", "123456789012345678901234567890"],
            refuses: ["1.5", "1e-1", "true", "\"1\"", "null", "[]", "{}"]
        ),
        SchemaCase(
            #"{"type":"number"}"#,
            accepts: ["1", "1.5", "1e400", "-1e-400"],
            refuses: ["true", "\"1\""]
        ),
        SchemaCase(#"{"type":"string"}"#, accepts: ["\"\""], refuses: ["1", "null"]),
        SchemaCase(
            #"{"type":"boolean"}"#,
            accepts: ["true", "false"],
            refuses: ["0", "\"true\""]
        ),
        SchemaCase(#"{"type":"null"}"#, accepts: ["null"], refuses: ["0", "false", "\"\""]),
        SchemaCase(#"{"type":"array"}"#, accepts: ["[]"], refuses: ["{}"]),
        SchemaCase(#"{"type":"object"}"#, accepts: ["{}"], refuses: ["[]"]),
        SchemaCase(
            #"{"type":["integer","null"]}"#,
            accepts: ["2", "null"],
            refuses: ["2.5", "\"\""]
        ),
        SchemaCase(
            #"{"const":{"a":[1,"é"],"b":null}}"#,
            accepts: [#"{"a":[1.0,"é"],"b":null}"#, #"{"b":null,"a":[10e-1,"\u00e9"]}"#],
            refuses: [
                #"{"a":[1,"é"]}"#, #"{"a":["é",1],"b":null}"#, #"{"a":[1,"é"],"c":null}"#, "1",
            ]
        ),
        SchemaCase(
            #"{"const":1}"#,
            accepts: ["1", "1.0", "0.1e1"],
            refuses: ["true", "\"1\"", "2"]
        ),
        SchemaCase(#"{"const":0}"#, accepts: ["-0", "0e5", "0.00"], refuses: ["false", "1e-400"]),
        SchemaCase(#"{"const":false}"#, accepts: ["false"], refuses: ["0", "[false]"]),
        SchemaCase(
            #"{"const":12345678901234567890123}"#,
            accepts: ["12345678901234567890123.0", "1234567890123456789012300e-2"],
            refuses: ["12345678901234567890124", "1.2345678901234567890123e21"]
        ),
        SchemaCase(
            #"{"enum":["a",1,null,[2]]}"#,
            accepts: ["\"\\u0061\"", "1e0", "null", "[2.0]"],
            refuses: ["\"b\"", "[2,2]", "[]", "false"]
        ),
        SchemaCase(#"{"enum":[]}"#, accepts: [], refuses: ["1"]),
    ])
    func `A value of the right kind or spelling is accepted`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }

    @Test(arguments: [
        SchemaCase(
            #"{"minimum":1.5}"#,
            accepts: ["1.5", "1.50", "15e-1", "1e400", "\"0\""],
            refuses: ["1.4999999999999999999999", "-2", "0", "-1e400"]
        ),
        SchemaCase(
            #"{"maximum":-1}"#,
            accepts: ["-1", "-1.0", "-1e400"],
            refuses: ["-0.99999999999999999999999", "0", "1"]
        ),
        SchemaCase(#"{"exclusiveMinimum":0}"#, accepts: ["1e-400"], refuses: ["0", "-0", "-1"]),
        SchemaCase(#"{"exclusiveMaximum":3}"#, accepts: ["2.9"], refuses: ["3", "3.0", "4"]),
        SchemaCase(
            #"{"minimum":100000000000000000000,"maximum":100000000000000000002}"#,
            accepts: ["1e20", "100000000000000000001"],
            refuses: ["99999999999999999999", "100000000000000000003"]
        ),
        SchemaCase(
            #"{"multipleOf":0.1}"#,
            accepts: ["0", "0.3", "1.1", "-7", "1e400", "4.7e1"],
            refuses: ["0.35", "1e-2", "0.3000000000000000000001"]
        ),
        SchemaCase(
            #"{"multipleOf":3}"#,
            accepts: ["9", "-9.0", "3e30", "111111111111111111111111111111"],
            refuses: ["10", "1.5", "1e30", "111111111111111111111111111112"]
        ),
        SchemaCase(#"{"multipleOf":2.5e1}"#, accepts: ["50", "1e400"], refuses: ["5", "1e1"]),
        SchemaCase(#"{"multipleOf":1e-400}"#, accepts: ["1", "0.5"], refuses: ["1e-401"]),
    ])
    func `Numbers are compared exactly, however they are spelt`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }

    @Test(arguments: [
        SchemaCase(
            #"{"minLength":2}"#,
            accepts: [#""ab""#, #""é😀""#, #""\ud83d\ude00\u00e9""#, "1"],
            refuses: [#""""#, #""😀""#, #""\ud83d\ude00""#]
        ),
        SchemaCase(
            #"{"maxLength":2.0}"#,
            accepts: [#""""#, #""ab""#, #""😀😀""#],
            refuses: [#""abc""#, #""e\u0301e""#]
        ),
        SchemaCase(#"{"maxLength":1e99}"#, accepts: [#""abc""#], refuses: []),
        SchemaCase(#"{"minLength":1e99}"#, accepts: [], refuses: [#""abc""#]),
        SchemaCase(
            #"{"pattern":"^\\d{2}$"}"#,
            accepts: [#""12""#, #""\u0031\u0032""#, "12"],
            refuses: [#""1""#, #""123""#, #""12\n""#, #""١٢""#]
        ),
        SchemaCase(#"{"pattern":"b+"}"#, accepts: [#""abc""#], refuses: [#""ac""#]),
        SchemaCase(#"{"format":"date"}"#, accepts: [#""yesterday""#], refuses: []),
    ])
    func `Strings are measured in Unicode scalar values`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }
}
