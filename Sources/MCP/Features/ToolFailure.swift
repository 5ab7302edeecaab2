/// A call that did not succeed, as the model shall see it.
public enum ToolFailure: Error, Hashable, Sendable {
    /// The call was refused for a reason that its maker can mend: a sentence for the model.
    case rejected(message: String)

    /// The server cannot do it now; the same call may succeed later. The reason is for the log.
    case unavailable(reason: String)

    /// A defect here. The client hears "Internal error" and nothing of the cause.
    case failed(reason: String)
}
