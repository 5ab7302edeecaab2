import JSONSchema
import Testing

@Suite("Schemas that apply schemas (JSON Schema Core 2020-12 §10–11)")
struct ApplicatorTests {
    @Test(arguments: [
        SchemaCase(
            #"{"allOf":[{"minimum":1},{"maximum":3}]}"#,
            accepts: ["1", "3", "\"\""],
            refuses: ["0", "4"]
        ),
        SchemaCase(
            #"{"anyOf":[{"type":"string"},{"minimum":5}]}"#,
            accepts: ["\"\"", "5", "[]"],
            refuses: ["4"]
        ),
        SchemaCase(
            #"{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}"#,
            accepts: ["2", "3", "4"],
            refuses: ["6", "1", "\"\""]
        ),
        SchemaCase(#"{"not":{"type":"string"}}"#, accepts: ["1"], refuses: ["\"\""]),
        SchemaCase(
            #"{"if":{"minimum":10},"then":{"multipleOf":10},"else":{"multipleOf":3}}"#,
            accepts: ["20", "9", "\"\""],
            refuses: ["12", "10.5", "8"]
        ),
        SchemaCase(#"{"if":false,"then":false}"#, accepts: ["1"], refuses: []),
        SchemaCase(#"{"if":true,"else":false}"#, accepts: ["1"], refuses: []),
        SchemaCase(#"{"then":false,"else":false}"#, accepts: ["1"], refuses: []),
    ])
    func `Combinations`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }

    @Test(arguments: [
        SchemaCase(
            #"{"allOf":[{"properties":{"a":{}}}],"properties":{"b":{}},"unevaluatedProperties":false}"#,
            accepts: ["{}", #"{"a":1,"b":2}"#],
            refuses: [#"{"a":1,"c":2}"#]
        ),
        SchemaCase(
            #"""
            {"anyOf":[{"properties":{"a":{"type":"null"}},"required":["a"]},
                      {"patternProperties":{"^b":{}},"required":["b"]},
                      {"properties":{"c":{}},"required":["c"]}],
             "unevaluatedProperties":false}
            """#,
            accepts: [#"{"a":null}"#, #"{"b":1,"b2":1}"#, #"{"a":null,"b":1,"c":1}"#],
            refuses: [#"{"a":1,"b":1}"#, #"{"a":null,"d":1}"#, #"{"b":1,"a":1,"c":1}"#]
        ),
        SchemaCase(
            #"""
            {"if":{"properties":{"k":{"const":1}},"required":["k"]},
             "then":{"properties":{"x":{}}},"else":{"properties":{"y":{}}},
             "unevaluatedProperties":{"type":"string"}}
            """#,
            accepts: [#"{"k":1,"x":[]}"#, #"{"y":[]}"#, #"{"k":"other","y":1,"x":"text"}"#],
            refuses: [#"{"k":2}"#, #"{"k":1,"y":[]}"#, #"{"x":[]}"#]
        ),
        SchemaCase(
            #"{"not":{"not":{"properties":{"a":{}}}},"unevaluatedProperties":false}"#,
            accepts: ["{}"],
            refuses: [#"{"a":1}"#]
        ),
        SchemaCase(
            #"""
            {"$ref":"#/$defs/base","dependentSchemas":{"p":{"properties":{"q":{}}}},
             "unevaluatedProperties":false,"$defs":{"base":{"properties":{"p":{}}}}}
            """#,
            accepts: ["{}", #"{"p":1,"q":1}"#],
            refuses: [#"{"q":1}"#, #"{"p":1,"r":1}"#]
        ),
        SchemaCase(
            #"{"allOf":[{"additionalProperties":true}],"unevaluatedProperties":false}"#,
            accepts: [#"{"a":1}"#],
            refuses: []
        ),
        SchemaCase(
            #"{"properties":{"a":{"properties":{"b":{}}}},"unevaluatedProperties":false}"#,
            accepts: [#"{"a":{"b":1,"c":2}}"#],
            refuses: [#"{"b":1}"#]
        ),
    ])
    func `Members that no schema has looked at`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }

    @Test(arguments: [
        SchemaCase(
            #"{"prefixItems":[{}],"unevaluatedItems":false}"#,
            accepts: ["[]", "[1]", "{}"],
            refuses: ["[1,2]"]
        ),
        SchemaCase(
            #"{"allOf":[{"prefixItems":[{},{}]}],"unevaluatedItems":{"type":"null"}}"#,
            accepts: ["[1,2]", "[1,2,null]"],
            refuses: ["[1,2,3]"]
        ),
        SchemaCase(
            #"{"contains":{"type":"string"},"unevaluatedItems":false}"#,
            accepts: [#"["a","b"]"#],
            refuses: [#"["a",1]"#, "[]"]
        ),
        SchemaCase(
            #"{"anyOf":[{"prefixItems":[{"const":1}]},{"prefixItems":[{},{"const":2}]}],"unevaluatedItems":false}"#,
            accepts: ["[1]", "[1,2]", "[5,2]"],
            refuses: ["[1,3]", "[1,2,3]"]
        ),
        SchemaCase(#"{"items":{},"unevaluatedItems":false}"#, accepts: ["[1,2]"], refuses: []),
    ])
    func `Elements that no schema has looked at`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }
}
