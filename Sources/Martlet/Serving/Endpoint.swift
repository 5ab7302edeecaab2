internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import JWT
internal import Libuv
internal import Logging
internal import MCP

/// All that one loop needs to answer requests.
///
/// Not `Sendable`: lives on the loop's thread. What it shares with other loops (limits, policy,
/// responses) never changes or is atomic.
final class Endpoint {
    let loop: EventLoop
    let loopIndex: Int
    let shared: SharedEndpoint
    let authenticator: Authenticator

    /// `nil` where API keys are switched off.
    let apiKeyAuthenticator: APIKeyAuthenticator?
    let accessLists: LoopAccessLists

    /// `nil` where every issuer's keys are known from the start.
    let keys: LoopKeys?
    let accessLog: LoopAccessLog?
    let sessions: LoopSessions
    let archive: StreamArchive
    let subscriptions: LoopSubscriptions

    /// Requests whose response has become a stream.
    var streamingCalls: [ObjectIdentifier: PendingCall] = [:]

    /// Counts the requests of the server.
    private var requestCount = 0

    /// Where message bodies are encoded before they are sent.
    var content = ByteBuffer()

    /// Results of tools that can be told to hold still.
    var results = ResultCache()

    // Refusals that were needed before: there are only so many different ones, and an attacker
    // shall not have them encoded again and again.
    private let invalidSignature: ConstantResponse
    private var invalidTokenResponses: [String: ConstantResponse] = [:]
    private var noCredentialsResponses: [PermissionSet: ConstantResponse] = [:]
    private var insufficientScopeResponses: [PermissionSet: ConstantResponse] = [:]
    private var keysUnavailableResponses: [Int: ConstantResponse] = [:]

    init(
        loop: EventLoop,
        loopIndex: Int,
        shared: SharedEndpoint,
        authenticator: Authenticator,
        apiKeyAuthenticator: APIKeyAuthenticator?,
        accessLists: LoopAccessLists,
        keys: LoopKeys?,
        accessLog: LoopAccessLog?,
        announcer: ChangeAnnouncer
    ) {
        self.loop = loop
        self.loopIndex = loopIndex
        self.shared = shared
        self.authenticator = authenticator
        self.apiKeyAuthenticator = apiKeyAuthenticator
        self.accessLists = accessLists
        self.keys = keys
        self.accessLog = accessLog
        invalidSignature = shared.responses.invalidToken(
            TokenRejection.invalidSignature.challengeDescription
        )
        sessions = LoopSessions()
        archive = StreamArchive(process: shared.processNumber, loopIndex: loopIndex, on: loop)
        subscriptions = LoopSubscriptions(
            on: loop,
            announcer,
            shared.dispatcher,
            sessions,
            shared.streamCensus,
            shared.sessionStreams,
            shared.tasks
        )
        shared.relay.join(sessions, archive, on: loop, index: loopIndex)
        subscriptions.start()
    }

    /// An id for a request of the server: no other request of any process has it.
    func nextRequestID() -> RequestID {
        requestCount += 1
        return RequestID(
            "martlet-\(String(shared.processNumber, radix: 16))-\(loopIndex)-\(requestCount)"
        )
    }

    /// A second has passed: streams end whose callers are no longer welcome or whose time is up.
    func tick(nowSeconds: Int64) {
        sessions.tick(nowSeconds: nowSeconds)
        archive.tick()
        subscriptions.tick()
        subscriptions.endAll { !isWelcome($0.principal, nowSeconds: nowSeconds) }
        for call in Array(streamingCalls.values) {
            call.tick(isWelcome: isWelcome(call.principal, nowSeconds: nowSeconds))
        }
    }

    /// Whether somebody who was let in would be let in now.
    private func isWelcome(_ principal: Principal, nowSeconds: Int64) -> Bool {
        if let expiry = principal.expiresAtSeconds,
            nowSeconds >= expiry.addingReportingOverflow(shared.clockSkewSeconds).partialValue
        {
            return false
        }
        return !accessLists.refuses(principal, nowSeconds: nowSeconds)
    }

    /// What a path of this server is for.
    enum Route {
        case mcp, health, readiness, status, metadata, unknown
    }

    func route(_ path: Span<UInt8>) -> Route {
        if path.equals(shared.endpointPath) { return .mcp }
        if path.equals("/healthz") { return .health }
        if path.equals("/readyz") { return .readiness }
        if path.isEmpty || path.equals("/") { return .status }
        for metadataPath in shared.metadataPaths where path.equals(metadataPath) {
            return .metadata
        }
        return .unknown
    }

    /// A path as it may be logged: as it is where something is served, otherwise not at all, since
    /// a token may have been put there by mistake.
    func name(ofPath path: Span<UInt8>) -> String {
        route(path) == .unknown ? "other" : String(validating: path) ?? "other"
    }

    /// 401: who asks must say who it is, and had best ask for what its call needs at once.
    ///
    /// A client that gets a token for basic use first meets a second challenge with the same call,
    /// and some give up there.
    func noCredentials(for fields: borrowing MirroredFields) -> ConstantResponse {
        guard fields.era == .modern, let needed = shared.dispatcher.permissionsNamed(by: fields)
        else { return shared.responses.noCredentials }
        if let response = noCredentialsResponses[needed] { return response }
        let names = shared.policy.permissions(in: needed).map(\.name)
        let response = shared.responses.noCredentials(needing: names)
        noCredentialsResponses[needed] = response
        return response
    }

    /// 401: the token was looked at and not believed.
    func invalidToken(_ rejection: TokenRejection) -> ConstantResponse {
        // What a flood of forged tokens is answered with is not looked for in a table.
        if case .invalidSignature = rejection { return invalidSignature }
        return invalidToken(rejection.challengeDescription)
    }

    /// 401 for a reason of which there are only so many.
    func invalidToken(_ reason: String) -> ConstantResponse {
        if let response = invalidTokenResponses[reason] { return response }
        let response = shared.responses.invalidToken(reason)
        invalidTokenResponses[reason] = response
        return response
    }

    /// 403: a wider scope would help.
    func insufficientScope(_ needed: PermissionSet) -> ConstantResponse {
        if let response = insufficientScopeResponses[needed] { return response }
        let scope = shared.policy.scope(naming: needed)
        let response = shared.responses.insufficientScope(scope)
        insufficientScopeResponses[needed] = response
        return response
    }

    /// 503: whether the token is to be believed cannot be told.
    ///
    /// There are as many different ones as the longest wait has seconds, which may be a day; those
    /// of a minute are kept.
    func keysUnavailable(retryAfterSeconds seconds: Int) -> ConstantResponse {
        if let response = keysUnavailableResponses[seconds] { return response }
        if keysUnavailableResponses.count >= 60 { keysUnavailableResponses = [:] }
        let response = shared.responses.keysUnavailable(retryAfterSeconds: seconds)
        keysUnavailableResponses[seconds] = response
        return response
    }

    /// One more request of a principal, if its share allows.
    func admit(_ principal: Principal) -> RateLimitTable.Outcome {
        shared.subjectLimit.take(
            principal.subject,
            atMilliseconds: loop.monotonicMilliseconds
        )
    }

    /// One more token from a peer that did not verify.
    ///
    /// Asked only after verification failed, so that it never refuses a token that verifies.
    func admitFailure(from peer: PeerAddress?) -> RateLimitTable.Outcome {
        // An IPv6 customer commonly has a /64 to itself.
        let key = peer.map { $0.high == 0 ? $0.low : $0.high } ?? 0
        return shared.failureLimit.take(key, atMilliseconds: loop.monotonicMilliseconds)
    }
}
