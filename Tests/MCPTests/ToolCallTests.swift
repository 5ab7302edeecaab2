import AccessControl
import Bytes
import JSON
import JSONSchema
import MCP
import ProtocolTestSupport
import Testing

@Suite("Tool calls")
struct ToolCallTests {
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture()
    }

    private func call(_ message: Message, session: ProtocolVersion? = nil) throws -> FeatureCall {
        try #require(try fixture.answer(to: message, session: session).call)
    }

    private func registry(_ tools: [Tool]) throws -> FeatureRegistry {
        try FeatureRegistry(ServerFeatures(tools: tools))
    }

    @Test func `A call that passed every check is handed back with its arguments`() throws {
        let meta = #"{"dev.martlet/idempotencyKey":"k\u0031","# + Message.meta.dropFirst()
        let call = try call(
            .call("greet", arguments: #"{ "times" : 2.0, "name" : "\u00e9" }"#, meta: meta)
        )
        #expect(call.name == "greet")
        #expect(call.arguments.string("name") == "é")
        #expect(call.arguments.integer("times") == 2)
        #expect(call.arguments.bool("name") == nil)
        #expect(call.arguments.string("absent") == nil)
        #expect(call.idempotencyKey == "k1")
        #expect(call.protocolVersion == .v2026_07_28)
    }

    @Test func `A call without arguments has none`() throws {
        let message = Message.modern("tools/call", params: #""name":"list""#)
            .adding("Mcp-Name", "list")
        #expect(try call(message).arguments.json.description == "{}")
    }

    @Test(arguments: [
        "{}", #"{"name":""}"#, #"{"name":7}"#, #"{"name":"a","extra":1}"#,
        #"{"name":"a","times":4}"#, #"{"name":"a","name":"b"}"#,
        #"{"name":"a far too long name for this"}"#,
    ])
    func `Arguments that do not satisfy the schema are a result the model can act on`(
        arguments: String
    ) throws {
        let answer = try fixture.answer(to: .call("greet", arguments: arguments))
        #expect(answer.statusCode == 200)
        #expect(answer.result?["isError"]?.bool == true)
        #expect(answer.result?["resultType"]?.string == "complete")
        let text = answer.result?["content"]?[0]?["text"]?.string
        #expect(text?.isEmpty == false)
    }

    @Test func `Structured content comes also as the same text`() throws {
        let json = try RawJSON(parsing: #"{"greeting":"\"hi\""}"#)
        let call = try call(.call("greet", arguments: #"{"name":"a"}"#))
        #expect(
            call.response(.tool(.structured(json))) == #"""
                {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text",\#
                "text":"{\"greeting\":\"\\\"hi\\\"\"}"}],\#
                "structuredContent":{"greeting":"\"hi\""},"resultType":"complete",\#
                "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"fixture",\#
                "title":"Fixture","version":"1.2"}}}}
                """#
        )
    }

    @Test func `A result has no structured content before 2025-06-18`() throws {
        let json = try RawJSON(parsing: #"{"greeting":"hi"}"#)
        let message = Message.legacy(
            "tools/call",
            params: #""name":"greet","arguments":{"name":"a"}"#
        )
        let oldest = try call(message, session: .v2025_03_26).response(.tool(.structured(json)))
        #expect(
            oldest == #"""
                {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text",\#
                "text":"{\"greeting\":\"hi\"}"}]}}
                """#
        )
        let later = try call(message, session: .v2025_06_18).response(.tool(.structured(json)))
        #expect(try JSONTree(later)["result"]?["structuredContent"] != nil)
        #expect(try JSONTree(later)["result"]?.names == ["content", "structuredContent"])
    }

    @Test func `A failure tells the model what it can do and nothing of the cause`() throws {
        let call = try call(.call("list"))
        for (outcome, isError) in [
            (CallOutcome.failed(.rejected(message: "send \"less\"")), true),
            (.failed(.unavailable(reason: "secret disk")), true),
            (.timedOut(afterSeconds: 30), true),
            (.failed(.failed(reason: "secret disk")), false),
        ] {
            let text = call.response(outcome)
            let json = try JSONTree(text)
            try Answer.validate(json, #_sourceLocation)
            #expect(!text.contains("secret"))
            #expect(json["result"]?["isError"]?.bool == (isError ? true : nil))
            #expect((json["error"]?["code"]?.integer == -32_603) != isError)
        }
        let rejected = try JSONTree(call.response(.failed(.rejected(message: "send \"less\""))))
        #expect(rejected["result"]?["content"]?[0]?["text"]?.string == "send \"less\"")
        #expect(call.response(.timedOut(afterSeconds: 30)).contains("30 seconds"))
    }

    @Test func `A registry refuses names that are malformed, taken or not permitted`() throws {
        #expect(throws: FeatureRegistryError.duplicateName("greet")) {
            try registry([.greet, .list, .greet])
        }
        for name in ["", "with space", "a/b", "é", String(repeating: "x", count: 129)] {
            #expect(throws: FeatureRegistryError.malformedName(name)) {
                try registry([.named(name)])
            }
        }
        _ = try registry([.named(String(repeating: "x", count: 128)), .named("A-z_0.9")])
        let error = FeatureRegistryError.undeclaredPermission(
            tool: "greet",
            permission: "greet:people"
        )
        #expect(throws: error) {
            try Dispatcher(
                description: ServerDescription(name: "x", version: "1"),
                registry: try registry([.greet]),
                policy: try AccessPolicy()
            )
        }
    }
}

extension Tool {
    fileprivate static func named(_ name: String) -> Tool {
        Tool(name: name, description: "", input: ObjectSchema([]), permission: .readTodos) { _, _ in
            .text("")
        }
    }
}
