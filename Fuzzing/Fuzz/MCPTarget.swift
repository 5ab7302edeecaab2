import AccessControl
import Bytes
import JSON
import JSONSchema
import MCP

extension Target {
    /// Whatever a message says, it has an answer that is JSON, or is handed on.
    ///
    /// The first two bytes say who sends it, in which revision and with which fields.
    static let mcp = Target(name: "mcp") { input in
        var decisions = Decisions(input)
        let sender = decisions.next()
        let form = decisions.next()
        let body = Array(decisions.rest)
        var fields = MirroredFields()
        var session: SessionState?
        switch form % 5 {
        case 0:
            fields.version.add(Array("2026-07-28".utf8).span)
            fields.method.add(Array(methods[Int(form / 5) % methods.count].utf8).span)
            fields.name.add(Array("greet".utf8).span)
        case 1: session = SessionState(version: .v2025_11_25)
        case 2: session = SessionState(version: .v2025_06_18)
        case 3: session = SessionState(version: .v2025_03_26)
        default: break
        }
        let caller = callers[Int(sender) % callers.count]
        _ = dispatcher.decisionBeforeBody(fields, of: caller)
        var answer = ByteBuffer()
        let dispatch = dispatcher.dispatch(
            body.span,
            fields: fields,
            session: session,
            caller: caller,
            into: &answer
        )
        switch dispatch {
        case .respond, .repeated, .beginSession, .change:
            precondition(isJSON(answer), "an answer is not JSON")
        case .call(let call):
            precondition(answer.isEmpty, "a call was answered before it ran")
            _ = call.arguments.string("name")
            _ = call.arguments.integer("times")
            var failure = ByteBuffer()
            _ = call.encode(.timedOut(afterSeconds: 1), into: &failure)
            precondition(isJSON(failure), "a failure is not JSON")
        case .respondInPlainText, .accepted, .refuse, .listen, .deliver, .cancel, .batch, .task:
            break
        }
    }

    private static let methods = [
        "tools/call", "tools/list", "server/discover", "resources/read", "prompts/get",
        "completion/complete", "subscriptions/listen",
    ]

    private static let policy: AccessPolicy = {
        do {
            return try AccessPolicy()
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static let callers: [Principal] = ["admin", "user", "readonly", "nobody"].map { role in
        Principal(
            subject: Subject(issuer: "https://issuer.example", name: role),
            workspace: .shared,
            rights: policy.rights(roles: [role], scope: nil, permissions: nil)
        )
    }

    private static let dispatcher: Dispatcher = {
        let greet = Tool(
            name: "greet",
            description: "Greets.",
            input: ObjectSchema([
                .required("name", .string(lengthMin: 1, lengthMax: 20), description: "Who."),
                .optional("times", .integer(min: 1, max: 9), description: "How often."),
            ]),
            permission: .readTodos,
            taskSupport: .optional
        ) { _, _ in .text("hello") }
        let note = Resource(
            Resource.Description(uri: "note://one", name: "note"),
            permission: .readTodos
        ) { _, _ in [] }
        let plan = Prompt(name: "plan", description: "Plans.", permission: .readTodos) { _, _ in
            PromptResult([])
        }
        do {
            return try Dispatcher(
                description: ServerDescription(name: "fuzz", version: "1"),
                registry: FeatureRegistry(
                    ServerFeatures(tools: [greet], resources: [note], prompts: [plan])
                ),
                policy: policy
            )
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static func isJSON(_ text: ByteBuffer) -> Bool {
        do throws(JSONError) {
            _ = try RawJSON(parsing: text.span)
            return true
        } catch {
            return false
        }
    }
}
