import Martlet

/// Tools that say something before they answer, take their time, or have the connection broken off.
enum TellingTools {
    static let all = [progress, logging, loggingAtEveryLevel, reconnection, slow, fast, talkative]

    private static let progress = Tool(
        "test_tool_with_progress",
        "Reports its progress in three steps."
    ) { _, context throws(RequestFailure) in
        for step in [0, 50, 100] {
            if step > 0 { try await Pause.of(milliseconds: 50) }
            context.report(
                progress: Double(step),
                of: 100,
                message: "Completed step \(step) of 100"
            )
        }
        return .text("Tool with progress executed successfully")
    }

    private static let logging = Tool(
        "test_tool_with_logging",
        "Sends three log messages."
    ) { _, context throws(RequestFailure) in
        context.log(.info, "Tool execution started")
        try await Pause.of(milliseconds: 50)
        context.log(.info, "Tool processing data")
        try await Pause.of(milliseconds: 50)
        context.log(.info, "Tool execution completed")
        return .text("Tool with logging executed successfully")
    }

    private static let loggingAtEveryLevel = Tool(
        "test_logging_tool",
        "Sends a log message of every level, if the client wants them."
    ) { _, context in
        for level in LogLevel.allCases {
            context.log(level, "A message of level \(level.rawValue)", logger: "everything")
        }
        return .text("Logging tool executed successfully")
    }

    /// Breaks its connection off before it has an answer, for clients that can come back.
    private static let reconnection = Tool(
        "test_reconnection",
        "Ends its connection before it answers; the client comes back for the answer."
    ) { _, context throws(RequestFailure) in
        context.disconnect(retryMilliseconds: 500)
        try await Pause.of(milliseconds: 100)
        return .text("Reconnection test completed successfully")
    }

    private static let slow = Tool(
        "test_tool_slow",
        "Takes as long as it is told, and reports progress ten times a second.",
        [.optional("durationMs", .integer(min: 0, max: 60_000))]
    ) { arguments, context throws(RequestFailure) in
        let duration = arguments.integer("durationMs") ?? 5_000
        var passed = 0
        while passed < duration {
            context.report(progress: Double(passed), of: Double(duration))
            let step = min(100, duration - passed)
            try await Pause.of(milliseconds: step)
            passed += step
        }
        return .text("Waited \(duration) ms")
    }

    /// Says more than anybody who does not read could be kept for.
    private static let talkative = Tool(
        "test_tool_talkative",
        "Reports progress as often as it is told, without a pause.",
        [
            .optional("count", .integer(min: 0, max: 100_000)),
            .optional("length", .integer(min: 0, max: 10_000)),
        ]
    ) { arguments, context in
        let count = arguments.integer("count") ?? 1_000
        let message = String(repeating: "x", count: arguments.integer("length") ?? 100)
        for step in 0..<count {
            context.report(progress: Double(step), of: Double(count), message: message)
        }
        return .text("said \(count)")
    }

    private static let fast = Tool("test_tool_fast", "Answers at once.") { _, _ in
        .text("Done")
    }
}

/// Waiting that ends with the call.
enum Pause {
    /// - Throws: ``RequestFailure/rejected(message:)`` if the call is cancelled, which nobody hears.
    static func of(milliseconds: Int) async throws(RequestFailure) {
        do {
            try await Task.sleep(for: .milliseconds(milliseconds))
        } catch {
            throw .rejected(message: "The call was cancelled.")
        }
    }
}
