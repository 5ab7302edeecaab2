import JSON
import JSONSchema
import Testing

@Suite("References (JSON Schema Core 2020-12 §8.2)")
struct ReferenceTests {
    @Test(arguments: [
        SchemaCase(
            ##"{"properties":{"next":{"$ref":"#"}},"required":["v"]}"##,
            accepts: [#"{"v":1}"#, #"{"v":1,"next":{"v":2,"next":{"v":3}}}"#],
            refuses: ["{}", #"{"v":1,"next":{"v":2,"next":{}}}"#]
        ),
        SchemaCase(
            ##"{"$ref":"#/$defs/a~1b~0c%25","$defs":{"a/b~c%":{"type":"null"}}}"##,
            accepts: ["null"],
            refuses: ["1"]
        ),
        SchemaCase(
            ##"{"$ref":"#x","$defs":{"a":{"$anchor":"x","const":1}}}"##,
            accepts: ["1"],
            refuses: ["2"]
        ),
        SchemaCase(
            ##"{"items":{"$ref":"#/prefixItems/1"},"prefixItems":[true,{"type":"string"}]}"##,
            accepts: [#"[1,"a","b"]"#],
            refuses: [#"[1,2]"#, #"[1,"a",2]"#]
        ),
        SchemaCase(
            ##"{"$ref":"#/x-parts/number","x-parts":{"number":{"type":"number"}}}"##,
            accepts: ["1"],
            refuses: ["\"\""]
        ),
        SchemaCase(
            ##"{"$ref":"#/$defs/a","maximum":5,"$defs":{"a":{"minimum":3}}}"##,
            accepts: ["3", "5"],
            refuses: ["2", "6"]
        ),
        SchemaCase(
            #"""
            {"$id":"https://example.com/schemas/root","$ref":"a/b/../../x/./leaf",
             "$defs":{"leaf":{"$id":"/schemas/x/leaf","$ref":"#n",
                              "$defs":{"n":{"$anchor":"n","type":"integer"}}},
                      "other":{"$id":"other","$anchor":"n","type":"string"}}}
            """#,
            accepts: ["1"],
            refuses: ["\"\""]
        ),
        SchemaCase(
            #"""
            {"$id":"urn:example:root","$ref":"urn:example:leaf",
             "$defs":{"leaf":{"$id":"urn:example:leaf","$ref":"#/$defs/n",
                              "$defs":{"n":{"type":"integer"}}}}}
            """#,
            accepts: ["1"],
            refuses: ["\"\""]
        ),
        SchemaCase(
            ##"{"enum":[{"$id":"#not an identifier"}],"$ref":"#/$defs/a","$defs":{"a":true}}"##,
            accepts: [##"{"$id":"#not an identifier"}"##],
            refuses: ["{}"]
        ),
        SchemaCase(
            ##"{"properties":{"$ref":{"type":"string"},"$id":{"type":"string"}}}"##,
            accepts: [##"{"$ref":"#","$id":"a"}"##],
            refuses: [#"{"$ref":1}"#]
        ),
    ])
    func `A reference leads to a place in the document`(_ example: SchemaCase) throws {
        #expect(try example.mistakes() == [])
    }

    @Test func `A dynamic reference means the outermost schema that has the anchor`() throws {
        let generic =
            #""tree":{"$id":"tree","$dynamicAnchor":"node","type":"object","#
            + ##""properties":{"children":{"items":{"$dynamicRef":"#node"}}}}"##
        let strict = SchemaCase(
            #"{"$id":"strict","$dynamicAnchor":"node","$ref":"tree","#
                + #""unevaluatedProperties":false,"$defs":{\#(generic)}}"#,
            accepts: ["{}", #"{"children":[{"children":[]}]}"#],
            refuses: [#"{"name":1}"#, #"{"children":[{"name":1}]}"#]
        )
        #expect(try strict.mistakes() == [])
        let plain = SchemaCase(
            #"{"$ref":"tree","$defs":{\#(generic)}}"#,
            accepts: [#"{"children":[{"name":1}]}"#],
            refuses: [#"{"children":[1]}"#]
        )
        #expect(try plain.mistakes() == [])
    }

    @Test(arguments: [
        (
            "https://example.com/other",
            SchemaError.Reason.remoteReference("https://example.com/other")
        ),
        ("other.json#/a", .remoteReference("other.json#/a")),
        ("file:///etc/passwd", .remoteReference("file:///etc/passwd")),
        ("//host/x", .remoteReference("//host/x")),
        ("#/$defs/missing", .unresolvedReference("#/$defs/missing")),
        ("#/items/0x", .unresolvedReference("#/items/0x")),
        ("#/items/~2", .unresolvedReference("#/items/~2")),
        ("#/%zz", .unresolvedReference("#/%zz")),
        ("#missing", .unresolvedReference("#missing")),
    ])
    func `A reference that leaves the document or leads to nothing is refused and not followed`(
        reference: String,
        reason: SchemaError.Reason
    ) throws {
        let error = try refusal(#"{"properties":{"a":{"$ref":"\#(reference)"}}}"#)
        #expect(error?.reason == reason)
        #expect(error?.path == "#/properties/a/$ref")
    }

    @Test(arguments: [
        ##"{"$ref":"#"}"##,
        ##"{"anyOf":[true,{"not":{"$ref":"#"}}]}"##,
        ##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"if":{"$ref":"#/$defs/a"}}}}"##,
        ##"{"dependentSchemas":{"a":{"$ref":"#"}}}"##,
    ])
    func `Schemas that apply each other to one value without end are refused`(
        schema: String
    ) throws {
        #expect(try refusal(schema)?.reason == .endlessReference)
    }

    @Test func `A circle of dynamic references ends at the limit of depth`() throws {
        let schema = ##"{"$dynamicAnchor":"a","$dynamicRef":"#a"}"##
        let compiled = try CompiledSchema(RawJSON(parsing: schema))
        #expect(compiled.violation(in: "1")?.reason == .tooComplex(.depth))
    }
}
