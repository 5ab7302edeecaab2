public import JSON

/// The way from a tool that runs as a task to whoever looks after the task.
public struct TaskLink: Sendable {
    let report: @Sendable (_ statusMessage: String) -> Void
    let ask:
        @Sendable (
            _ requests: [InputRequest]
        ) async throws(RequestFailure) -> [RawJSON]

    /// - Parameters:
    ///   - report: Says how far the task has come. Called from any thread.
    ///   - ask: Makes the task `input_required` and waits for an answer to each request, in their
    ///     order.
    public init(
        report: @escaping @Sendable (_ statusMessage: String) -> Void,
        ask:
            @escaping @Sendable (
                _ requests: [InputRequest]
            ) async throws(RequestFailure) -> [RawJSON]
    ) {
        self.report = report
        self.ask = ask
    }
}
