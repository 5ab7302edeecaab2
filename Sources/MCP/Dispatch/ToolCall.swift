public import Bytes
internal import JSON

/// A tool call that passed every check and waits to be run.
public struct ToolCall: Sendable {
    public let tool: Tool
    public let arguments: ToolArguments
    public let protocolVersion: ProtocolVersion

    /// From `_meta`; the tool's own argument of that meaning is in ``arguments``.
    public let idempotencyKey: String?

    let id: RequestID
    /// `_meta` of a modern result; `nil` in the legacy era.
    let resultMeta: RawJSON?
}

/// How a call ended, as far as the client may know.
public enum ToolOutcome: Sendable {
    case finished(ToolResult)
    case failed(ToolFailure)
    /// The limit on a call's duration passed.
    case timedOut(afterSeconds: Int)
}

extension ToolCall {
    /// Appends the response to `buffer`; its HTTP status is 200 whatever the outcome.
    public func encode(_ outcome: ToolOutcome, into buffer: inout ByteBuffer) {
        switch outcome {
        case .finished(let result):
            ResponseWriting.encode(result, of: self, into: &buffer)
        case .failed(.rejected(let message)):
            ResponseWriting.encodeToolError(message, of: self, into: &buffer)
        case .failed(.unavailable):
            let message = "The service is temporarily unavailable. Try the same call again."
            ResponseWriting.encodeToolError(message, of: self, into: &buffer)
        case .failed(.failed):
            ResponseWriting.encode(.internalError, id: id.json.span, into: &buffer)
        case .timedOut(let seconds):
            let message = "The tool did not finish within \(seconds) seconds."
            ResponseWriting.encodeToolError(message, of: self, into: &buffer)
        }
    }
}
