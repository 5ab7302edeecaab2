import AccessControl
import Bytes
import MCP
import ProtocolTestSupport
import Testing

@Suite("Answers of MCP 2026-07-28")
struct ModernAnswerTests {
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture(instructions: "Greet \"politely\".")
    }

    @Test func `Discovery says what the server is and speaks`() throws {
        let answer = try fixture.answer(to: .modern("server/discover"))
        #expect(answer.statusCode == 200)
        #expect(
            answer.text == """
                {"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28","2025-11-25",\
                "2025-06-18","2025-03-26"],"capabilities":{"tools":{},"logging":{}},\
                "instructions":"Greet \\"politely\\".","ttlMs":3600000,"cacheScope":"public",\
                "resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":\
                {"name":"fixture","title":"Fixture","version":"1.2"}}}}
                """
        )
    }

    @Test func `The list describes the tools in the order of their registration`() throws {
        let answer = try fixture.answer(to: .modern("tools/list"))
        let result = try #require(answer.result)
        #expect(answer.statusCode == 200)
        #expect(
            result["tools"]?.elements.compactMap { $0["name"]?.string }
                == ["greet", "list", "wipe.all"]
        )
        let greet = result["tools"]?[0]
        #expect(greet?["title"]?.string == "Greet")
        #expect(greet?["inputSchema"]?["type"]?.string == "object")
        #expect(greet?["inputSchema"]?["required"] == .array([.string("name")]))
        #expect(greet?["outputSchema"]?["properties"]?["greeting"] != nil)
        #expect(greet?["annotations"] == .object(["readOnlyHint": .bool(true)]))
        #expect(result["ttlMs"]?.integer == 300_000)
        #expect(result["cacheScope"]?.string == "private")
        #expect(result["resultType"]?.string == "complete")
        #expect(result["nextCursor"] == nil)
    }

    @Test(arguments: [
        "0", "-7", "9007199254740991", #""""#, #""a""#, #""é""#, #""qu\"o\u0074e""#, #"" ""#,
        "123456789012345678901234567890",
    ])
    func `An answer bears the id of its request to the byte`(id: String) throws {
        let start = "{\"jsonrpc\":\"2.0\",\"id\":\(id),"
        let good = try fixture.answer(to: .modern("tools/list", id: id))
        #expect(good.text.hasPrefix(start + "\"result\":"))
        let bad = try fixture.answer(to: .modern("no/such", id: id))
        #expect(bad.text.hasPrefix(start + "\"error\":"))
        let call = try #require(try fixture.answer(to: .call("list", id: id)).call)
        #expect(call.response(.tool(.text("x"))).hasPrefix(start + "\"result\":"))
    }

    @Test func `A notification is accepted without content, known or not`() throws {
        for method in ["notifications/cancelled", "notifications/nobody/knows"] {
            let message = Message.modern(method, params: #""requestId":1"#, meta: nil, id: nil)
            #expect(try fixture.answer(to: message).statusCode == 202)
            #expect(try fixture.answer(to: message.without("Mcp-Method")).statusCode == 202)
        }
    }

    @Test func `A notification whose fields lie is refused`() throws {
        let message = Message.modern("notifications/cancelled", meta: nil, id: nil)
        for lie in [
            message.having("Mcp-Method", "tools/call"),
            message.adding("Mcp-Method", "notifications/cancelled"),
            message.adding("MCP-Protocol-Version", "2026-07-28"),
            .modern("notifications/cancelled", id: nil)
                .having("MCP-Protocol-Version", "2099-12-31"),
        ] {
            let answer = try fixture.answer(to: lie)
            #expect(answer.errorCode == -32_020)
            #expect(answer.statusCode == 400)
            #expect(answer.id == nil)
        }
        let unserved = message.having("MCP-Protocol-Version", "2099-12-31")
        #expect(try fixture.answer(to: unserved).errorCode == -32_022)
    }

    @Test func `A message without an id that is named like a request is refused`() throws {
        let answer = try fixture.answer(to: .modern("tools/list", id: nil))
        #expect(answer.errorCode == -32_600)
        #expect(answer.statusCode == 400)
    }
}

extension FeatureCall {
    /// The response to the call, as text.
    func response(_ outcome: CallOutcome) -> String {
        var buffer = ByteBuffer()
        _ = encode(outcome, into: &buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}
