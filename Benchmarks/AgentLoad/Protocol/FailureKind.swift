/// In what way a call did not get the right answer.
public enum FailureKind: Error, Hashable, Sendable {
    /// There was no connection, for the reason that the system gives.
    case connect(reason: String)
    /// The connection ended after the request was sent and before the answer was there.
    case lost
    case timeout
    case status(Int)
    case malformedResponse
    /// The body is no response of JSON-RPC.
    case notJSONRPC
    /// The answer is to another request.
    case wrongID
    case rpcError(code: Int)
    /// The tool ran and says that it failed.
    case toolError
    /// The result lacks what results of its method have.
    case incompleteResult
    /// The run was over, and the call was not.
    case unanswered

    /// What can be named as worth another attempt.
    public enum Retriable: String, CaseIterable, Codable, Sendable {
        case overloaded = "503"
        case tooMany = "429"
        case connect
        case lost
    }

    /// As what it is worth another attempt, if it can be.
    public var retriable: Retriable? {
        switch self {
        case .status(503): .overloaded
        case .status(429): .tooMany
        case .connect: .connect
        case .lost: .lost
        case .status, .timeout, .malformedResponse, .notJSONRPC, .wrongID, .rpcError, .toolError,
            .incompleteResult, .unanswered:
            nil
        }
    }
}

extension FailureKind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .connect(let reason): "no connection (\(reason))"
        case .lost: "connection lost before the answer"
        case .timeout: "no answer in time"
        case .status(let status): "status \(status)"
        case .malformedResponse: "malformed response"
        case .notJSONRPC: "not JSON-RPC"
        case .wrongID: "answer to another request"
        case .rpcError(let code): "JSON-RPC error \(code)"
        case .toolError: "tool error"
        case .incompleteResult: "incomplete result"
        case .unanswered: "unanswered at the end"
        }
    }
}
