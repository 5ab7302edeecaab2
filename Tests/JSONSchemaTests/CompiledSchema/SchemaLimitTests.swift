import Bytes
import JSON
import JSONSchema
import Testing

@Suite("Limits of schemas and of validating")
struct SchemaLimitTests {
    @Test func `A schema may have 262,144 bytes`() throws {
        let countMax = CompiledSchema.schemaByteCountMax
        #expect(countMax == 262_144)
        let padding = String(repeating: "d", count: countMax - #"{"title":""}"#.utf8.count)
        #expect(try refusal(#"{"title":"\#(padding)"}"#) == nil)
        #expect(
            try refusal(#"{"title":"\#(padding)d"}"#)?.reason == .tooLong(byteCountMax: countMax)
        )
    }

    @Test func `A schema may have 32,768 values`() throws {
        let countMax = CompiledSchema.schemaValueCountMax
        // The object, the name and the array are three.
        func schema(_ count: Int) -> String {
            #"{"enum":["# + [String](repeating: "1", count: count).joined(separator: ",") + "]}"
        }
        #expect(try refusal(schema(countMax - 3)) == nil)
        #expect(
            try refusal(schema(countMax - 2))?.reason == .tooManyValues(countMax: countMax)
        )
    }

    @Test func `A schema may nest 64 deep`() throws {
        func schema(_ depth: Int) -> String {
            (1..<depth).reduce("{}") { inner, _ in #"{"not":\#(inner)}"# }
        }
        #expect(try refusal(schema(64)) == nil)
        guard case .malformed(let error) = try refusal(schema(65))?.reason else {
            Issue.record("65 levels were accepted")
            return
        }
        #expect(error.reason == .tooDeep(depthMax: 64))
    }

    @Test func `The patterns of a schema may have 32,768 instructions`() throws {
        // One instruction a character, and one that ends it.
        func schema(_ lengths: [Int]) -> String {
            let patterns = lengths.enumerated().map { index, length in
                #"{"pattern":"\#(Character(Unicode.Scalar(UInt8(0x61 + index)))){\#(length)}"}"#
            }
            return #"{"allOf":[\#(patterns.joined(separator: ","))]}"#
        }
        let full = [Int](repeating: 4_095, count: 8)
        #expect(try refusal(schema(full)) == nil)
        #expect(
            try refusal(schema(full + [1]))?.reason
                == .patternsTooLarge(instructionCountMax: 32_768)
        )
        #expect(
            try refusal(#"{"pattern":"a{4096}"}"#)?.reason
                == .pattern(PatternProbe.error(of: "a{4096}"))
        )
    }

    @Test func `The same pattern counts once`() throws {
        let patterns = [String](repeating: #"{"pattern":"a{4095}"}"#, count: 20)
        #expect(try refusal(#"{"allOf":[\#(patterns.joined(separator: ","))]}"#) == nil)
    }

    /// A chain of so many schemas that refer to the next, of which the last wants `null`.
    private func chain(_ count: Int) -> String {
        let links = (0..<count - 1).map { ##""s\##($0)":{"$ref":"#/$defs/s\##($0 + 1)"}"## }
        let end = #""s\#(count - 1)":{"type":"null"}"#
        return ##"{"$defs":{\##((links + [end]).joined(separator: ","))},"$ref":"#/$defs/s0"}"##
    }

    @Test func `Schemas may apply each other 256 deep`() throws {
        #expect(CompiledSchema.evaluationDepthMax == 256)
        // The root is one.
        let deepest = try CompiledSchema(RawJSON(parsing: chain(255)))
        #expect(deepest.violation(in: "null") == nil)
        #expect(deepest.violation(in: "1") != nil)
        let deeper = try CompiledSchema(RawJSON(parsing: chain(256)))
        #expect(deeper.violation(in: "null")?.reason == .tooComplex(.depth))
    }

    @Test(arguments: [
        (#"{"items":{"type":"integer"},"uniqueItems":true}"#, "[1,2,3,4,5,6,7]"),
        (#"{"pattern":"(a|b)*c"}"#, #""ababab""#),
        (#"{"anyOf":[{"minLength":9},{"const":{"a":[1]}}]}"#, #"{"a":[1]}"#),
        (#"{"properties":{"a":{}},"unevaluatedProperties":{"type":"null"}}"#, #"{"a":1,"b":null}"#),
    ])
    func `A validation ends when its steps are spent, and not a step before`(
        schema: String,
        value: String
    ) throws {
        let compiled = try CompiledSchema(RawJSON(parsing: schema))
        let needed = try steps(schema, value)
        let expected = compiled.violation(in: value)
        var budget = needed
        #expect(compiled.validate(ByteBuffer(value).span, steps: &budget) == expected)
        #expect(budget == 0)
        for fewer in 0..<needed {
            var budget = fewer
            let violation = compiled.validate(ByteBuffer(value).span, steps: &budget)
            #expect(violation?.reason == .tooComplex(.steps), "\(fewer) steps")
        }
    }
}
