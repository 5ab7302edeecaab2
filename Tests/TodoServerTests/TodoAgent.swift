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
    let features: ServerFeatures
    private let group: EventLoopGroup

    init(store: any TodoStore = MemoryTodoStore()) throws {
        group = try EventLoopGroup(count: 1)
        policy = try AccessPolicy()
        features = TodoFeatures.features(
            store: store,
            group: group,
            changes: ChangeAnnouncer()
        )
        dispatcher = try Dispatcher(
            description: TodoFeatures.description(version: "1"),
            registry: try FeatureRegistry(features),
            policy: policy,
            stateSeal: .plain
        )
    }

    var tools: [Tool] { features.tools }

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
        return try await outcome(of: message, at: seconds)
    }

    /// What any modern message came to, and what was said to its client before.
    func outcome(
        of message: Message,
        at seconds: Int64 = 1_000,
        link: (any ClientLink)? = nil
    ) async throws -> Outcome {
        try await outcome(of: message, session: nil, at: seconds, link: link)
    }

    /// What a message of a legacy session came to, or a modern one without a session.
    func outcome(
        of message: Message,
        session: SessionState?,
        at seconds: Int64 = 1_000,
        link: (any ClientLink)? = nil
    ) async throws -> Outcome {
        var fields = MirroredFields()
        for field in message.fields {
            let value = Array(field.value.utf8)
            switch field.name {
            case "Mcp-Method": fields.method.add(value.span)
            case "Mcp-Name": fields.name.add(value.span)
            default: fields.version.add(value.span)
            }
        }
        var buffer = ByteBuffer()
        let dispatch = server.dispatcher.dispatch(
            Array(message.body.utf8).span,
            fields: fields,
            session: session,
            caller: principal,
            into: &buffer
        )
        switch dispatch {
        case .refuse(let decision): return .refused(decision)
        case .call(let call):
            let context = RequestContext(
                call,
                principal: principal,
                nowSeconds: seconds,
                loopIndex: 0,
                link: link
            )
            _ = call.encode(await call.run(in: context), into: &buffer)
        default: break
        }
        return .answered(try JSONTree(String(decoding: buffer.bytes, as: UTF8.self)))
    }

    /// The whole response to a message that is not refused.
    func response(
        to message: Message,
        session: SessionState? = nil,
        at seconds: Int64 = 1_000,
        link: (any ClientLink)? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONTree {
        let outcome = try await outcome(of: message, session: session, at: seconds, link: link)
        guard case .answered(let json) = outcome else {
            Issue.record("\(outcome) is no answer", sourceLocation: sourceLocation)
            return .null
        }
        return json
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

    /// Structured content satisfies the tool's own schema and is the same as the text.
    func checkStructure(
        of result: JSONTree,
        _ tool: String,
        _ sourceLocation: SourceLocation = #_sourceLocation
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

extension StateSeal {
    /// Hides nothing; opens only in the context that it was sealed in.
    fileprivate static let plain = StateSeal { plaintext, context in
        encoded(plaintext) + "." + encoded(context)
    } open: { text, context in
        let parts = text.split(separator: ".")
        guard parts.count == 2, parts[1] == encoded(context) else { return nil }
        var plaintext = ByteBuffer()
        guard Base64URL.decode(ByteBuffer(String(parts[0])).span, into: &plaintext) else {
            return nil
        }
        return RawJSON(unchecked: plaintext)
    }

    private static func encoded(_ json: RawJSON) -> String {
        var text = ByteBuffer()
        Base64URL.encode(json.span, into: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
