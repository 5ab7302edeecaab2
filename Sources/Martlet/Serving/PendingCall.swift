internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import JSON
internal import Libuv
internal import Logging
internal import MCP

/// A request that runs, from its start to its answer.
///
/// It knows its own exchange, so that whatever has become of the connection meanwhile, the answer
/// reaches this request or nobody. It is answered with JSON, unless something is said before the
/// answer: then the response becomes an event stream that ends with it. A client whose `Accept` admits
/// no event stream is told nothing before the answer, and cannot be asked.
///
/// Not `Sendable`: belongs to the loop of its connection.
final class PendingCall: ConversingCall {
    /// Where what is said goes.
    private enum Path {
        /// Nothing has been said.
        case unanswered
        case stream(StreamOutlet)
        /// A stream that the client can come back to.
        case resumable(ResumableStream)
        /// Answered, given up or taken back.
        case over
    }

    let call: FeatureCall
    let principal: Principal
    let session: LegacySession?
    let exchange: HTTPConnection.ExchangeID
    let connection: HTTPConnection
    let record: AccessRecord
    let originFields: FieldBlock?

    /// Of the result, from before the tool ran; `nil` if nobody can tell how long it holds.
    let resultVersion: UInt64?
    var task: Task<Void, Never>?

    let endpoint: Endpoint
    let responses: Responses

    /// Of the connection, until the call is over: it then serves other requests.
    private var handler: EndpointHandler?

    /// Whether anything can be said before the answer.
    private let canTalk: Bool
    private var path = Path.unanswered

    /// Whether it goes on though its client has gone.
    private var isUnattended = false

    /// Seconds that the tool has worked, waiting for the client not counted.
    private var workedSeconds = 0
    private var questions: [Questions] = []

    init(
        _ call: FeatureCall,
        by principal: Principal,
        session: LegacySession?,
        on connection: HTTPConnection,
        handler: EndpointHandler,
        record: AccessRecord,
        originFields: FieldBlock?
    ) {
        self.call = call
        self.principal = principal
        self.session = session
        self.connection = connection
        exchange = connection.currentExchange
        endpoint = handler.endpoint
        responses = handler.responses
        self.handler = handler
        canTalk = handler.takesStreams
        self.record = record
        self.originFields = originFields
        resultVersion = call.resultVersion
    }

    func run() async {
        let context = RequestContext(
            call,
            principal: principal,
            nowSeconds: WallClock.secondsSinceEpoch(),
            loopIndex: endpoint.loopIndex,
            link: LoopLink(call: LoopBound(self, on: endpoint.loop))
        )
        let outcome = await call.run(in: context)
        // Not before, whatever has become of the client: the limit is on what really runs.
        endpoint.shared.calls.end()
        if isUnattended { endpoint.unattended[ObjectIdentifier(self)] = nil }
        if case .failed(let failure) = outcome { endpoint.shared.logger.note(failure, of: call) }
        finish(outcome)
    }

    // What ends it.

    /// Answers with the limit instead of the result, which nobody waits for any longer.
    func timeOut(afterSeconds seconds: Int) {
        finish(.timedOut(afterSeconds: seconds))
        stop()
    }

    /// Nobody is there to be answered.
    ///
    /// In the modern era that is how a client cancels. In the legacy era it means nothing (MCP
    /// 2025-11-25, *Transports*, "Sending Messages to the Server"), and the tool finishes.
    func abandon() {
        guard call.protocolVersion.era == .modern else {
            if case .unanswered = path {
                noteEnd(.cancelled)
                giveUp()
                isUnattended = true
                endpoint.unattended[ObjectIdentifier(self)] = task
            }
            return
        }
        noteEnd(.cancelled)
        giveUp()
        stop()
    }

    /// The client takes the request back, or its session ends: nothing more is said.
    func cancel() {
        noteEnd(.cancelled)
        switch path {
        case .over: return
        case .unanswered: respondCancelled()
        case .stream(let outlet): outlet.end()
        case .resumable(let stream): stream.end()
        }
        giveUp()
        stop()
    }

    private func giveUp() {
        if case .over = path { return }
        path = .over
        forget()
    }

    /// Counts the end of the call, unless it has ended before.
    private func noteEnd(_ outcome: OperationOutcome) {
        if case .over = path { return }
        endpoint.observer?.didFinish(record, call.operation, outcome)
    }

    private func stop() {
        for question in questions { question.giveUp() }
        task?.cancel()
    }

    private func finish(_ outcome: CallOutcome) {
        noteEnd(OperationOutcome(outcome))
        switch path {
        case .over:
            return
        case .unanswered:
            path = .over
            forget()
            respond(with: outcome)
        case .stream(let outlet):
            giveUp()
            outlet.send(encoded(outcome).span)
            outlet.end()
        case .resumable(let stream):
            giveUp()
            stream.send(encoded(outcome))
            stream.end()
        }
    }

    private func forget() {
        endpoint.streamingCalls[ObjectIdentifier(self)] = nil
        if let session { endpoint.sessions.end(self, of: session.id) }
        handler?.didFinish(self)
        handler = nil
    }

    /// A second has passed, and the response is a stream: nobody else watches the time.
    func tick(isWelcome: Bool) {
        guard isWelcome else { return cancel() }
        guard questions.isEmpty else {
            for question in questions { question.tick() }
            return
        }
        workedSeconds += 1
        if workedSeconds > endpoint.shared.toolCallSeconds {
            timeOut(afterSeconds: endpoint.shared.toolCallSeconds)
        }
    }

    // What is said before the answer.

    /// Sends a notification, which a client that does not read goes without.
    func tell(_ notification: ByteBuffer) {
        beginStream()
        switch path {
        case .unanswered, .over: return
        case .stream(let outlet): if !outlet.isCongested { outlet.send(notification.span) }
        case .resumable(let stream): stream.send(notification, isDispensable: true)
        }
    }

    /// Ends the connection and not the request.
    func disconnect(retryMilliseconds: Int) {
        beginStream()
        guard case .resumable(let stream) = path else { return }
        stream.disconnect(retryMilliseconds: retryMilliseconds)
    }

    /// Sends requests to the client.
    ///
    /// `answered` is called once, with its answers in the order of the requests, or `nil` if they do
    /// not come.
    func ask(
        _ requests: [InputRequest],
        _ answered: @escaping @Sendable ([ClientResponse]?) -> Void
    ) {
        beginStream()
        guard case .resumable(let stream) = path, let session else { return answered(nil) }
        let secondsMax = endpoint.shared.clientAnswerSeconds
        let asked = Questions(count: requests.count, secondsMax: secondsMax, answered)
        questions.append(asked)
        for (index, request) in requests.enumerated() {
            let id = endpoint.nextRequestID()
            endpoint.sessions.expectAnswer(to: id, from: session.id) { [weak self] response in
                asked.receive(response, at: index)
                self?.questions.removeAll { $0.isOver }
            }
            asked.onEnd { [sessions = endpoint.sessions] in sessions.forgetQuestion(id) }
            stream.send(request.message(id, for: call.protocolVersion).bytes)
        }
    }

    private func beginStream() {
        guard canTalk, case .unanswered = path else { return }
        endpoint.streamingCalls[ObjectIdentifier(self)] = self
        let outlet = openStream()
        handler?.didBegin(outlet, of: self)
        guard let session else {
            if let outlet {
                outlet.didLoseClient = { [weak self] in self?.abandon() }
                path = .stream(outlet)
            }
            return
        }
        let stream = endpoint.archive.makeStream(
            .request,
            for: session.id,
            of: principal.subject
        )
        path = .resumable(stream)
        guard let outlet else { return }
        stream.attach(LoopBound(outlet, on: endpoint.loop), after: 0)
        // Older clients take an event without data for a message that is not JSON.
        if call.protocolVersion == .v2025_11_25 { stream.prime(retryMilliseconds: nil) }
    }
}

extension Logger {
    /// Says why a request failed, if that is for the operator to know.
    func note(_ failure: RequestFailure, of call: FeatureCall) {
        switch failure {
        case .rejected, .notFound, .missingCapability, .inputRequired:
            return
        case .unavailable(let reason):
            warning("\(call.name) is unavailable: \(reason)", metadata: call.logMetadata)
        case .failed(let reason):
            error("\(call.name) failed: \(reason)", metadata: call.logMetadata)
        }
    }
}

extension FeatureCall {
    /// What a line about the call is found by.
    fileprivate var logMetadata: Logger.Metadata? {
        trace?.parent.map { ["trace_id": "\($0.traceID)"] }
    }
}
