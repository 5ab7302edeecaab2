public import AccessControl

/// What the transport does with a message.
public enum Dispatch: Sendable {
    /// The response is in the buffer.
    case respond(statusCode: Int)

    /// The response is in the buffer, and a session of this version begins.
    case beginSession(version: ProtocolVersion)

    /// A notification or response was taken: 202 without content.
    case accepted

    /// The message cannot be answered in JSON-RPC, since its revision demands an id that could not
    /// be read; the buffer holds a sentence in plain text.
    case respondInPlainText(statusCode: Int)

    /// The caller may not; the challenge is the transport's.
    case refuse(AccessDecision)

    case call(ToolCall)
}
