import Martlet

/// Tools that show what a server of the modern era must refuse, or must not do.
enum DiagnosticTools {
    static let all = [missingCapability, streamingElicitation]

    private static let missingCapability = Tool(
        "test_missing_capability",
        "Works for clients that let servers use their model."
    ) { _, context throws(RequestFailure) in
        guard context.clientSupports(.sampling) else { throw .missingCapability(.sampling) }
        return .text("The client supports sampling")
    }

    /// Asks in its result: nothing that it sends before is a request.
    private static let streamingElicitation = Tool(
        "test_streaming_elicitation",
        "Reports its progress, and asks for confirmation if the client can be asked."
    ) { _, context throws(RequestFailure) in
        context.report(progress: 50, of: 100)
        context.log(.info, "About to ask")
        guard context.clientSupports(.elicitation) else { return .text("The client was not asked") }
        let answer = try await context.elicit(
            "confirm",
            "Please confirm",
            ElicitationForm([.boolean("ok")])
        )
        return .text("User response: action=\(answer.action.rawValue)")
    }
}
