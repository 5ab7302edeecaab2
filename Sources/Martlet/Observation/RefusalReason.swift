/// Why a request was not served.
enum RefusalReason: Int, CaseIterable, Sendable {
    case otherHost, otherOrigin
    case noCredentials, malformedCredentials, invalidToken, noWorkspace, keysUnavailable
    case tooManyFailures, rateLimited, tooManyStreams
    case insufficientScope, roleForbids
    case noSession
    /// Not understood, or of something that there is not: nothing was decided but that nothing runs.
    case invalidRequest
    case auditUnavailable
    /// More calls run than may, or the loop is late.
    case overloaded

    /// As logs and counts call it.
    var name: String {
        switch self {
        case .otherHost: "other_host"
        case .otherOrigin: "other_origin"
        case .noCredentials: "no_credentials"
        case .malformedCredentials: "malformed_credentials"
        case .invalidToken: "invalid_token"
        case .noWorkspace: "no_workspace"
        case .keysUnavailable: "keys_unavailable"
        case .tooManyFailures: "too_many_failures"
        case .rateLimited: "rate_limited"
        case .tooManyStreams: "too_many_streams"
        case .insufficientScope: "insufficient_scope"
        case .roleForbids: "role_forbids"
        case .noSession: "no_session"
        case .invalidRequest: "invalid_request"
        case .auditUnavailable: "audit_unavailable"
        case .overloaded: "overloaded"
        }
    }
}
