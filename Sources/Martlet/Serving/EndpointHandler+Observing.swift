internal import Bytes
internal import HTTP1
internal import MCP

// What is noted of requests for those who watch the server.
extension EndpointHandler {
    /// Takes note of what a head says.
    func observe(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        by observer: LoopObserver
    ) {
        record.observation = observer.begin(
            head.method,
            endpoint.route(bytes.extracting(head.path))
        )
        guard let field = head.value(of: .traceparent), !head.isRepeated(.traceparent) else {
            return
        }
        record.observation.trace = RequestTrace(traceparent: bytes.extracting(field))
        guard observer.isTracing, record.observation.trace != nil,
            let state = head.value(of: .tracestate)
        else { return }
        record.observation.traceState = RequestTrace.state(bytes.extracting(state))
    }

    /// Records that a request is refused, if it is.
    ///
    /// - Returns: The response to be given: another one where the refusal must be recorded and
    ///   cannot be.
    func recorded(_ response: ConstantResponse, _ record: AccessRecord) -> ConstantResponse {
        guard let reason = response.refusal, let observer = endpoint.observer,
            !observer.note(record, from: client, reason, response.detail)
        else { return response }
        return responses.auditUnavailable
    }

    /// Records what a message asks for and that it is served, or not understood.
    ///
    /// A refusal is recorded with its response.
    ///
    /// - Returns: `false` if that must be recorded and cannot be: then the request is not served.
    func observe(_ dispatch: Dispatch, of body: Span<UInt8>) -> Bool {
        guard let observer = endpoint.observer else { return true }
        let operation = operation(of: dispatch, body)
        if let trace = Self.trace(of: dispatch), let parent = trace.parent {
            // `_meta` is nearer to the caller than fields.
            record.observation.trace = RequestTrace(traceparent: parent.text.utf8.span)
            if observer.isTracing { record.observation.traceState = trace.state ?? "" }
        }
        observer.didUnderstand(&record.observation, operation)
        if let outcome = Self.outcome(of: dispatch, operation) {
            observer.didFinish(record, operation, outcome)
        }
        switch dispatch {
        // The messages of a batch are decisions of their own.
        case .refuse, .batch: return true
        case .respond(let statusCode) where statusCode >= 400,
            .respondInPlainText(let statusCode) where statusCode >= 400:
            return observer.note(record, from: client, .invalidRequest)
        default:
            return observer.note(record, from: client, nil)
        }
    }

    private static func trace(of dispatch: Dispatch) -> TraceContext? {
        switch dispatch {
        case .call(let call): call.trace
        case .repeated(let call): call.trace
        default: nil
        }
    }

    /// How a message ended that needs no further turn; `nil` for one that does.
    private static func outcome(of dispatch: Dispatch, _ operation: Operation) -> OperationOutcome?
    {
        switch dispatch {
        case .call, .repeated, .task, .batch: nil
        case .listen(let request): request.filter.taskIDs.isEmpty ? .served : nil
        case .refuse: .forbidden
        case .respond(let statusCode) where statusCode >= 400,
            .respondInPlainText(let statusCode) where statusCode >= 400:
            .invalidRequest
        // The schema of the tool has objected, and the model is told.
        case .respond where operation.method == .toolsCall: .toolError
        case .respond, .respondInPlainText, .beginSession, .accepted, .change, .deliver, .cancel:
            .served
        }
    }

    /// The same for one message of a batch, whose refusal has no response of its own.
    func observeElement(_ dispatch: Dispatch, _ message: Span<UInt8>) -> Bool {
        guard endpoint.observer != nil, case .refuse(let decision) = dispatch else {
            return observe(dispatch, of: message)
        }
        let reason = refusal(of: decision)?.refusal ?? .roleForbids
        return observeElement(message, reason)
    }

    /// Records that one message of a batch is refused.
    func observeElement(_ message: Span<UInt8>, _ reason: RefusalReason) -> Bool {
        guard let observer = endpoint.observer else { return true }
        record.observation.operation = regime.dispatcher.operation(of: message)
        return observer.note(record, from: client, reason)
    }

    /// Records that a session's stream is opened, or the session ended.
    ///
    /// - Returns: `false` if that must be recorded and cannot be.
    func observeSession() -> Bool {
        endpoint.observer?.note(record, from: client, nil) ?? true
    }

    /// What a message asks for; in the legacy era that is read from it, if it was not before.
    func operation(of dispatch: Dispatch, _ body: Span<UInt8>) -> Operation {
        if case .call(let call) = dispatch { return call.operation }
        if case .repeated(let call) = dispatch { return call.operation }
        guard fields.era == .legacy else { return record.observation.operation }
        return regime.dispatcher.operation(of: body)
    }
}
