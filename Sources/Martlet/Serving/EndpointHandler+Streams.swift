internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import MCP

// Responses that are event streams, and what ends them.
extension EndpointHandler {
    /// `subscriptions/listen`.
    ///
    /// - Returns: The stream, which has been begun; `nil` if there is none.
    func listen(
        _ request: ListenRequest,
        by principal: Principal,
        on connection: HTTPConnection
    ) -> StreamOutlet? {
        guard let outlet = openCountedStream(of: principal, on: connection) else { return nil }
        endpoint.subscriptions.add(ChangeListener(.subscription(request), principal, outlet))
        return outlet
    }

    /// Begins a stream of changes on the current exchange.
    ///
    /// - Returns: `nil` if nobody reads it, or the subject has too many, which was answered.
    private func openCountedStream(
        of principal: Principal,
        on connection: HTTPConnection
    ) -> StreamOutlet? {
        guard admitStream(of: principal, on: connection) else { return nil }
        guard let outlet = openStream(on: connection) else {
            endpoint.shared.streamCensus.release(principal.subject)
            return nil
        }
        return outlet
    }

    /// - Returns: `false` if the subject has too many streams, which was answered.
    private func admitStream(of principal: Principal, on connection: HTTPConnection) -> Bool {
        guard !endpoint.shared.streamCensus.admit(principal.subject) else { return true }
        let refusal = responses.tooMany("open streams", retryAfterSeconds: 1, .tooManyStreams)
        _ = respond(refusal, on: connection)
        return false
    }

    /// Begins a stream on the current exchange.
    private func openStream(on connection: HTTPConnection) -> StreamOutlet? {
        log(record, statusCode: 200)
        let head = responses.streamHead(originFields)
        outlet = StreamOutlet(head, on: connection, connection.currentExchange)
        streamCount += 1
        return outlet
    }

    /// GET: the session's stream, or the rest of one that broke off (MCP 2025-11-25, *Transports*).
    func openSessionStream(_ principal: Principal, on connection: HTTPConnection) {
        guard let session else { preconditionFailure("a GET stream belongs to a session") }
        guard let event = lastEventID else {
            guard let outlet = openCountedStream(of: principal, on: connection) else { return }
            return listen(to: session, principal, over: outlet)
        }
        switch event.kind {
        case .request: resumeRequest(event, of: session, principal, on: connection)
        case .session: resumeSession(event, of: session, principal, on: connection)
        }
    }

    /// Goes on with the stream of a request here, wherever it is.
    private func resumeRequest(
        _ event: EventID,
        of session: LegacySession,
        _ principal: Principal,
        on connection: HTTPConnection
    ) {
        let relay = endpoint.shared.relay
        if event.process != endpoint.shared.processNumber, relay.hasOthers {
            resumeElsewhere(event, of: session, principal, on: connection)
        } else if event.process == endpoint.shared.processNumber,
            let origin = relay.archive(event.loopIndex)
        {
            resumeRequest(event, from: origin, of: session, principal, on: connection)
        } else {
            guard let outlet = openCountedStream(of: principal, on: connection) else { return }
            listen(to: session, principal, over: outlet)
        }
    }

    private func resumeRequest(
        _ event: EventID,
        from origin: LoopBound<StreamArchive>,
        of session: LegacySession,
        _ principal: Principal,
        on connection: HTTPConnection
    ) {
        guard let outlet = openStream(on: connection) else { return }
        let number = streamCount
        let here = LoopBound(outlet, on: endpoint.loop)
        let handler = LoopBound(self, on: endpoint.loop)
        origin.runLater { archive in
            if let stream = archive.stream(event.stream, of: session.id) {
                stream.attach(here, after: event.sequence)
            } else {
                // Forgotten: what the session hears from now on is all there is.
                handler.run { $0.listen(to: session, principal, overStream: number) }
            }
        }
    }

    /// Goes on with a session's stream here, wherever it was before.
    private func resumeSession(
        _ event: EventID,
        of session: LegacySession,
        _ principal: Principal,
        on connection: HTTPConnection
    ) {
        guard let outlet = openCountedStream(of: principal, on: connection) else { return }
        let held = hold(session, principal, over: outlet)
        SessionResumption(of: session.id, with: held, on: endpoint).goOn(after: event)
    }

    /// Goes on here with the stream of a request at another process, which sends what is left of it.
    private func resumeElsewhere(
        _ event: EventID,
        of session: LegacySession,
        _ principal: Principal,
        on connection: HTTPConnection
    ) {
        guard let outlet = openStream(on: connection) else { return }
        let number = streamCount
        let stream = RemoteStream { [weak self] part in
            switch part {
            case .found, .change: break
            case .message(let sequence, let message):
                outlet.send(message.span, .init(id: event.with(sequence: sequence).fieldValue))
            case .end: outlet.end()
            case .moved, .missing: self?.listen(to: session, principal, overStream: number)
            }
        }
        outlet.didLoseClient = { [weak stream] in stream?.close() }
        let relay = endpoint.shared.relay
        let ticket = endpoint.sessions.read(stream, of: session.id)
        let wish = SessionEvent.resumed(session.id, event, ticket: ticket, successor: nil).notice
        endpoint.loop.startTask(with: relay) { await $0.forward(wish) }
    }

    /// Goes on as a session's stream where there was nothing to resume.
    private func listen(
        to session: LegacySession,
        _ principal: Principal,
        overStream number: Int
    ) {
        guard number == streamCount, let outlet, outlet.isOpen else { return }
        // The session may have ended while another process was asked.
        guard !endpoint.sessions.isEnded(session.id) else { return outlet.end() }
        guard endpoint.shared.streamCensus.admit(principal.subject) else { return outlet.end() }
        listen(to: session, principal, over: outlet)
    }

    /// Tells of changes from now on.
    private func listen(
        to session: LegacySession,
        _ principal: Principal,
        over outlet: StreamOutlet
    ) {
        hold(session, principal, over: outlet).goOn(with: StreamRest())
    }

    /// Takes note of changes, and tells of them once it is known what comes before.
    private func hold(
        _ session: LegacySession,
        _ principal: Principal,
        over outlet: StreamOutlet
    ) -> HeldStream {
        let stream = endpoint.archive.makeStream(
            .session,
            for: session.id,
            of: principal.subject
        )
        let kept = SessionOutlet(stream, over: outlet, on: endpoint.loop)
        let subscriptions = endpoint.subscriptions
        let listener = ChangeListener(.session(session), principal, kept)
        kept.didLeave = { [weak listener] in
            if let listener { subscriptions.leave(listener) }
        }
        kept.didHandOver = { [weak listener] in
            listener.map { subscriptions.handOver($0) } ?? []
        }
        // What was announced before is in the stream that this one goes on with, if it is to be told.
        subscriptions.catchUp()
        subscriptions.add(listener)
        // Older clients take an event without data for a message that is not JSON.
        if session.version == .v2025_11_25 { stream.prime(retryMilliseconds: nil) }
        return HeldStream(stream.id, listener, kept, subscriptions)
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
