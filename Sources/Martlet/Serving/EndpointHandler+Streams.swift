internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import MCP

// Responses that are event streams, and what ends them.
extension EndpointHandler {
    /// Turns the response of a request that runs into a stream.
    ///
    /// - Returns: `nil` if nobody is there to read it.
    func beginStream(for call: PendingCall) -> StreamOutlet? {
        log(call.record, statusCode: 200)
        let outlet = StreamOutlet(
            streamHead(call.originFields),
            on: call.connection,
            call.exchange
        )
        if pendingCall === call { self.outlet = outlet }
        return outlet
    }

    /// `subscriptions/listen`, and the GET stream of a legacy session.
    ///
    /// - Returns: The stream, which has been begun; `nil` if there is none.
    func listen(
        _ audience: ChangeListener.Audience,
        by principal: Principal,
        on connection: HTTPConnection
    ) -> StreamOutlet? {
        guard admitStream(of: principal, on: connection) else { return nil }
        guard let outlet = openStream(on: connection) else {
            endpoint.shared.streamCensus.release(principal.subject)
            return nil
        }
        endpoint.subscriptions.add(ChangeListener(audience, principal, outlet))
        return outlet
    }

    /// - Returns: `false` if the subject has too many streams, which was answered.
    private func admitStream(of principal: Principal, on connection: HTTPConnection) -> Bool {
        guard !endpoint.shared.streamCensus.admit(principal.subject) else { return true }
        _ = respond(responses.tooMany("open streams", retryAfterSeconds: 1), on: connection)
        return false
    }

    /// Begins a stream on the current exchange.
    private func openStream(on connection: HTTPConnection) -> StreamOutlet? {
        log(record, statusCode: 200)
        let head = streamHead(originFields)
        outlet = StreamOutlet(head, on: connection, connection.currentExchange)
        streamCount += 1
        return outlet
    }

    /// GET: the session's stream, or the rest of one that broke off (MCP 2025-11-25, *Transports*).
    func openSessionStream(_ principal: Principal, on connection: HTTPConnection) {
        guard let session else { preconditionFailure("a GET stream belongs to a session") }
        guard let event = lastEventID, event.process == endpoint.shared.processNumber,
            let origin = endpoint.shared.relay.archive(event.loopIndex)
        else {
            _ = listen(.session(session), by: principal, on: connection)
            return
        }
        guard let outlet = openStream(on: connection) else { return }
        let number = streamCount
        let here = LoopBound(outlet, on: endpoint.loop)
        let handler = LoopBound(self, on: endpoint.loop)
        origin.runLater { archive in
            if let stream = archive.stream(event.stream, of: session.id) {
                stream.attach(here, after: event.sequence)
            } else {
                // Forgotten: what the session hears from now on is all there is.
                handler.run { $0.listen(.session(session), principal, overStream: number) }
            }
        }
    }

    /// Goes on as a session's stream where there was nothing to resume.
    private func listen(
        _ audience: ChangeListener.Audience,
        _ principal: Principal,
        overStream number: Int
    ) {
        guard number == streamCount, let outlet, outlet.isOpen else { return }
        guard endpoint.shared.streamCensus.admit(principal.subject) else { return outlet.end() }
        endpoint.subscriptions.add(ChangeListener(audience, principal, outlet))
    }

    /// DELETE: the session ends everywhere before its client hears so.
    func endSession(on connection: HTTPConnection) {
        guard let session else { preconditionFailure("only a session can be ended") }
        publish(.ended(session), thenRespond: responses.sessionEnded, on: connection)
    }

    /// Tells every loop of what happened to a session, then answers.
    func publish(
        _ event: SessionEvent,
        thenRespond response: ConstantResponse,
        on connection: HTTPConnection
    ) {
        let reply = Reply(response, record, originFields, connection, self)
        let relay = endpoint.shared.relay
        endpoint.loop.startTask(with: reply) { reply in
            await relay.publish(event)
            reply.send()
        }
    }

    func streamHead(_ originFields: FieldBlock?) -> ResponseHead {
        var head = ResponseHead(.ok, fields: responses.eventStream)
        if let originFields { head.fields.append(originFields) }
        return head
    }

    // What the transport says of a stream.

    func streamIsSilent(on connection: HTTPConnection) {
        outlet?.keepAlive()
    }

    func didDrainStream(on connection: HTTPConnection) {
        outlet?.didDrain()
    }

    func serverDrains(on connection: HTTPConnection) {
        outlet?.serverStops()
    }
}

/// A response that is given in a later turn than its request came in.
final class Reply {
    private let response: ConstantResponse
    private let record: AccessRecord
    private let originFields: FieldBlock?
    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID
    private let handler: EndpointHandler

    init(
        _ response: ConstantResponse,
        _ record: AccessRecord,
        _ originFields: FieldBlock?,
        _ connection: HTTPConnection,
        _ handler: EndpointHandler
    ) {
        self.response = response
        self.record = record
        self.originFields = originFields
        self.connection = connection
        exchange = connection.currentExchange
        self.handler = handler
    }

    func send() {
        handler.respond(response, record, originFields, on: connection, exchange)
    }
}
