import AccessControl
import JSON
import JSONSchema
import MCP
import Martlet
import TestSupport

extension TestServer.FeatureSet {
    /// Tools that run as tasks.
    static let long = TestServer.FeatureSet { parts in
        ServerFeatures(
            tools: [
                .dig(parts), .ask, .fail, .refuse, .grow, .guarded, .quick,
            ]
        )
    }
}

extension Tool {
    fileprivate static func long(
        _ name: String,
        _ input: ObjectSchema = ObjectSchema([]),
        permission: Permission = .readTodos,
        _ call: @escaping Call
    ) -> Tool {
        Tool(
            name: name,
            description: "For tests.",
            input: input,
            permission: permission,
            taskSupport: .optional,
            call: call
        )
    }

    /// Says how far it is, works until the test lets it through, and notes if it is cancelled.
    fileprivate static func dig(_ parts: TestServer.Parts) -> Tool {
        long("dig") { _, context in
            context.report(progress: 1, of: 2)
            await withTaskCancellationHandler {
                await parts.gate.pass()
            } onCancel: {
                parts.journal.note("cancelled")
            }
            parts.journal.note("finished")
            return .text(context.runsAsTask ? "dug as a task" : "dug")
        }
    }

    /// Asks twice under one key.
    fileprivate static let ask = long("ask") { _, context throws(RequestFailure) in
        let form = ElicitationForm([.text("name", lengthMax: 20)])
        var names: [String] = []
        for question in ["Who?", "And who else?"] {
            let answer = try await context.elicit("name", question, form)
            names.append(answer.content.string("name") ?? "\(answer.action)")
        }
        return .text("Hello, \(names.joined(separator: " and "))!")
    }

    fileprivate static let fail = long("fail") { _, _ throws(RequestFailure) in
        throw .failed(reason: "the reason is for the log")
    }

    fileprivate static let refuse = long("refuse") { _, _ throws(RequestFailure) in
        throw .rejected(message: "There is nothing to dig.")
    }

    /// A result of so many bytes of text.
    fileprivate static let grow = long(
        "grow",
        ObjectSchema([.required("bytes", .integer(min: 0, max: 100_000))])
    ) { arguments, _ in
        .text(String(repeating: "x", count: arguments.integer("bytes").map { Int($0) } ?? 0))
    }

    fileprivate static let guarded = long("guarded", permission: .deleteTodos) { _, _ in
        .text("done")
    }

    fileprivate static let quick = Tool(
        name: "quick",
        description: "For tests.",
        input: ObjectSchema([]),
        permission: .readTodos
    ) { _, _ in .text("done") }
}
