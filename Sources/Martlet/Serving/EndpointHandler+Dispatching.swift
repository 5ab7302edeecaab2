internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import MCP

// What is done with a message, once its body is there.
extension EndpointHandler {
    func dispatch(
        _ body: Span<UInt8>,
        of principal: Principal,
        on connection: HTTPConnection
    ) {
        // Moved out and back, so that its storage is kept from request to request.
        var content = ByteBuffer()
        swap(&content, &endpoint.content)
        content.removeAll()
        let dispatch = regime.dispatcher.dispatch(
            body,
            fields: fields,
            session: sessionState,
            caller: principal,
            results: endpoint.results,
            into: &content
        )
        if endpoint.observer != nil, !observe(dispatch, of: body) {
            swap(&content, &endpoint.content)
            _ = respond(responses.auditUnavailable, on: connection)
            return
        }
        switch dispatch {
        case .respond(let statusCode):
            respond(statusCode, responses.json, content.span, on: connection)
        case .respondInPlainText(let statusCode):
            respond(statusCode, Self.plainText(responses), content.span, on: connection)
        case .beginSession(let version, let capabilities):
            beginSession(version, capabilities, of: principal, content.span, on: connection)
        case .accepted:
            _ = respond(responses.accepted, on: connection)
        case .refuse(let decision):
            if let refusal = refusal(of: decision) { _ = respond(refusal, on: connection) }
        case .call(let call):
            if endpoint.isRecording { record.note(call) }
            if let refusal = refusal(byToolOf: call.operation, principal) {
                _ = respond(refusal, on: connection)
                break
            }
            // Back in its place first: a tool that does not suspend answers before this returns.
            swap(&content, &endpoint.content)
            guard call.runsAsTask || endpoint.shared.calls.admit() else {
                _ = respond(responses.overloaded, on: connection)
                return
            }
            guard call.runsAsTask else { return start(call, by: principal, on: connection) }
            return start(.call(call), by: principal, on: connection)
        case .repeated(let call):
            if endpoint.isRecording { record.note(call, by: regime.dispatcher) }
            if let refusal = refusal(byToolOf: call.operation, principal) {
                _ = respond(refusal, on: connection)
                break
            }
            endpoint.observer?.didFinish(record, call.operation, .served)
            respond(200, responses.json, content.span, on: connection)
        case .task(let request):
            swap(&content, &endpoint.content)
            return start(.task(request), by: principal, on: connection)
        case .listen where !takesStreams:
            _ = respond(responses.notAcceptable, on: connection)
        case .listen(let request) where !request.filter.taskIDs.isEmpty:
            swap(&content, &endpoint.content)
            return start(.listen(request), by: principal, on: connection)
        case .listen(let request):
            _ = listen(request, by: principal, on: connection)
        case .change(let change):
            guard let session else { preconditionFailure("only a session can be changed") }
            let response = ConstantResponse(
                ResponseHead(.ok, fields: responses.json),
                content: content
            )
            publish(.changed(session, change), thenRespond: response, on: connection)
        case .deliver(let response):
            guard let session else { _ = respond(responses.accepted, on: connection); break }
            let event = SessionEvent.answered(session.id, response)
            publish(event, thenRespond: responses.accepted, on: connection)
        case .cancel(let request):
            guard let session else { _ = respond(responses.accepted, on: connection); break }
            let event = SessionEvent.cancelled(session.id, request)
            publish(event, thenRespond: responses.accepted, on: connection)
        case .batch(let places):
            swap(&content, &endpoint.content)
            return startBatch(places, in: body, by: principal, on: connection)
        }
        swap(&content, &endpoint.content)
    }

    private func start(
        _ call: FeatureCall,
        by principal: Principal,
        on connection: HTTPConnection
    ) {
        let pending = PendingCall(
            call,
            by: principal,
            session: session,
            on: connection,
            handler: self,
            record: record,
            originFields: originFields
        )
        pendingCall = pending
        if let session { endpoint.sessions.begin(pending, of: session.id) }
        pending.task = endpoint.loop.startTask(with: pending) { await $0.run() }
    }

    private func start(
        _ request: TaskExchange.Request,
        by principal: Principal,
        on connection: HTTPConnection
    ) {
        let exchange = TaskExchange(request, by: principal, on: connection, handler: self)
        taskExchange = exchange
        endpoint.loop.startTask(with: exchange) { await $0.run() }
    }

    private func beginSession(
        _ version: ProtocolVersion,
        _ capabilities: ClientCapabilities,
        of principal: Principal,
        _ content: Span<UInt8>,
        on connection: HTTPConnection
    ) {
        var fields = responses.json
        let id = endpoint.shared.sealer.seal(
            version,
            capabilities,
            of: principal,
            nowSeconds: WallClock.secondsSinceEpoch()
        )
        if let id, let value = FieldValue(id) { fields.append(.mcpSessionID, value) }
        respond(200, fields, content, on: connection)
    }
}
