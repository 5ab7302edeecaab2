import Martlet

/// Tools that show what a server of the modern era must refuse or must not do, and what it makes of
/// what comes along with a request.
enum DiagnosticTools {
    static let all = [missingCapability, streamingElicitation, trace]

    private static let missingCapability = Tool(
        "test_missing_capability",
        "Works for clients that let servers use their model."
    ) { _, context throws(RequestFailure) in
        guard context.clientSupports(.sampling) else { throw .missingCapability(.sampling) }
        return .text("The client supports sampling")
    }

    private static let trace = Tool(
        "test_trace_context",
        "Says of what trace the call is part."
    ) { _, context in
        guard let trace = context.trace else { return .text("no trace") }
        return .text(
            """
            traceparent=\(trace.parent?.text ?? "none") tracestate=\(trace.state ?? "none") \
            baggage=\(trace.baggage ?? "none")
            """
        )
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
