internal import MCP

/// How an operation ended, as counts and traces call it (`error.type` of OpenTelemetry).
enum OperationOutcome: Int, CaseIterable, Sendable {
    case served
    /// A result that tells the model of an error.
    case toolError
    case timedOut
    case cancelled
    case forbidden
    case invalidRequest
    case failed

    init(_ outcome: CallOutcome) {
        self =
            switch outcome {
            case .tool(let result): result.isError ? .toolError : .served
            case .resource, .resourceList, .prompt, .completion: .served
            case .failed(.inputRequired): .served
            case .failed(.rejected), .failed(.unavailable): .toolError
            case .failed(.notFound), .failed(.missingCapability): .invalidRequest
            case .failed(.failed): .failed
            case .timedOut: .timedOut
            case .refused: .forbidden
            }
    }

    /// - Returns: `nil` for no error.
    var errorType: String? {
        switch self {
        case .served: nil
        case .toolError: "tool_error"
        case .timedOut: "timeout"
        case .cancelled: "cancelled"
        case .forbidden: "403"
        case .invalidRequest: "400"
        case .failed: "500"
        }
    }
}
