import Martlet

/// Tools that run as tasks for clients that speak the extension (`io.modelcontextprotocol/tasks`).
enum TaskTools {
    static let all = [work, asking, longOnly]

    private static let work = tool(
        "test_task_work",
        "Works as long as it is told, and says how far it is.",
        [.optional("durationMs", .integer(min: 0, max: 600_000))],
        .optional
    ) { arguments, context throws(RequestFailure) in
        let duration = arguments.integer("durationMs") ?? 200
        var passed = 0
        while passed < duration {
            context.report(
                progress: Double(passed),
                of: Double(duration),
                message: "Worked \(passed) of \(duration) ms"
            )
            let step = min(100, duration - passed)
            try await Pause.of(milliseconds: step)
            passed += step
        }
        return .text("Worked \(duration) ms")
    }

    private static let asking = tool(
        "test_task_elicitation",
        "Asks for a name while it works, and greets.",
        [],
        .optional
    ) { _, context throws(RequestFailure) in
        let answer = try await context.elicit(
            "user_name",
            "What is your name?",
            ElicitationForm([.text("name")])
        )
        guard answer.action == .accept else { return .text("Hello, whoever you are!") }
        return .text("Hello, \(answer.content.string("name") ?? "")!")
    }

    private static let longOnly = tool(
        "test_task_required",
        "Takes longer than anybody waits: for clients that speak the extension only.",
        [],
        .required
    ) { _, _ in .text("Worked as a task") }

    private static func tool(
        _ name: String,
        _ description: String,
        _ properties: [Property],
        _ taskSupport: TaskSupport,
        call: @escaping Tool.Call
    ) -> Tool {
        Tool(
            name: name,
            description: description,
            input: ObjectSchema(properties),
            permission: EverythingFeatures.permission,
            taskSupport: taskSupport,
            call: call
        )
    }
}
