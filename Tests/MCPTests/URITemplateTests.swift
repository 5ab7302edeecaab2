import MCP
import ProtocolTestSupport
import Testing

@Suite("URI templates (RFC 6570)")
struct URITemplateTests {
    @Test(
        arguments: [
            ("todo://items/{id}", "todo://items/7", ["id": "7"]),
            ("todo://items/{id}", "todo://items/", nil),
            ("todo://items/{id}", "todo://items/7/8", nil),
            ("todo://items/{id}", "todo://item/7", nil),
            ("todo://items/{id}", "todo://items/7?x", nil),
            ("test://t/{id}/data", "test://t/a/data", ["id": "a"]),
            ("test://t/{id}/data", "test://t/a/b/data", nil),
            ("test://t/{id}/data", "test://t//data", nil),
            ("test://t/{id}/data", "test://t/a/datax", nil),
            ("x:{a}-{b}", "x:1-2-3", ["a": "1", "b": "2-3"]),
            ("x:{a}", "x:%C3%A9%2F", ["a": "é/"]),
            ("x:{a}", "x:%C3", nil), ("x:{a}", "x:%4", nil), ("x:{a}", "x:%zz", nil),
            ("file:///{+path}", "file:///a/b?c", ["path": "a/b?c"]),
            ("file:///{+path}.md", "file:///a.md.md", ["path": "a.md"]),
        ] as [(String, String, [String: String]?)]
    )
    func `A URI is read in one way or not at all`(
        template: String,
        uri: String,
        variables: [String: String]?
    ) throws {
        #expect(try #require(URITemplate(template)).match(uri) == variables)
    }

    @Test(arguments: [
        "", "no:variable", "x:{", "x:{a", "x:a}", "x:{}", "x:{a}{b}", "x:{a}-{a}", "x:{/a}",
        "x:{?a}", "x:{a b}", "x:{a*}", "x:{a:3}",
    ])
    func `What would be read in several ways is no template`(template: String) {
        #expect(URITemplate(template) == nil)
    }

    @Test func `No URI makes matching trap`() throws {
        var generator = SeededGenerator(seed: 0x5EED)
        let template = try #require(URITemplate("a{x}b{+y}c"))
        let letters = Array("abc/?%4é\u{0}")
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<12, using: &generator)
            var uri = ""
            for _ in 0..<count {
                uri.append(letters[Int.random(in: letters.indices, using: &generator)])
            }
            _ = template.match(uri)
        }
    }
}
