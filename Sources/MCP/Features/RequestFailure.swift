/// A request that did not succeed, as its sender shall see it.
public enum RequestFailure: Error, Hashable, Sendable {
    /// It was refused for a reason that its maker can mend: a sentence for the model.
    ///
    /// Of a tool call it becomes a result with `isError`; of anything else an error for the client.
    case rejected(message: String)

    /// There is no such resource. Of a tool call or a prompt this is a defect here.
    case notFound

    /// The client lacks what the request needs (MCP 2026-07-28, −32021).
    case missingCapability(ClientCapabilities)

    /// The client is asked and sends the request again with the answers; thrown by
    /// ``RequestContext/ask(_:carrying:)`` and passed on as it is.
    case inputRequired(InputRequired)

    /// The server cannot do it now; the same call may succeed later. The reason is for the log.
    case unavailable(reason: String)

    /// A defect here. The client hears "Internal error" and nothing of the cause.
    case failed(reason: String)
}
