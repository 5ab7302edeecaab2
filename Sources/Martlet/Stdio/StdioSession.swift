internal import AccessControl
internal import Bytes
internal import Libuv
internal import Logging
internal import MCP

/// One client that speaks over standard input, from its first line to the end.
///
/// Not `Sendable`: belongs to the loop.
final class StdioSession {
    enum Phase {
        case serving
        /// Behind with reading: no line is asked for until the client has caught up.
        case paused
        /// No more lines are read; what runs may finish.
        case draining(secondsLeft: Int)
        case over
    }

    /// Requests that are answered at once; more are refused.
    static let callCountMax = 1_024

    let setup: StdioSetup
    let loop: EventLoop
    let output: LineOutput
    let sessions = LoopSessions()

    let identity: StdioIdentity
    let audit: StdioAudit?
    private let input: LineInput
    let subscriptions: LoopSubscriptions
    let census: StreamCensus
    private let subjectLimit: RateLimitTable

    var phase = Phase.serving

    /// Whether all that was asked has been answered, and only the end is left.
    var isFinishing = false

    /// What `initialize` has begun.
    private var legacy: LegacySession?
    var calls: [RequestID: StdioCall] = [:]

    /// Counts those as well that are answered or taken back and whose tool has not ended.
    let runningCalls = CallCensus(countMax: .max)

    var exchanges: [RequestID: StdioTaskExchange] = [:]
    var outlets: [ObjectIdentifier: StdioOutlet] = [:]
    var listens: [RequestID: StdioOutlet] = [:]
    private var requestCount = 0
    var ticker: Ticker?
    var signals: [SignalWatcher] = []
    var ended: (@escaping @Sendable () -> Void) -> Void = { _ in }

    /// - Precondition: Called on the loop's thread.
    init(_ setup: StdioSetup, _ identity: StdioIdentity, on loop: EventLoop) throws(LibuvError) {
        self.setup = setup
        self.identity = identity
        self.loop = loop
        audit = setup.auditLog.map { StdioAudit($0, setup.dispatcher) }
        let configuration = setup.configuration
        output = try LineOutput(
            setup.output,
            highWaterMark: configuration.transport.sendQueueHighWaterMark,
            on: loop
        )
        input = try LineInput(
            setup.input,
            byteCountMax: configuration.transport.bodyByteCountMax
        )
        census = StreamCensus(perSubjectMax: configuration.streamsPerSubjectMax)
        subjectLimit = RateLimitTable(configuration.requestsPerSubject)
        subscriptions = LoopSubscriptions(
            on: loop,
            setup.changes,
            setup.dispatcher,
            sessions,
            census,
            SessionStreams(),
            setup.tasks
        )
    }

    /// Begins to read; `ended` is called once, with what is to be done off the loop.
    func start(
        _ ended: @escaping (@escaping @Sendable () -> Void) -> Void
    ) throws(LibuvError) {
        subscriptions.start()
        output.didDrain = { [unowned self] in didDrain() }
        output.didFail = { [unowned self] error in
            setup.logger.notice("\(error); nobody reads the answers")
            finish()
        }
        for signal in [SignalWatcher.Signal.interrupt, .terminate] {
            signals.append(
                try SignalWatcher(signal, on: loop) { [unowned self] in
                    setup.logger.info("stopping: finishing open requests")
                    drain()
                }
            )
        }
        try output.start()
        let bound = LoopBound(self, on: loop)
        try input.start { event in bound.runLater { $0.receive(event) } }
        let milliseconds = setup.configuration.transport.tickMilliseconds
        ticker = Ticker(on: loop, everyMilliseconds: milliseconds) { [unowned self] in
            tick(nowSeconds: WallClock.secondsSinceEpoch())
        }
        self.ended = ended
    }

    /// What ends the threads of input and output.
    func makeClosing() -> @Sendable () -> Void {
        let closeInput = input.makeClosing()
        let closeOutput = output.makeClosing()
        return {
            closeInput()
            closeOutput()
        }
    }

    /// An id for a request of the server.
    func nextRequestID() -> RequestID {
        requestCount += 1
        return RequestID("martlet-\(requestCount)")
    }

    /// The session whose client can still answer.
    var answering: LegacySession? {
        switch phase {
        case .serving, .paused: legacy
        case .draining, .over: nil
        }
    }

    // What comes in.

    private func receive(_ event: LineInput.Event) {
        guard case .serving = phase else { return }
        switch event {
        case .line(let line):
            receive(line.span)
        case .tooLong:
            var answer = ByteBuffer()
            let byteCountMax = setup.configuration.transport.bodyByteCountMax
            setup.dispatcher.encode(
                .tooLong(byteCountMax: byteCountMax),
                ofUnreadMessageIn: sessionState,
                into: &answer
            )
            output.send(answer.span)
        case .end:
            return drain()
        case .failed(let error):
            setup.logger.error("\(error)")
            return drain()
        }
        if case .serving = phase { askForMore() }
    }

    private func askForMore() {
        if output.isCongested {
            phase = .paused
        } else {
            phase = .serving
            input.next()
        }
    }

    private func didDrain() {
        for outlet in outlets.values { outlet.didDrain() }
        if case .paused = phase { askForMore() }
    }

    /// Where a message stands.
    private enum Place {
        case message
        case element
    }

    private var sessionState: SessionState? { legacy.flatMap { sessions.state(of: $0) } }

    private func receive(_ message: Span<UInt8>) {
        take(message, as: .message) { [output] answer in
            if let answer { output.send(answer.span) }
        }
    }

    /// Does what a message asks for.
    ///
    /// `answer` is called once, now or later, with the response or with `nil` if there is none.
    private func take(
        _ message: Span<UInt8>,
        as place: Place,
        _ answer: @escaping (ByteBuffer?) -> Void
    ) {
        let dispatcher = setup.dispatcher
        let record = setup.accessLog.map { LineRecord(of: message, in: $0, on: loop) }
        let answer = Self.recorded(answer, in: record)
        var response = ByteBuffer()
        let principal: Principal
        do throws(StdioError) {
            principal = try identity.principal(nowSeconds: WallClock.secondsSinceEpoch())
        } catch {
            _ = audit?.note(message, by: nil, error.reason, error.clientDescription)
            let refusal = RequestRefusal.unauthorized(reason: error.clientDescription)
            return refuse(message, refusal, answer)
        }
        record?.note(principal)
        let outcome = subjectLimit.take(
            principal.subject,
            atMilliseconds: loop.monotonicMilliseconds
        )
        if case .refused = outcome,
            dispatcher.encode(.tooMany("requests"), of: message, into: &response)
        {
            _ = audit?.note(message, by: principal, .rateLimited)
            return answer(response)
        }
        let dispatch = dispatcher.dispatch(
            message,
            session: sessionState,
            caller: principal,
            into: &response
        )
        if let audit, !audit.note(dispatch, of: message, by: principal) {
            return refuse(message, .unrecorded, answer)
        }
        switch dispatch {
        case .respond:
            answer(response)
        case .respondInPlainText:
            preconditionFailure("there is no plain text between messages")
        case .accepted:
            answer(nil)
        case .refuse(let decision):
            refuse(message, dispatcher.refusal(of: decision), answer)
        case .beginSession(let version, let capabilities):
            answer(response)
            beginSession(version, capabilities, of: principal)
        case .call(let call):
            record?.note(call)
            if call.runsAsTask {
                start(.call(call), by: principal, message, answer)
            } else {
                start(call, by: principal, message, answer)
            }
        case .repeated:
            preconditionFailure("no results were given that could be repeated")
        case .listen(let request) where !request.filter.taskIDs.isEmpty:
            start(.listen(request), by: principal, message, answer)
        case .listen(let request):
            listen(request, by: principal, message, answer)
        case .task(let request):
            start(.task(request), by: principal, message, answer)
        case .change, .deliver, .cancel:
            apply(dispatch)
            answer(response.isEmpty ? nil : response)
        case .batch where place == .element:
            _ = audit?.note(message, by: principal, .invalidRequest)
            answer(EndpointHandler.malformedElement)
        case .batch(let places):
            let batch = StdioBatch(count: places.count) { answer($0) }
            for place in places {
                take(message.extracting(place), as: .element, batch.receive)
            }
        }
    }

    private static func recorded(
        _ answer: @escaping (ByteBuffer?) -> Void,
        in record: LineRecord?
    ) -> (ByteBuffer?) -> Void {
        guard let record else { return answer }
        return { response in
            record.end(with: response)
            answer(response)
        }
    }

    func refuse(
        _ message: Span<UInt8>,
        _ refusal: RequestRefusal,
        _ answer: (ByteBuffer?) -> Void
    ) {
        var response = ByteBuffer()
        let isRequest = setup.dispatcher.encode(refusal, of: message, into: &response)
        answer(isRequest ? response : nil)
    }

    private func beginSession(
        _ version: ProtocolVersion,
        _ capabilities: ClientCapabilities,
        of principal: Principal
    ) {
        let session = LegacySession(
            id: .random(),
            version: version,
            capabilities: capabilities,
            expirySeconds: .max
        )
        legacy = session
        guard census.admit(principal.subject) else { return }
        add(.session(session), principal, makeOutlet(nil))
    }

    private func start(
        _ call: FeatureCall,
        by principal: Principal,
        _ message: Span<UInt8>,
        _ answer: @escaping (ByteBuffer?) -> Void
    ) {
        guard !isInUse(call.requestID) else { return refuse(message, .idInUse, answer) }
        guard calls.count + exchanges.count < Self.callCountMax else {
            _ = audit?.note(message, by: principal, .overloaded)
            return refuse(message, .tooMany("requests at once"), answer)
        }
        _ = runningCalls.admit()
        let running = StdioCall(call, by: principal, of: self, answer: answer)
        calls[call.requestID] = running
        running.task = loop.startTask(with: running) { await $0.run() }
    }

    private func start(
        _ request: StdioTaskExchange.Request,
        by principal: Principal,
        _ message: Span<UInt8>,
        _ answer: @escaping (ByteBuffer?) -> Void
    ) {
        guard let keeper = setup.tasks else { preconditionFailure("no tool runs as a task") }
        guard !isInUse(request.id) else { return refuse(message, .idInUse, answer) }
        guard calls.count + exchanges.count < Self.callCountMax else {
            _ = audit?.note(message, by: principal, .overloaded)
            return refuse(message, .tooMany("requests at once"), answer)
        }
        let exchange = StdioTaskExchange(
            request,
            by: principal,
            of: keeper,
            in: self,
            answer: answer
        )
        exchanges[request.id] = exchange
        loop.startTask(with: exchange) { await $0.run() }
    }

    func isInUse(_ id: RequestID) -> Bool {
        calls[id] != nil || listens[id] != nil || exchanges[id] != nil
    }

    /// What the client says of its session or of another request.
    private func apply(_ dispatch: Dispatch) {
        switch dispatch {
        case .change(let change):
            if let legacy { sessions.apply(.changed(legacy, change)) }
        case .deliver(let response):
            if let legacy { sessions.apply(.answered(legacy.id, response)) }
        case .cancel(let id):
            calls[id]?.cancel()
            exchanges[id]?.cancel()
            listens[id]?.lose()
        default:
            preconditionFailure("something else is done with any other message")
        }
    }
}
