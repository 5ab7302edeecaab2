import AccessControl
import JSON
import JWT
import MartletCommand
import Testing

@Suite("Tables of expected decisions")
struct PolicyTableTests {
    private func read(_ text: String) -> PolicyTable {
        PolicyTable(content: Array(text.utf8), path: "t")
    }

    private func mistakes(_ rows: String) -> [String] {
        read("{\"cases\": [\(rows)]}").mistakes.map { "\($0)" }
    }

    @Test func `Every member of a case becomes what it says`() throws {
        let table = read(
            #"""
            { "cases": [
              { "name": "first", "claims": { "department": "it" }, "role": ["user"],
                "scope": "a b", "permissions": ["c"], "tool": "delete_todo",
                "arguments": { "id": 1 }, "expect": "insufficient_scope", "needs": "x y" },
              { "method": "tools/list", "expect": "forbidden" }
            ] }
            """#
        )
        #expect(table.mistakes == [])
        let first = try #require(table.cases.first)
        #expect(first.name == #"case 1 "first""#)
        #expect(
            first.claims.encoded()
                == (try RawJSON(
                    parsing:
                        #"{"department":"it","role":["user"],"scope":"a b","permissions":["c"]}"#
                ))
        )
        #expect(first.operation == .tool("delete_todo"))
        #expect(first.expected == .insufficientScope(["x", "y"]))
        let second = try #require(table.cases.last)
        #expect(second.name == "case 2")
        #expect(second.operation == .listTools)
        #expect(second.arguments == (try RawJSON(parsing: "{}")))
        #expect(second.expected == .forbidden)
    }

    @Test(
        arguments: [
            ("1", [#"t case 1: "a case" must be an object, and is a number"#]),
            (
                "{}",
                [
                    #"t case 1: either "tool" or "method" is needed"#,
                    #"t case 1: "expect" is missing"#,
                ]
            ),
            (
                #"{"tool": "a", "method": "b", "expect": "allowed"}"#,
                [#"t case 1: either "tool" or "method" is needed"#]
            ),
            (
                #"{"tool": "a", "expect": "maybe"}"#,
                [#"t case 1: "maybe" must be "allowed", "insufficient_scope" or "forbidden""#]
            ),
            (
                #"{"tool": "a", "expect": "allowed", "needs": "x"}"#,
                [#"t case 1: "needs" goes with "insufficient_scope" only"#]
            ),
            (
                #"{"tool": "a", "expect": "allowed", "expected": 1, "colour": 2}"#,
                [
                    #"t case 1: "expected" does not exist here; did you mean "expect"?"#,
                    #"t case 1: "colour" does not exist here; remove it"#,
                ]
            ),
            (
                #"{"tool": "a", "tool": "a", "expect": "allowed"}"#,
                [#"t case 1: "tool" stands here twice; remove one"#]
            ),
            (
                #"{"tool": 1, "expect": "allowed", "arguments": []}"#,
                [
                    #"t case 1: "tool" must be a string, and is a number"#,
                    #"t case 1: "arguments" must be an object, and is an array"#,
                ]
            ),
            (
                #"{"tool": "a", "expect": "allowed", "role": "x", "claims": {"role": "y"}}"#,
                [#"t case 1: the claim "role" is given twice; remove one"#]
            ),
        ] as [(String, [String])]
    )
    func `What is wrong with a case is told with its number`(row: String, expected: [String]) {
        #expect(mistakes(row) == expected)
    }

    @Test func `What is wrong with a table as a whole is told`() {
        #expect(
            read("[]").mistakes.map { "\($0)" }
                == [#"t: "the table" must be an object, and is an array"#]
        )
        #expect(read("{}").mistakes.map { "\($0)" } == [#"t: "cases" is missing"#])
        #expect(
            read(#"{"case": [], "cases": 1}"#).mistakes.map { "\($0)" } == [
                #"t: "case" does not exist here; did you mean "cases"?"#,
                #"t: "cases" must be an array, and is a number"#,
            ]
        )
    }

    @Test func `10000 cases fit, and more are a mistake`() {
        let row = #"{"tool":"a","expect":"allowed"}"#
        func table(_ count: Int) -> PolicyTable {
            let rows = Array(repeating: row, count: count).joined(separator: ",")
            return read("{\"cases\": [\(rows)]}")
        }
        #expect(table(10_000).mistakes == [])
        #expect(
            table(10_002).mistakes.map { "\($0)" } == ["t: a table has at most 10000 cases"]
        )
    }

    @Test func `A table of the greatest length is read, and a longer one is not`() {
        let spaces = String(repeating: " ", count: PolicyTable.byteCountMax - 13)
        #expect(read(#"{"cases": []}"# + spaces).mistakes == [])
        #expect(read(#"{"cases": [] }"# + spaces).mistakes.count == 1)
    }

    @Test func `A table that is cut off anywhere is mistaken and never a crash`() {
        let bytes = Array(
            #"{"cases":[{"claims":{"a":[1,{}]},"role":"x","tool":"t","expect":"allowed"}]}"#.utf8
        )
        #expect(PolicyTable(content: bytes, path: "t").mistakes == [])
        for count in bytes.indices {
            let table = PolicyTable(content: Array(bytes[..<count]), path: "t")
            #expect(!table.mistakes.isEmpty, "\(count) bytes")
        }
    }
}
