import Martlet

/// Tools that ask the client: a request of the server in the legacy era, a round trip in the modern.
enum AskingTools {
    static let all = [sampling, elicitation, address, defaults, enumerations]

    private static let sampling = Tool(
        "test_sampling",
        "Has the client's model answer a prompt.",
        [.required("prompt", .string(lengthMax: 10_000), description: "What the model is asked.")]
    ) { arguments, context throws(RequestFailure) in
        let prompt = arguments.string("prompt") ?? ""
        let answer = try await context.sample("sample", .init(prompt, tokenCountMax: 100))
        return .text("LLM response: \(answer.text)")
    }

    private static let elicitation = Tool(
        "test_elicitation",
        "Asks the user for a name and an address.",
        [.required("message", .string(lengthMax: 10_000), description: "What the user is shown.")]
    ) { arguments, context throws(RequestFailure) in
        let answer = try await context.elicit(
            "user",
            arguments.string("message") ?? "",
            ElicitationForm([
                .text("username", description: "User's response"),
                .text("email", description: "User's email address"),
            ])
        )
        return Self.result("User response", answer)
    }

    /// What the user does there does not pass through the client.
    private static let address = Tool(
        "test_elicitation_url",
        "Sends the user to an address."
    ) { _, context throws(RequestFailure) in
        let id = "elicitation-\(UInt64.random(in: .min ... .max))"
        let question = InputRequest.elicitation(
            "account",
            message: "Please connect your account",
            url: "https://example.com/connect?account=test",
            id: id
        )
        let answers = try await context.ask([question])
        let answer = answers.elicitation(question.key)
        context.noteElicitationComplete(id: id)
        return .text("User response: action=\(answer?.action.rawValue ?? "none")")
    }

    private static let defaults = Tool(
        "test_elicitation_sep1034_defaults",
        "Shows a form with a default for every type."
    ) { _, context throws(RequestFailure) in
        let answer = try await context.elicit(
            "defaults",
            "Please review and update the form fields with defaults",
            formWithDefaults
        )
        return Self.result("Elicitation completed", answer)
    }

    private static let formWithDefaults = ElicitationForm([
        .text("name", description: "User name", initial: "John Doe", isRequired: false),
        .integer("age", description: "User age", initial: 30, isRequired: false),
        .number("score", description: "User score", initial: 95.5, isRequired: false),
        .choice(
            "status",
            of: ["active", "inactive", "pending"],
            description: "User status",
            initial: "active",
            isRequired: false
        ),
        .boolean("verified", description: "Whether verified", initial: true, isRequired: false),
    ])

    private static let enumerations = Tool(
        "test_elicitation_sep1330_enums",
        "Shows a form with every kind of choice."
    ) { _, context throws(RequestFailure) in
        let answer = try await context.elicit(
            "choices",
            "Please select options from the enum fields",
            formOfChoices
        )
        return Self.result("Elicitation completed", answer)
    }

    private static let formOfChoices = ElicitationForm([
        .choice("untitledSingle", of: ["option1", "option2", "option3"], isRequired: false),
        .choice("titledSingle", of: titled, isRequired: false),
        .choice(
            "legacyEnum",
            of: [
                .init("opt1", title: "Option One"), .init("opt2", title: "Option Two"),
                .init("opt3", title: "Option Three"),
            ],
            asEnumNames: true,
            isRequired: false
        ),
        .choices("untitledMulti", of: ["option1", "option2", "option3"], isRequired: false),
        .choices("titledMulti", of: titled, isRequired: false),
    ])

    private static let titled: [ElicitationForm.Option] = [
        .init("value1", title: "First Option"), .init("value2", title: "Second Option"),
        .init("value3", title: "Third Option"),
    ]

    private static func result(_ what: String, _ answer: ElicitationAnswer) -> ToolResult {
        .text("\(what): action=\(answer.action.rawValue), content=\(answer.content.json)")
    }
}
