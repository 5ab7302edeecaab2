internal import AccessControl
internal import Libuv
internal import MCP
internal import Telemetry

/// Records what is decided of lines, as the server does of requests.
///
/// Not `Sendable`: belongs to the loop.
final class StdioAudit {
    private let log: AuditLog
    private let dispatcher: Dispatcher

    init(_ log: AuditLog, _ dispatcher: Dispatcher) {
        self.log = log
        self.dispatcher = dispatcher
    }

    /// A second has passed.
    func tick() {
        log.tick(atMilliseconds: WallClock.millisecondsSinceEpoch())
    }

    /// Records what is done with a message.
    ///
    /// - Returns: `false` if that must be recorded and cannot be: then it is not done.
    func note(
        _ dispatch: Dispatch,
        of message: Span<UInt8>,
        by principal: Principal
    ) -> Bool {
        switch dispatch {
        // The messages of a batch are decisions of their own.
        case .batch: return true
        case .refuse(let decision):
            let refusal = dispatcher.refusal(of: decision)
            return note(message, by: principal, refusal.reason, refusal.detail)
        case .respond(let statusCode) where statusCode >= 400,
            .respondInPlainText(let statusCode) where statusCode >= 400:
            return note(message, by: principal, .invalidRequest)
        case .call(let call):
            let parent = call.trace?.parent?.text
            let trace = parent.flatMap { RequestTrace(traceparent: $0.utf8.span) }
            return record(call.operation, by: principal, nil, trace: trace)
        default:
            return note(message, by: principal, nil)
        }
    }

    /// Records a decision on a message.
    ///
    /// - Returns: `false` if it must be recorded and cannot be.
    func note(
        _ message: Span<UInt8>,
        by principal: Principal?,
        _ refusal: RefusalReason?,
        _ detail: String = ""
    ) -> Bool {
        record(dispatcher.operation(of: message), by: principal, refusal, detail)
    }

    private func record(
        _ operation: Operation,
        by principal: Principal?,
        _ refusal: RefusalReason?,
        _ detail: String = "",
        trace: RequestTrace? = nil
    ) -> Bool {
        var line = AuditRecord(
            operation,
            by: principal,
            of: dispatcher,
            from: .standardInput,
            refusal
        )
        line.detail = detail
        line.trace = trace?.traceID ?? ""
        return log.record(line)
    }
}

extension RequestRefusal {
    /// The word for it in logs.
    var reason: RefusalReason {
        switch self {
        case .forbidden(scope: .some): .insufficientScope
        case .forbidden(scope: nil): .roleForbids
        case .unauthorized: .invalidToken
        case .tooMany: .rateLimited
        case .idInUse, .tooLong: .invalidRequest
        case .unrecorded: .auditUnavailable
        }
    }

    /// The scope that would help.
    var detail: String {
        if case .forbidden(scope: let scope?) = self { scope } else { "" }
    }
}

extension StdioError {
    /// The word for it in logs.
    var reason: RefusalReason {
        switch self {
        case .malformedToken: .malformedCredentials
        case .workspace: .noWorkspace
        case .unknownRole, .token, .revokedToken, .noAPIKeys, .apiKey: .invalidToken
        }
    }
}
