import AccessControl
import Bytes
import JSON
import JSONSchema
import Libuv
import MCP
import Martlet
import ProtocolTestSupport
import Testing
import TodoServer
import Todos

/// The to-do tools behind a dispatcher and without a socket, over a store of their own.
final class TodoServerFixture: Sendable {
    let dispatcher: Dispatcher
    let policy: AccessPolicy
    let tools: [Tool]
    private let group: EventLoopGroup

    init(store: any TodoStore = MemoryTodoStore()) throws {
        group = try EventLoopGroup(count: 1)
        policy = try AccessPolicy()
        let features = TodoFeatures.features(store: store, group: group)
        tools = features.tools
        dispatcher = try Dispatcher(
            description: TodoFeatures.description(version: "1"),
            registry: try FeatureRegistry(features),
            policy: policy
        )
    }

    deinit {
        group.stop()
    }

    func agent(
        _ name: String = "ada",
        role: String = "admin",
        workspace: String = "home"
    ) throws -> TodoAgent {
        TodoAgent(
            server: self,
            principal: Principal(
                subject: Subject(issuer: "https://issuer.example", name: name),
                workspace: try #require(Workspace(workspace)),
                rights: policy.rights(roles: [role], scope: nil, permissions: nil)
            )
        )
    }
}

/// Somebody who calls the tools.
struct TodoAgent {
    let server: TodoServerFixture
    let principal: Principal

    /// What a call came to.
    enum Outcome {
        case refused(AccessDecision)
        case answered(JSONTree)
    }

    func outcome(
        of tool: String,
        _ arguments: String = "{}",
        key: String? = nil,
        at seconds: Int64 = 1_000
    ) async throws -> Outcome {
        let meta = key.map {
            #"{"dev.martlet/idempotencyKey":"\#($0)","# + Message.meta.dropFirst()
        }
        let message = Message.call(tool, arguments: arguments, meta: meta ?? Message.meta)
        var fields = MirroredFields()
        fields.version.add(Array(Message.version.utf8).span)
        fields.method.add(Array("tools/call".utf8).span)
        fields.name.add(Array(tool.utf8).span)
        var buffer = ByteBuffer()
        let dispatch = server.dispatcher.dispatch(
            Array(message.body.utf8).span,
            fields: fields,
            session: nil,
            caller: principal,
            into: &buffer
        )
        switch dispatch {
        case .refuse(let decision): return .refused(decision)
        case .call(let call): _ = call.encode(await run(call, at: seconds), into: &buffer)
        default: break
        }
        return .answered(try JSONTree(String(decoding: buffer.bytes, as: UTF8.self)))
    }

    /// The result of a call that is allowed.
    func call(
        _ tool: String,
        _ arguments: String = "{}",
        key: String? = nil,
        at seconds: Int64 = 1_000,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONTree {
        let outcome = try await outcome(of: tool, arguments, key: key, at: seconds)
        guard case .answered(let json) = outcome, let result = json["result"] else {
            Issue.record("\(outcome) is no result", sourceLocation: sourceLocation)
            return .null
        }
        try checkStructure(of: result, tool, sourceLocation)
        return result
    }

    /// The to-do that a call answers with.
    func todo(
        _ tool: String,
        _ arguments: String,
        key: String? = nil,
        at seconds: Int64 = 1_000,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONTree {
        let result = try await call(
            tool,
            arguments,
            key: key,
            at: seconds,
            sourceLocation: sourceLocation
        )
        return try #require(
            result["structuredContent"]?["todo"],
            "\(result)",
            sourceLocation: sourceLocation
        )
    }

    func add(_ title: String) async throws -> JSONTree {
        try await todo("add_todo", #"{"title":"\#(title)"}"#)
    }

    /// What a call that fails tells the model.
    func complaint(
        _ tool: String,
        _ arguments: String,
        key: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let result = try await call(tool, arguments, key: key, sourceLocation: sourceLocation)
        #expect(result["isError"]?.bool == true, sourceLocation: sourceLocation)
        return result["content"]?[0]?["text"]?.string ?? ""
    }

    private func run(_ call: FeatureCall, at seconds: Int64) async -> CallOutcome {
        await call.run(
            in: RequestContext(call, principal: principal, nowSeconds: seconds, loopIndex: 0)
        )
    }

    /// Structured content satisfies the tool's own schema and is the same as the text.
    private func checkStructure(
        of result: JSONTree,
        _ tool: String,
        _ sourceLocation: SourceLocation
    ) throws {
        let text = try #require(
            result["content"]?[0]?["text"]?.string,
            sourceLocation: sourceLocation
        )
        guard let structured = result["structuredContent"] else {
            #expect(result["isError"]?.bool == true, sourceLocation: sourceLocation)
            return
        }
        #expect(result["isError"] == nil, sourceLocation: sourceLocation)
        #expect(try JSONTree(text) == structured, sourceLocation: sourceLocation)
        let schema = try #require(server.tools.first { $0.name == tool }?.output)
        let violation = schema.validate(Array(text.utf8).span)
        #expect(violation == nil, sourceLocation: sourceLocation)
    }
}
