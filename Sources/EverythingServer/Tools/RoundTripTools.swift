import Martlet

/// Tools whose calls take several rounds in the modern era (MCP 2026-07-28, *Multi Round-Trip
/// Requests*).
enum RoundTripTools {
    static let all = [
        elicitation, sampling, roots, requestState, multipleInputs, multiRound, tamperedState,
        capabilities,
    ]

    private static let userName = InputRequest.elicitation(
        "user_name",
        message: "What is your name?",
        form: ElicitationForm([.text("name")])
    )

    private static let capital = InputRequest.sampling(
        "capital_question",
        SamplingRequest("What is the capital of France?", tokenCountMax: 100)
    )

    private static let clientRoots = InputRequest.roots("client_roots")

    private static let confirm = InputRequest.elicitation(
        "confirm",
        message: "Please confirm",
        form: ElicitationForm([.boolean("ok")])
    )

    private static let elicitation = Tool(
        "test_input_required_result_elicitation",
        "Asks for a name, and greets."
    ) { _, context throws(RequestFailure) in
        let answers = try await context.ask([userName])
        return .text("Hello, \(Self.name(answers))!")
    }

    private static let sampling = Tool(
        "test_input_required_result_sampling",
        "Has the client's model answer a question."
    ) { _, context throws(RequestFailure) in
        let answers = try await context.ask([capital])
        return .text("LLM response: \(answers.sampling(capital.key)?.text ?? "")")
    }

    private static let roots = Tool(
        "test_input_required_result_list_roots",
        "Asks for the folders that the client works in."
    ) { _, context throws(RequestFailure) in
        let answers = try await context.ask([clientRoots])
        return .text("Client roots: \(Self.roots(answers))")
    }

    private static let requestState = Tool(
        "test_input_required_result_request_state",
        "Asks for confirmation, and has the client carry its state meanwhile."
    ) { _, context throws(RequestFailure) in
        try await confirmed(context)
    }

    private static let tamperedState = Tool(
        "test_input_required_result_tampered_state",
        "Has the client carry a state that it must not change."
    ) { _, context throws(RequestFailure) in
        try await confirmed(context)
    }

    private static let multipleInputs = Tool(
        "test_input_required_result_multiple_inputs",
        "Asks the user, the model and the client at once."
    ) { _, context throws(RequestFailure) in
        let greeting = InputRequest.sampling(
            "greeting",
            SamplingRequest("Generate a greeting", tokenCountMax: 50)
        )
        let answers = try await context.ask(
            [userName, greeting, clientRoots],
            carrying: Self.state("multiple-inputs")
        )
        let text = answers.sampling(greeting.key)?.text ?? ""
        return .text("\(text) \(Self.name(answers)), in \(Self.roots(answers))")
    }

    private static let multiRound = Tool(
        "test_input_required_result_multi_round",
        "Asks for a name and then for a colour."
    ) { _, context throws(RequestFailure) in
        let first = InputRequest.elicitation(
            "step1",
            message: "Step 1: What is your name?",
            form: ElicitationForm([.text("name")])
        )
        let second = InputRequest.elicitation(
            "step2",
            message: "Step 2: What is your favorite color?",
            form: ElicitationForm([.text("color")])
        )
        let name = try await context.ask([first], carrying: Self.state("round-1"))
        let color = try await context.ask([second], carrying: Self.state("round-2"))
        let who = name.elicitation(first.key)?.content.string("name") ?? "nobody"
        let what = color.elicitation(second.key)?.content.string("color") ?? "no color"
        return .text("\(who) likes \(what)")
    }

    private static let capabilities = Tool(
        "test_input_required_result_capabilities",
        "Asks what the client can be asked, and nothing else."
    ) { _, context throws(RequestFailure) in
        let possible = [userName, capital, clientRoots].filter {
            context.clientSupports($0.capability)
        }
        guard !possible.isEmpty else { return .text("The client can be asked nothing") }
        _ = try await context.ask(possible)
        return .text("The client was asked for \(possible.map(\.key).joined(separator: ", "))")
    }

    private static func confirmed(
        _ context: RequestContext
    ) async throws(RequestFailure) -> ToolResult {
        let state = state("confirming")
        let answers = try await context.ask([confirm], carrying: state)
        // In the legacy era nothing is carried, since the call never left.
        let isSame = context.carriedState == state || context.protocolVersion.era == .legacy
        let isConfirmed = answers.elicitation(confirm.key)?.content.bool("ok") == true
        return .text("\(isSame ? "state-ok" : "no state"), confirmed=\(isConfirmed)")
    }

    private static func state(_ text: String) -> RawJSON {
        RawJSON { $0.string(text) }
    }

    private static func name(_ answers: InputAnswers) -> String {
        answers.elicitation(userName.key)?.content.string("name") ?? "stranger"
    }

    private static func roots(_ answers: InputAnswers) -> String {
        (answers.roots(clientRoots.key) ?? []).map(\.uri).joined(separator: ", ")
    }
}
