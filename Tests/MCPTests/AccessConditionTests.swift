import AccessControl
import Bytes
import MCP
import Testing

@Suite("Conditions on claims and arguments")
struct AccessConditionTests {
    private func holds(_ test: AccessCondition.Test, _ value: String) -> Bool {
        AccessCondition(.argument, at: ["x"], test).holds(in: ByteBuffer("{\"x\":\(value)}").span)
    }

    private func holds(_ path: [String], _ object: String) -> Bool {
        AccessCondition(.claim, at: path, .equals(1)).holds(in: ByteBuffer(object).span)
    }

    @Test(
        arguments: [
            (.equals("it"), #""it""#, true), (.equals("it"), #""\u0069\u0074""#, true),
            (.equals("it"), #""IT""#, false), (.equals("it"), #""it ""#, false),
            (.equals("it"), #""it\u0000""#, false), (.equals(""), #""""#, true),
            (.equals("it"), #"["it"]"#, false), (.equals("1"), "1", false),
            (.equals("true"), "true", false), (.equals("null"), "null", false),
            (.equals(1), "1", true), (.equals(1), "1.0", true), (.equals(1), "10e-1", true),
            (.equals(1), "1.5", false), (.equals(1), #""1""#, false), (.equals(1), "true", false),
            (.equals(0), "-0", true), (.equals(0), "false", false), (.equals(0), "null", false),
            (.equals(.integer(.max)), "9223372036854775807", true),
            (.equals(.integer(.max)), "9223372036854775808", false),
            (.equals(.integer(.min)), "-9223372036854775808", true),
            (.equals(9_007_199_254_740_993), "9007199254740992", false),
            (.equals(9_007_199_254_740_993), "9007199254740993", true),
            (.equals(1), "1e400", false), (.equals(1), "{}", false),
            (.equals(true), "true", true), (.equals(true), "false", false),
            (.equals(false), "false", true), (.equals(true), "1", false),
            (.equals(true), #""true""#, false),
        ] as [(AccessCondition.Test, String, Bool)]
    )
    func `A value equals text byte for byte, and numbers and booleans by what they are`(
        test: AccessCondition.Test,
        value: String,
        expected: Bool
    ) {
        #expect(holds(test, value) == expected)
    }

    @Test func `Text that Unicode calls equivalent is other text`() {
        #expect("\u{E9}" == "e\u{301}")
        for (wanted, found) in [("\u{E9}", "e\u{301}"), ("K", "\u{212A}"), ("\u{212A}", "K")] {
            let text = AccessCondition.Value.string(ExactText(wanted))
            for test in [
                AccessCondition.Test.equals(text), .prefix(ExactText(wanted)), .isIn([text]),
            ] {
                #expect(!holds(test, "\"\(found)\""))
                #expect(holds(test, "\"\(wanted)\""))
            }
            #expect(!holds(.contains(text), "[\"\(found)\"]"))
            #expect(holds(.contains(text), "[\"\(found)\",\"\(wanted)\"]"))
        }
    }

    @Test(
        arguments: [
            (#""ab""#, true), (#""abc""#, true), (#""\u0061bc""#, true), (#""a\u0062""#, true),
            (#""a""#, false), (#""Ab""#, false), (#""\u0061""#, false), (#""""#, false),
            (#"["ab"]"#, false), ("null", false), ("12", false),
        ] as [(String, Bool)]
    )
    func `A prefix is that of a string's text`(value: String, expected: Bool) {
        #expect(holds(.prefix("ab"), value) == expected)
    }

    @Test func `A prefix may be of several bytes and escapes a character`() {
        #expect(holds(.prefix("é"), #""\u00e9t\u00e9""#))
        #expect(holds(.prefix("😀"), #""\ud83d\ude00!""#))
        #expect(!holds(.prefix("😀"), #""\ud83d\ude01!""#))
    }

    @Test func `A value is in a list if it equals one of it, whatever their types`() {
        let test = AccessCondition.Test.isIn(["a", 2, true])
        for value in [#""a""#, "2", "2.0", "true"] { #expect(holds(test, value)) }
        for value in [#""b""#, "1", "false", "null", #"["a"]"#, #"{"a":2}"#, #""2""#, "[2]"] {
            #expect(!holds(test, value))
        }
    }

    @Test func `An array contains a value if one of its own elements equals it`() {
        for value in [#"["x","it"]"#, #"["it"]"#, #"[1,null,{"a":[]},"it"]"#] {
            #expect(holds(.contains("it"), value))
        }
        for value in ["[]", #""it""#, #"[["it"]]"#, #"{"it":"it"}"#, "null", #"["IT"]"#] {
            #expect(!holds(.contains("it"), value))
        }
        #expect(holds(.contains(1), "[true,1.0]"))
        #expect(!holds(.contains(1), "[true,\"1\"]"))
    }

    @Test func `A path leads through objects only, and never to what is not there`() {
        #expect(holds(["a"], #"{"b":2,"a":1}"#))
        #expect(holds(["a", "b"], #"{"a":{"b":1}}"#))
        #expect(holds(["a.b"], #"{"a.b":1,"a":{"b":2}}"#))
        #expect(holds(["\u{E9}"], #"{"\u00e9":1}"#))
        for object in [
            "{}", #"{"a":1}"#, #"{"a":[{"b":1}]}"#, #"{"a":null}"#, #"{"b":1}"#, "[]", "1", "null",
            "", #"{"a":{"b":"#, #"{"a":{"b":1}"#, #""a""#,
        ] {
            #expect(!holds(["a", "b"], object), "\(object)")
        }
        #expect(!holds(["\u{E9}"], "{\"e\u{301}\":1}"))
    }

    @Test func `A name that stands twice on the way satisfies nothing, whatever the values`() {
        for object in [
            #"{"a":1,"a":1}"#, #"{"a":1,"a":2}"#, #"{"a":2,"a":1}"#, #"{"a":1,"\u0061":2}"#,
        ] {
            #expect(!holds(["a"], object), "\(object)")
        }
        #expect(!holds(["a", "b"], #"{"a":{"b":1},"a":{"b":1}}"#))
        #expect(!holds(["a", "b"], #"{"a":{"b":1,"b":1}}"#))
        #expect(holds(["a", "b"], #"{"c":1,"c":2,"a":{"b":1,"c":1,"c":1}}"#))
    }

    @Test func `Whatever the bytes are, a condition is only not satisfied`() {
        let object = Array(#"{"a":{"b":[1,"it",{"c":null}],"d":-1.5e3},"e":"\ud83d\ude00"}"#.utf8)
        let conditions = [
            AccessCondition.claim("a", "b", is: .contains("it")), .claim("e", is: .prefix("😀")),
            .claim("a", "d", is: .equals(-1_500)),
        ]
        for condition in conditions {
            let isSatisfied = condition.holds(in: object.span)
            #expect(isSatisfied)
        }
        for count in object.indices {
            for condition in conditions { _ = condition.holds(in: Array(object[..<count]).span) }
            var changed = object
            for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0x7D, 0xFF] {
                changed[count] = byte
                for condition in conditions { _ = condition.holds(in: changed.span) }
            }
        }
        let isSatisfied = conditions[0].holds(in: Array(object.prefix(40)).span)
        #expect(!isSatisfied)
    }
}
