internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import MCP

/// Answers the requests of a connection: who asks, may they, what is it.
///
/// It knows of one request at a time, and nothing of the one before: a proxy sends everybody's
/// requests on the same connection. So a connection that is idle leaves it to another one.
///
/// The order is that of cost: what the request line and the fields decide is decided before the
/// token is looked at, and what the token decides before the body is read.
final class EndpointHandler: HTTPRequestHandler {
    let endpoint: Endpoint

    // Of the current request.

    /// What is decided by, from its head to its answer.
    var regime: LoopRegime

    /// Who asks, as far as trusted proxies tell; `nil` on a UNIX domain socket.
    var client: PeerAddress?
    var principal: Principal?

    /// Of the lists that ``principal`` was let in by.
    var accessGeneration = 0
    var fields = MirroredFields()
    private var verb = Verb.post
    var session: LegacySession?
    var sessionState: SessionState?
    var lastEventID: EventID?

    /// Whether the client reads event streams; one that does not is answered with JSON alone.
    var takesStreams = true

    /// The stream that the response is, if it is one.
    var outlet: StreamOutlet?

    /// How many streams the connection has had, so that what comes late finds another number.
    var streamCount = 0
    var originFields: FieldBlock?
    var record = AccessRecord()
    var pendingCall: PendingCall?

    /// The request, while it waits for the tasks that are kept.
    var taskExchange: TaskExchange?

    /// The request itself, while it waits for a key.
    var waiting: WaitingRequest?

    /// Whether nothing is known of any request.
    var isBlank = true

    /// What is done with the endpoint.
    enum Verb {
        case post
        /// Open the session's stream.
        case get
        /// End the session.
        case delete
    }

    init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
        regime = endpoint.regime
    }

    var responses: Responses { regime.responses }

    // The head.

    func receiveHead(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        begin(head, bytes, on: connection)
        let route = endpoint.route(bytes.extracting(head.path))
        switch route {
        case .health where head.isSafe:
            return respond(responses.healthy, on: connection)
        case .readiness where head.isSafe:
            return respond(endpoint.shared.readiness(responses), on: connection)
        default:
            break
        }
        // Health probes come by address; everything else must name a host that is served.
        if let refusal = refusalOfHost(head, bytes) { return respond(refusal, on: connection) }
        // The metadata is for every origin.
        if route == .metadata, head.isSafe { return respond(responses.metadata, on: connection) }
        if route == .metadata, head.method == .options {
            return respond(responses.metadataPreflight, on: connection)
        }
        if let origin = head.value(of: .origin) {
            switch endpoint.shared.originPolicy.decision(on: bytes.extracting(origin)) {
            case .allowed(let index) where !head.isRepeated(.origin):
                originFields = endpoint.shared.originPolicy.fields(ofOriginAt: index)
            case .allowed, .refused: return respond(responses.originRefused, on: connection)
            }
        }
        if head.method == .options { return respondToOptions(head, bytes, on: connection) }
        switch route {
        case .mcp:
            return receiveMessageHead(head, bytes, on: connection)
        case .status where head.isSafe:
            return respond(responses.status, on: connection)
        case .unknown:
            return respond(responses.notFound, on: connection)
        case .status, .health, .readiness, .metadata:
            return respond(responses.readOnlyPath, on: connection)
        }
    }

    private func receiveMessageHead(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        if endpoint.load.isExcessive { return respond(responses.overloaded, on: connection) }
        if let refusal = refusalOfForm(head, bytes) { return respond(refusal, on: connection) }
        let credentials = Credentials(head, bytes, apiKeys: apiKeyUse)
        if credentials == .none {
            collectFields(head, bytes)
            if let anonymous = regime.anonymousPrincipal, !head.contains(.authorization) {
                return receive(anonymous, SessionField(head), in: bytes, on: connection)
            }
            return respond(regime.noCredentials(for: fields), on: connection)
        }
        switch authenticate(credentials, bytes) {
        case .failure(.response(let response)): return respond(response, on: connection)
        case .failure(.missingKey(let missing)):
            guard case .bearer(let token) = credentials else {
                preconditionFailure("only tokens are verified with keys that may be missing")
            }
            return wait(for: missing, bytes.extracting(token), head, bytes, on: connection)
        case .success(let principal):
            collectFields(head, bytes)
            return receive(principal, SessionField(head), in: bytes, on: connection)
        }
    }

    /// What refuses a request by its method and media types; takes note of what it wants.
    private func refusalOfForm(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>
    ) -> ConstantResponse? {
        switch head.method {
        case .post:
            verb = .post
            guard let type = head.value(of: .contentType), head.count(of: .contentType) == 1,
                MediaTypes.isJSON(bytes.extracting(type))
            else { return responses.notJSON }
            if head.contains(.accept), !Self.accepts(head, bytes, MediaTypes.acceptsAnswer) {
                return responses.notAcceptable
            }
            takesStreams =
                !head.contains(.accept)
                || Self.accepts(head, bytes, MediaTypes.acceptsEventStream)
            return nil
        case .get, .delete:
            guard head.contains(.mcpSessionID) || Self.isLegacy(head, bytes) else {
                return responses.postOnly
            }
            guard head.contains(.mcpSessionID) else { return responses.sessionMissing }
            verb = head.method == .get ? .get : .delete
            if verb == .get, !Self.accepts(head, bytes, MediaTypes.acceptsEventStream) {
                return responses.noEventStreamWanted
            }
            lastEventID = head.value(of: .lastEventID).flatMap { EventID(bytes.extracting($0)) }
            return nil
        default:
            return responses.postOnly
        }
    }

    /// Whether the version that a request names is one with sessions.
    private static func isLegacy(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> Bool {
        guard let version = head.value(of: .mcpProtocolVersion) else { return false }
        return ProtocolVersion(bytes.extracting(version))?.era == .legacy
    }

    /// Goes on with a request whose sender is known and whose `Mcp-*` fields are collected.
    ///
    /// `bytes` are those that the session field's range counts in.
    func receive(
        _ principal: Principal,
        _ sessionField: SessionField,
        in bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        self.principal = principal
        accessGeneration = endpoint.accessLists.generation
        if endpoint.isRecording { record.principal = principal }
        if case .refused(let seconds) = endpoint.admit(principal) {
            return respond(tooManyRequests(of: principal, seconds), on: connection)
        }
        if endpoint.shared.tellsRateLimits { tellShare(of: principal) }
        return receiveFields(principal, sessionField, in: bytes, on: connection)
    }

    /// Whether one of the lines of `Accept`, which are one list (RFC 9110 §5.3), admits an answer.
    private static func accepts(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        _ isAdmitted: (Span<UInt8>) -> Bool
    ) -> Bool {
        let lines = head.fields
        for index in lines.indices where lines[index].knownName == .accept {
            if isAdmitted(bytes.extracting(lines[index].value)) { return true }
        }
        return false
    }

    /// What the `Mcp-*` fields already decide.
    private func receiveFields(
        _ principal: Principal,
        _ sessionField: SessionField,
        in bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        // GET and DELETE are legacy, whatever version they name beside their session.
        switch verb == .post ? fields.era : .legacy {
        case .modern:
            let toolLimits = endpoint.shared.toolLimits
            if endpoint.observer != nil || toolLimits != nil {
                record.observation.operation = regime.dispatcher.operation(namedBy: fields)
            }
            let decision = regime.dispatcher.decisionBeforeBody(
                fields,
                of: principal
            )
            if let refusal = refusal(of: decision) { return respond(refusal, on: connection) }
            if let toolLimits,
                let refusal = refusal(by: toolLimits, record.observation.operation, principal)
            {
                return respond(refusal, on: connection)
            }
        case .legacy:
            let id: Range<Int>
            switch sessionField {
            case .absent: return .readBody
            case .repeated: return respond(responses.noSession, on: connection)
            case .single(let value): id = value
            }
            let session = endpoint.shared.sealer.open(
                bytes.extracting(id),
                by: principal,
                nowSeconds: WallClock.secondsSinceEpoch()
            )
            guard let session, let state = endpoint.sessions.state(of: session) else {
                return respond(responses.noSession, on: connection)
            }
            // A version that is repeated is refused with the body, whatever it says.
            if fields.version.count == 1,
                !fields.version.value.span.equals(session.version.rawValue)
            {
                return respond(responses.otherSessionVersion, on: connection)
            }
            self.session = session
            sessionState = state
        }
        return .readBody
    }

    func collectFields(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) {
        Self.collectFields(head, bytes, into: &fields)
        guard endpoint.accessLog != nil else { return }
        record.traceID = TraceContext(fields)?.parent?.traceID
    }

    private static func collectFields(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        into fields: inout MirroredFields
    ) {
        let lines = head.fields
        for index in lines.indices {
            let value = lines[index].value
            switch lines[index].knownName {
            case .mcpProtocolVersion: fields.version.add(bytes.extracting(value))
            case .mcpMethod: fields.method.add(bytes.extracting(value))
            case .mcpName: fields.name.add(bytes.extracting(value))
            case .traceparent: fields.addTrace(.traceParent, bytes.extracting(value))
            case .tracestate: fields.addTrace(.traceState, bytes.extracting(value))
            case .baggage: fields.addTrace(.baggage, bytes.extracting(value))
            case .other:
                let name = bytes.extracting(lines[index].name)
                collectParam(name, bytes.extracting(value), into: &fields)
            default: break
            }
        }
    }

    /// A field that repeats an argument, if it is one.
    private static func collectParam(
        _ name: Span<UInt8>,
        _ value: Span<UInt8>,
        into fields: inout MirroredFields
    ) {
        let prefix = MirroredFields.paramPrefix
        guard name.count > prefix.utf8.count,
            name.extracting(..<prefix.utf8.count).equalsIgnoringCase(prefix),
            let suffix = String(validating: name.extracting(prefix.utf8.count...))
        else { return }
        fields.addParam(suffix.lowercased(), value)
    }

    // The body.

    func receiveBody(_ body: Span<UInt8>, on connection: HTTPConnection) {
        guard let principal else {
            preconditionFailure("a body is read for a principal only")
        }
        if let refusal = refusalSinceHead(of: principal) {
            _ = respond(refusal, on: connection)
            return
        }
        endpoint.observer?.didReceiveBody(&record.observation)
        switch verb {
        case .post: dispatch(body, of: principal, on: connection)
        case .get where observeSession():
            openSessionStream(principal, on: connection)
        case .delete where observeSession(): endSession(on: connection)
        case .get, .delete: _ = respond(responses.auditUnavailable, on: connection)
        }
    }

    // What else may happen to an exchange.

    func forgetConnection() -> Bool {
        // Whatever else comes late knows its exchange, and finds that it is over.
        guard pendingCall == nil, taskExchange == nil, waiting == nil else { return false }
        forgetRequest()
        client = nil
        return true
    }

    /// Lets go of a request and whoever sent it.
    func forgetRequest() {
        guard !isBlank else { return }
        isBlank = true
        principal = nil
        session = nil
        sessionState = nil
        outlet = nil
        lastEventID = nil
        takesStreams = true
        originFields = nil
        pendingCall = nil
        taskExchange = nil
        stopWaiting()
        fields.removeAll()
        if endpoint.isRecording { record = AccessRecord() }
    }

    func didRefuseHead(_ status: HTTPStatus) {
        endpoint.observer?.didRefuseHead(statusCode: status.rawValue)
    }

    func didRefuseBody(_ status: HTTPStatus) {
        log(record, statusCode: status.rawValue)
    }

    func didReachDeadline(on connection: HTTPConnection) {
        if let waiting { return giveUp(waiting) }
        if let taskExchange { return taskExchange.timeOut() }
        pendingCall?.timeOut(afterSeconds: endpoint.shared.toolCallSeconds)
    }

    /// "Closing the connection" cancels a modern request; in the legacy era a disconnect does not
    /// (MCP 2026-07-28 and 2025-11-25, *Transports*).
    var endsWithClient: Bool {
        if waiting != nil { return fields.era == .modern }
        if let pendingCall { return pendingCall.call.protocolVersion.era == .modern }
        // A subscription ends with its client in either era; tasks are modern.
        return outlet != nil || taskExchange != nil
    }

    func abandonExchange() {
        stopWaiting()
        pendingCall?.abandon()
        pendingCall = nil
        taskExchange?.abandon()
        taskExchange = nil
        outlet?.lose()
        outlet = nil
    }

    /// The response of a request that runs has become a stream; `nil` if nobody reads it.
    func didBegin(_ outlet: StreamOutlet?, of call: PendingCall) {
        if pendingCall === call { self.outlet = outlet }
    }

    func didFinish(_ call: PendingCall) {
        if pendingCall === call { pendingCall = nil }
    }

    func didFinish(_ exchange: TaskExchange) {
        if taskExchange === exchange { taskExchange = nil }
    }

    // Refusals.

    func refusal(of decision: AccessDecision) -> ConstantResponse? {
        switch decision {
        case .allowed, .dependsOnArguments: nil
        case .insufficientScope(let needed): regime.insufficientScope(needed)
        case .forbidden: responses.roleForbids
        }
    }

    private func refusalOfHost(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>
    ) -> ConstantResponse? {
        guard let authority = head.authority, let host = head.host else {
            return responses.noHost
        }
        let isAllowed = endpoint.shared.hostPolicy.allows(
            authority: bytes.extracting(authority),
            host: bytes.extracting(host)
        )
        return isAllowed ? nil : responses.misdirected
    }

    private func respondToOptions(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        guard let originFields, head.contains(.accessControlRequestMethod) else {
            let isEndpoint = endpoint.route(bytes.extracting(head.path)) == .mcp
            let response = isEndpoint ? responses.endpointOptions : responses.options
            return respond(response, on: connection)
        }
        let requested = head.value(of: .accessControlRequestHeaders) ?? 0..<0
        var fields = Preflight.fields(
            requested: bytes.extracting(requested),
            apiKeys: apiKeyUse
        )
        fields.append(responses.security)
        let preflight = ConstantResponse(ResponseHead(.noContent, fields: fields))
        self.originFields = originFields
        return respond(preflight, on: connection)
    }
}

extension RequestHead {
    /// GET or HEAD.
    fileprivate var isSafe: Bool { method == .get || method == .head }
}
