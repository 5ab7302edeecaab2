import AccessControl
import Bytes
import Libuv
import MCP
import Martlet
import TodoServer
import Todos

extension HotPath {
    /// What is asked, and whether the caller may.
    static let messages = [
        HotPath("Policy decision before the body", countedIterations: 2_000) { group in
            let dispatcher = try SampleServer.dispatcher(on: group)
            let fields = SampleServer.fields(method: "tools/call", tool: "add_todo")
            let admin = SampleCaller.principal
            let reader = SampleCaller.principal(roles: ["readonly"])
            return { count in
                for _ in 0..<count {
                    guard case .allowed = dispatcher.decisionBeforeBody(fields, of: admin),
                        case .forbidden = dispatcher.decisionBeforeBody(fields, of: reader)
                    else { throw HotPathFailure("the policy decided otherwise") }
                }
            }
        },
        HotPath("JSON-RPC envelope, legacy ping", countedIterations: 1_000) { group in
            let dispatcher = try SampleServer.dispatcher(on: group)
            let body = Array(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{}}"#.utf8)
            var fields = MirroredFields()
            fields.version.add("2025-11-25".utf8.span)
            let session = SessionState(version: .v2025_11_25)
            var buffer = ByteBuffer()
            return { count in
                for _ in 0..<count {
                    buffer.bytes.removeAll(keepingCapacity: true)
                    guard
                        case .respond(statusCode: 200) = dispatcher.dispatch(
                            body.span,
                            fields: fields,
                            session: session,
                            caller: SampleCaller.principal,
                            into: &buffer
                        )
                    else { throw HotPathFailure("the message was not answered") }
                }
            }
        },
        HotPath("tools/list answered", countedIterations: 500) { group in
            let dispatcher = try SampleServer.dispatcher(on: group)
            let body = Array(SampleRequest.body(method: "tools/list").utf8)
            let fields = SampleServer.fields(method: "tools/list", tool: nil)
            var buffer = ByteBuffer()
            return { count in
                for _ in 0..<count {
                    buffer.bytes.removeAll(keepingCapacity: true)
                    guard
                        case .respond(statusCode: 200) = dispatcher.dispatch(
                            body.span,
                            fields: fields,
                            session: nil,
                            caller: SampleCaller.principal,
                            into: &buffer
                        )
                    else { throw HotPathFailure("the message was not answered") }
                }
            }
        },
        HotPath("Arguments of add_todo checked and read", countedIterations: 500) { group in
            let dispatcher = try SampleServer.dispatcher(on: group)
            let arguments = #""name":"add_todo","arguments":{"title":"water the plants"},"#
            let body = Array(SampleRequest.body(method: "tools/call", params: arguments).utf8)
            let fields = SampleServer.fields(method: "tools/call", tool: "add_todo")
            var buffer = ByteBuffer()
            return { count in
                for _ in 0..<count {
                    guard
                        case .call(let call) = dispatcher.dispatch(
                            body.span,
                            fields: fields,
                            session: nil,
                            caller: SampleCaller.principal,
                            into: &buffer
                        ), call.arguments.string("title") == "water the plants"
                    else { throw HotPathFailure("the call was refused") }
                }
            }
        },
    ]
}

/// The to-do list's server, without sockets.
enum SampleServer {
    static func dispatcher(on group: EventLoopGroup) throws -> Dispatcher {
        let features = TodoFeatures.features(
            store: MemoryTodoStore(),
            group: group,
            changes: ChangeAnnouncer()
        )
        return try Dispatcher(
            description: TodoFeatures.description(version: "0"),
            registry: try FeatureRegistry(features),
            policy: SampleCaller.policy
        )
    }

    /// What the fields of a modern request say.
    static func fields(method: String, tool: String?) -> MirroredFields {
        var fields = MirroredFields()
        fields.version.add("2026-07-28".utf8.span)
        fields.method.add(method.utf8.span)
        if let tool { fields.name.add(tool.utf8.span) }
        return fields
    }
}
