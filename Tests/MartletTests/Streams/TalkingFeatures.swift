import AccessControl
import JSON
import JSONSchema
import MCP
import Martlet
import TestSupport

extension TestServer.FeatureSet {
    /// Features that say something before they answer, ask, or change.
    static let talking = TestServer.FeatureSet(make: TalkingFeatures.make)
}

private enum TalkingFeatures {
    static let secret = Permission.deleteTodos

    @Sendable static func make(_ parts: TestServer.Parts) -> ServerFeatures {
        ServerFeatures(
            tools: [
                .report, .log, .askName, .askTwice, .askRoots, .detach(parts.gate),
                .wait(parts), .announce(parts.changes), .region,
            ],
            resources: [.text, .hidden],
            resourceTemplates: [.item],
            prompts: [.greeting],
            changingLists: [.tools]
        )
    }
}

extension Tool {
    fileprivate static func talking(
        _ name: String,
        _ input: ObjectSchema = ObjectSchema([]),
        _ call: @escaping Call
    ) -> Tool {
        Tool(
            name: name,
            description: "For tests.",
            input: input,
            annotations: ToolAnnotations(readOnly: true),
            permission: .readTodos,
            call: call
        )
    }

    fileprivate static let report = talking("report") { _, context in
        for step in 1...3 { context.report(progress: Double(step), of: 3) }
        return .text("reported")
    }

    fileprivate static let log = talking("log") { _, context in
        context.log(.debug, "fine")
        context.log(.info, "so so")
        context.log(.error, "bad", logger: "tests")
        return .text("logged")
    }

    fileprivate static let askName = talking("ask_name") { _, context throws(RequestFailure) in
        let form = ElicitationForm([.text("name", lengthMax: 20)])
        let answer = try await context.elicit("user_name", "What is your name?", form)
        guard answer.action == .accept else { return .text("You \(answer.action).") }
        return .text("Hello, \(answer.content.string("name") ?? "")!")
    }

    fileprivate static let askTwice = talking("ask_twice") { _, context throws(RequestFailure) in
        let form = ElicitationForm([.integer("number")])
        let first = try await context.elicit("first", "One?", form)
        let second = try await context.ask(
            [.elicitation("second", message: "Two?", form: form)],
            carrying: RawJSON { $0.string("round two") }
        )
        let sum =
            (first.content.integer("number") ?? 0)
            + (second.elicitation("second")?.content.integer("number") ?? 0)
        return .text("\(sum) \(context.carriedState?.description ?? "-")")
    }

    fileprivate static let askRoots = talking("ask_roots") { _, context throws(RequestFailure) in
        .text(try await context.roots("roots").map(\.uri).joined(separator: " "))
    }

    fileprivate static func detach(_ gate: Gate) -> Tool {
        talking("detach") { _, context in
            context.disconnect(retryMilliseconds: 10)
            await gate.pass()
            return .text("reattached")
        }
    }

    fileprivate static func wait(_ parts: TestServer.Parts) -> Tool {
        talking("wait") { _, context in
            context.report(progress: 0)
            await withTaskCancellationHandler {
                await parts.gate.pass()
            } onCancel: {
                parts.journal.note("cancelled")
            }
            parts.journal.note("finished")
            return .text("waited")
        }
    }

    fileprivate static func announce(_ changes: ChangeAnnouncer) -> Tool {
        talking(
            "announce",
            ObjectSchema([.optional("workspace", .string(lengthMax: 100))])
        ) { arguments, _ in
            let workspace = arguments.string("workspace").flatMap { Workspace($0) }
            changes.announce(.toolList)
            changes.announce(.resource(uri: "test://text"), in: workspace)
            changes.announce(.resource(uri: "test://hidden"), in: workspace)
            return .text("announced")
        }
    }

    fileprivate static let region = talking(
        "region",
        ObjectSchema([
            .optional("region", .string(lengthMax: 20), headerName: "Region"),
            .optional("count", .integer(), headerName: "Count"),
        ])
    ) { arguments, _ in .text(arguments.string("region") ?? "none") }
}

extension Resource {
    fileprivate static let text = Resource(
        Description(uri: "test://text", name: "text", mimeType: "text/plain"),
        permission: .readTodos
    ) { uri, _ in [.text("the text", uri: uri)] }

    fileprivate static let hidden = Resource(
        Description(uri: "test://hidden", name: "hidden"),
        permission: TalkingFeatures.secret
    ) { uri, _ in [.text("the secret", uri: uri)] }
}

extension ResourceTemplate {
    fileprivate static let item: ResourceTemplate = {
        guard let template = URITemplate("test://items/{id}") else {
            preconditionFailure("the template is well-formed")
        }
        return ResourceTemplate(
            template,
            name: "item",
            permission: .readTodos,
            completions: ["id": .oneOf(["10", "11", "20"], permission: .readTodos)]
        ) { uri, variables, _ throws(RequestFailure) in
            guard variables["id"] != "0" else { throw .notFound }
            return [.text("item \(variables["id"] ?? "")", uri: uri)]
        }
    }()
}

extension Prompt {
    fileprivate static let greeting = Prompt(
        name: "greeting",
        description: "Greets.",
        arguments: [
            .init("name", isRequired: true, completion: .oneOf(["ada"], permission: .readTodos)),
            .init("tone", isRequired: false),
        ],
        permission: .readTodos
    ) { arguments, _ in
        PromptResult([.init(.user, .text("Greet \(arguments.string("name") ?? "")."))])
    }
}
