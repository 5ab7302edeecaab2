import AccessControl
import Bytes
import JSON
import JSONSchema
import MCP
import ProtocolTestSupport
import Testing

@Suite("Tools with a schema of their own (JSON Schema 2020-12)")
struct ToolSchemaTests {
    private static func tool(_ schema: String) throws -> Tool {
        Tool(
            name: "free",
            description: "Takes anything.",
            input: .compiled(try CompiledSchema(try RawJSON(parsing: schema))),
            permission: .readTodos
        ) { arguments, _ in
            .text(arguments.json.description)
        }
    }

    private func dispatch(_ message: Message, schema: String) throws -> (Dispatch, String) {
        let registry = try FeatureRegistry(ServerFeatures(tools: [Self.tool(schema)]))
        let policy = try AccessPolicy()
        let dispatcher = try Dispatcher(
            description: ServerDescription(name: "fixture", version: "1"),
            registry: registry,
            policy: policy
        )
        var buffer = ByteBuffer()
        let dispatch = dispatcher.dispatch(
            Array(message.body.utf8).span,
            fields: MirroredFields(message.fields),
            session: nil,
            caller: Principal(
                subject: Subject(issuer: "https://issuer.example", name: "ada"),
                workspace: .shared,
                rights: policy.rights(roles: ["admin"], scope: nil, permissions: nil)
            ),
            into: &buffer
        )
        return (dispatch, String(decoding: buffer.bytes, as: UTF8.self))
    }

    @Test func `A list shows the schema as it is, to the byte`() throws {
        let schema = #"{"$defs":{"a":{"$anchor":"b"}},"type":"object","if":{},"then":true}"#
        let (_, text) = try dispatch(.modern("tools/list"), schema: schema)
        #expect(text.contains(#""inputSchema":\#(schema)"#))
    }

    @Test(arguments: [
        (#"{"x":[1,{"at":null}]}"#, true), (#"{"x":1,"y":2}"#, true), ("{}", false),
        (#"{"y":1}"#, false),
    ])
    func `What satisfies the schema reaches the tool, and nothing else`(
        arguments: String,
        isSatisfying: Bool
    ) throws {
        let message = Message.call("free", arguments: arguments)
        let (dispatch, text) = try dispatch(
            message,
            schema: #"{"type":"object","required":["x"]}"#
        )
        guard case .call(let call) = dispatch else {
            #expect(!isSatisfying)
            #expect(try JSONTree(text)["result"]?["isError"]?.bool == true)
            return
        }
        #expect(isSatisfying)
        #expect(call.arguments.json.description == arguments)
    }

    @Test func `An argument that clients repeat in a field is found in any schema`() throws {
        let schema = #"{"type":"object","properties":{"a":{"x-mcp-header":"A"}}}"#
        let message = Message.call("free", arguments: #"{"a":"b"}"#)
        let (_, text) = try dispatch(message, schema: schema)
        #expect(text.contains("-32020"))
        guard case (.call, _) = try dispatch(message.adding("Mcp-Param-A", "b"), schema: schema)
        else {
            Issue.record("the field agrees and the call was refused")
            return
        }
    }

    @Test(arguments: ["true", "{}", #"{"type":"array"}"#, #"{"type":["object"]}"#])
    func `A schema that is not of objects is a mistake of the program`(schema: String) throws {
        let features = ServerFeatures(tools: [try Self.tool(schema)])
        #expect(throws: FeatureRegistryError.malformedSchema(tool: "free")) {
            try FeatureRegistry(features)
        }
    }
}
