import JSONSchema
import Testing

@Suite("Keywords for arrays and objects (JSON Schema 2020-12)")
struct ContainerKeywordTests {
    @Test(arguments: [
        SchemaCase(#"{"minItems":2}"#, accepts: ["[1,1]", "{}"], refuses: ["[]", "[1]"]),
        SchemaCase(#"{"maxItems":1}"#, accepts: ["[]", "[1]"], refuses: ["[1,1]"]),
        SchemaCase(
            #"{"items":{"type":"integer"}}"#,
            accepts: ["[]", "[1,2]", "3"],
            refuses: ["[1,\"\"]", "[[]]"]
        ),
        SchemaCase(
            #"{"prefixItems":[{"type":"string"},{"type":"null"}]}"#,
            accepts: ["[]", #"["a"]"#, #"["a",null,5]"#],
            refuses: ["[1]", #"["a",1]"#]
        ),
        SchemaCase(
            #"{"prefixItems":[{"type":"string"}],"items":false}"#,
            accepts: ["[]", #"["a"]"#],
            refuses: [#"["a",1]"#]
        ),
        SchemaCase(
            #"{"contains":{"const":1}}"#,
            accepts: ["[1]", "[2,1.0]", "{}"],
            refuses: ["[]", "[2]"]
        ),
        SchemaCase(
            #"{"contains":{"const":1},"minContains":2,"maxContains":3}"#,
            accepts: ["[1,1]", "[1,2,1,1]"],
            refuses: ["[1]", "[1,1,1,1]"]
        ),
        SchemaCase(
            #"{"contains":{"const":1},"minContains":0}"#,
            accepts: ["[]", "[2]"],
            refuses: []
        ),
        SchemaCase(#"{"minContains":5}"#, accepts: ["[]"], refuses: []),
        SchemaCase(
            #"{"uniqueItems":true}"#,
            accepts: [
                "[]", "[1]", "[1,true,\"1\",[1],[true],{\"a\":1},{\"b\":1}]", "[0,false,null,\"\"]",
                "[[1,2],[2,1]]", "[100000000000000000001,100000000000000000002]",
            ],
            refuses: [
                "[1,2,1.0]", #"["a","\u0061"]"#, #"[{"a":1,"b":[2]},3,{"b":[2e0],"a":1}]"#,
                "[[],{},[]]", "[0,-0]", "[true,1,true]",
            ]
        ),
        SchemaCase(#"{"uniqueItems":false}"#, accepts: ["[1,1]"], refuses: []),
    ])
    func `Arrays`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }

    @Test(arguments: [
        SchemaCase(
            #"{"properties":{"a":{"type":"integer"},"b":false}}"#,
            accepts: ["{}", #"{"a":1,"c":2}"#, "[]"],
            refuses: [#"{"a":""}"#, #"{"\u0061":""}"#, #"{"b":1}"#]
        ),
        SchemaCase(
            #"{"required":["a","b","a"]}"#,
            accepts: [#"{"b":1,"a":2}"#, #"{"\u0061":1,"b":2,"c":3}"#, "1"],
            refuses: ["{}", #"{"a":1}"#, #"{"A":1,"b":1}"#]
        ),
        SchemaCase(
            #"{"patternProperties":{"^x":{"type":"integer"},"y$":{"minimum":5}}}"#,
            accepts: ["{}", #"{"x":1,"y":5,"z":""}"#, #"{"xy":5}"#],
            refuses: [#"{"x1":""}"#, #"{"ay":4}"#, #"{"xy":4}"#, #"{"xy":5.5}"#]
        ),
        SchemaCase(
            #"{"properties":{"a":{}},"patternProperties":{"^x":{}},"additionalProperties":false}"#,
            accepts: ["{}", #"{"a":1,"x1":2}"#],
            refuses: [#"{"b":1}"#, #"{"a":1,"ax":1}"#]
        ),
        SchemaCase(
            #"{"additionalProperties":{"type":"string"}}"#,
            accepts: ["{}", #"{"a":"b"}"#],
            refuses: [#"{"a":1}"#]
        ),
        SchemaCase(
            #"{"propertyNames":{"maxLength":2,"pattern":"^[a-z]"}}"#,
            accepts: ["{}", #"{"ab":1}"#],
            refuses: [#"{"abc":1}"#, #"{"1":1}"#]
        ),
        SchemaCase(
            #"{"propertyNames":{"const":"é"}}"#,
            accepts: [#"{"\u00e9":1}"#],
            refuses: [#"{"e":1}"#]
        ),
        SchemaCase(#"{"minProperties":1}"#, accepts: [#"{"a":1}"#, "[]"], refuses: ["{}"]),
        SchemaCase(
            #"{"maxProperties":1}"#,
            accepts: ["{}", #"{"a":1}"#],
            refuses: [#"{"a":1,"b":2}"#]
        ),
        SchemaCase(
            #"{"dependentRequired":{"a":["b","c"],"d":[]}}"#,
            accepts: ["{}", #"{"b":1}"#, #"{"c":1,"b":1,"a":1}"#, #"{"d":1}"#],
            refuses: [#"{"a":1}"#, #"{"a":1,"b":1}"#]
        ),
        SchemaCase(
            #"{"dependentSchemas":{"a":{"required":["b"]},"c":false}}"#,
            accepts: ["{}", #"{"a":1,"b":1}"#, "\"a\""],
            refuses: [#"{"a":1}"#, #"{"c":1}"#]
        ),
    ])
    func `Objects`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }

    @Test(arguments: ["{}", "true", #"{"properties":{"a":{}}}"#])
    func `A member given twice is refused whatever the schema says`(schema: String) throws {
        #expect(try sentence(schema, #"{"a":1,"a":1}"#) == "a is given more than once")
        let nested = try sentence(schema, #"{"b":[{"a":1,"\u0061":2}]}"#)
        #expect(nested == "b[0].a is given more than once")
    }
}
