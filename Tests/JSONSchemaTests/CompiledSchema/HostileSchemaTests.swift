import Bytes
import JSON
import JSONSchema
import Testing

@Suite("Schemas and values made to do harm")
struct HostileSchemaTests {
    /// Every schema applies the next one twice.
    private func doubling(_ keyword: String) -> String {
        let links = (0..<60).map { index in
            let next = ##"{"$ref":"#/$defs/s\##(index + 1)"}"##
            return #""s\#(index)":{"\#(keyword)":[\#(next),\#(next)]}"#
        }
        let end = #""s60":{"type":"null"}"#
        return ##"{"$defs":{\##((links + [end]).joined(separator: ","))},"$ref":"#/$defs/s0"}"##
    }

    @Test func `Schemas that double the work at each level are given up`() throws {
        for (keyword, value) in [("allOf", "null"), ("anyOf", "1"), ("oneOf", "1")] {
            let compiled = try CompiledSchema(RawJSON(parsing: doubling(keyword)))
            var steps = 100_000
            let violation = compiled.validate(ByteBuffer(value).span, steps: &steps)
            #expect(violation?.reason == .tooComplex(.steps), "\(keyword)")
            #expect(steps == 0)
        }
    }

    @Test func `What is too complex is not taken for what a negation wants`() throws {
        let inner = doubling("allOf").dropFirst().dropLast()
        let schema =
            ##"{"not":{"$ref":"#/$defs/s0"},"##
            + inner.replacing(##","$ref":"#/$defs/s0""##, with: "") + "}"
        let compiled = try CompiledSchema(RawJSON(parsing: schema))
        var steps = 100_000
        let violation = compiled.validate(ByteBuffer("null").span, steps: &steps)
        #expect(violation?.reason == .tooComplex(.steps))
    }

    @Test func `Distinct items cost steps in proportion to their number`() throws {
        func cost(_ count: Int) throws -> Int {
            let items = (0..<count).map { #"{"id":\#($0)}"# }.joined(separator: ",")
            return try steps(#"{"uniqueItems":true}"#, "[\(items)]")
        }
        #expect(try cost(10_000) < 11 * cost(1_000))
    }

    @Test func `Numbers of any length and exponent are compared`() throws {
        let schema = #"{"minimum":1,"multipleOf":7e-3,"not":{"const":3},"type":"integer"}"#
        let compiled = try CompiledSchema(RawJSON(parsing: schema))
        let digits = String(repeating: "7", count: 100_000)
        for number in [
            digits, "-\(digits)", "0.\(digits)", "1e\(digits)", "1e-\(digits)", "-1e\(digits)",
            "0e\(digits)", "\(digits)e-\(digits)", "9223372036854775808", "-9223372036854775809",
            "18446744073709551616", "1e18446744073709551616", "0.0000000000000000000000000001",
        ] {
            _ = compiled.violation(in: number)
        }
        #expect(compiled.violation(in: digits) == nil)
        #expect(compiled.violation(in: "7e\(digits)") == nil)
        #expect(compiled.violation(in: "1e-\(digits)") != nil)
    }

    private static let sound = [
        ##"{"type":["object","null"],"properties":{"a":{"pattern":"^a{2,3}\\d$"},"b":{"$ref":"#"}},"##,
        #""required":["a"],"items":{"multipleOf":0.5},"anyOf":[{"minProperties":1},{"const":[1]}],"#,
        #""unevaluatedProperties":{"enum":[1,"x"]},"$defs":{"c":{"$anchor":"q","uniqueItems":true}},"#,
        ##""dependentSchemas":{"a":{"$ref":"#q"}},"not":{"contains":{"minLength":2}}}"##,
    ].joined()

    private static let values = [
        #"{"a":"aa1","b":null,"c":1}"#, #"[1,0.5,{"a":[]}]"#, #""aaa9""#, "1e999", "null", "x",
        #"{"a":"aa1","b":{"a":"aaa2","b":{"a":"\u0061a3"}}}"#,
    ]

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Schemas that are cut short or damaged never trap`(seed: UInt64) throws {
        let sound = Array(Self.sound.utf8)
        #expect(try refusal(Self.sound) == nil)
        var generator = SeededGenerator(seed: seed)
        var compiledCount = 0
        for round in 0..<4_000 {
            var damaged = sound
            if round % 4 == 0 { damaged.removeLast(Int(generator.next() % UInt64(sound.count))) }
            for _ in 0..<1 + round % 3 where !damaged.isEmpty {
                let place = Int(generator.next() % UInt64(damaged.count))
                // Half of them are bytes that the schema has, so that many remain JSON.
                damaged[place] =
                    round % 2 == 0
                    ? UInt8(truncatingIfNeeded: generator.next())
                    : sound[Int(generator.next() % UInt64(sound.count))]
            }
            do {
                let schema = try CompiledSchema(RawJSON(unchecked: ByteBuffer(damaged)))
                compiledCount += 1
                for value in Self.values { _ = schema.violation(in: value) }
            } catch {
                #expect(error.path.utf8.first == UInt8(ascii: "#"))
            }
        }
        #expect(compiledCount > 100, "seed \(seed)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Values that are random or damaged never trap`(seed: UInt64) throws {
        let compiled = try CompiledSchema(RawJSON(parsing: Self.sound))
        var generator = SeededGenerator(seed: seed)
        for round in 0..<6_000 {
            var value = Array(Self.values[round % Self.values.count].utf8)
            for _ in 0..<round % 4 {
                let place = Int(generator.next() % UInt64(value.count))
                value[place] = UInt8(truncatingIfNeeded: generator.next())
            }
            // Whatever is accepted is JSON.
            if compiled.validate(value.span) == nil {
                #expect(throws: Never.self, "seed \(seed)") { try RawJSON(parsing: value.span) }
            }
        }
    }
}
