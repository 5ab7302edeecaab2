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

    /// What is decided by, for requests that begin.
    private(set) var regime: LoopRegime
    let accessLists: LoopAccessLists

    /// `nil` where every issuer's keys are known from the start.
    let keys: LoopKeys?
    let accessLog: LoopAccessLog?

    /// `nil` where nobody watches.
    let observer: LoopObserver?

    /// Whether anything is kept of a request.
    let isRecording: Bool
    let sessions: LoopSessions
    let archive: StreamArchive
    let subscriptions: LoopSubscriptions
    private let announcer: ChangeAnnouncer

    /// How late the loop is.
    private(set) var load: LoopLoad

    /// Requests whose response has become a stream.
    var streamingCalls: [ObjectIdentifier: PendingCall] = [:]

    /// Calls that no client can cancel any longer.
    var unattended: [ObjectIdentifier: Task<Void, Never>] = [:]

    /// Counts the requests of the server.
    private var requestCount = 0

    /// Where message bodies are encoded before they are sent.
    var content = ByteBuffer()

    /// What is done by the clock.
    private var tickers: [Ticker] = []

    /// Results of tools that can be told to hold still.
    var results = ResultCache()

    init(
        loop: EventLoop,
        loopIndex: Int,
        shared: SharedEndpoint,
        regime: LoopRegime,
        accessLists: LoopAccessLists,
        keys: LoopKeys?,
        accessLog: LoopAccessLog?,
        observer: LoopObserver?,
        announcer: ChangeAnnouncer,
        loopDelayMillisecondsMax: UInt64
    ) {
        self.loop = loop
        self.loopIndex = loopIndex
        self.shared = shared
        self.regime = regime
        self.accessLists = accessLists
        load = LoopLoad(delayMillisecondsMax: loopDelayMillisecondsMax)
        self.announcer = announcer
        self.keys = keys
        self.accessLog = accessLog
        self.observer = observer
        isRecording = accessLog != nil || observer != nil
        sessions = LoopSessions()
        archive = StreamArchive(process: shared.processNumber, loopIndex: loopIndex, on: loop)
        subscriptions = LoopSubscriptions(
            on: loop,
            announcer,
            regime.dispatcher,
            sessions,
            shared.streamCensus,
            shared.sessionStreams,
            shared.tasks
        )
        shared.relay.join(sessions, archive, on: loop, index: loopIndex)
        subscriptions.start()
    }

    /// Does something again and again until the endpoint is closed.
    func repeats(everyMilliseconds milliseconds: UInt64, _ action: @escaping () -> Void) {
        tickers.append(Ticker(on: loop, everyMilliseconds: milliseconds, action))
    }

    /// Has every tool learn that nobody waits for it any longer.
    func cancelCalls() {
        for call in Array(streamingCalls.values) { call.cancel() }
        for task in unattended.values { task.cancel() }
    }

    /// Does nothing more of itself.
    func close() {
        for ticker in tickers { ticker.close() }
        tickers = []
        subscriptions.close()
    }

    /// Decides by another regime from the next request on.
    ///
    /// Streams that listen end: who may hear what would be asked of a policy that does not know
    /// their rights. Their clients subscribe again.
    func adopt(_ regime: LoopRegime) {
        self.regime = regime
        results = ResultCache()
        accessLists.adopt(regime.authenticator, regime.apiKeyAuthenticator)
        keys?.adopt(regime.authenticator)
        subscriptions.adopt(regime.dispatcher)
    }

    /// How many responses go on.
    var streamCount: Int { streamingCalls.count + subscriptions.count }

    /// An id for a request of the server: no other request of any process has it.
    func nextRequestID() -> RequestID {
        requestCount += 1
        return RequestID(
            "martlet-\(String(shared.processNumber, radix: 16))-\(loopIndex)-\(requestCount)"
        )
    }

    /// Counts a response, and takes note of it where an access log is kept.
    func log(_ record: AccessRecord, statusCode: Int) {
        observer?.didRespond(to: record.observation, statusCode: statusCode)
        guard let accessLog else { return }
        accessLog.append(
            record,
            statusCode: statusCode,
            nowSeconds: WallClock.secondsSinceEpoch(),
            milliseconds: loop.monotonicMilliseconds &- record.startMilliseconds
        )
    }

    /// The timer that measures how late the loop is.
    func measureLoad() {
        load.fire(atMilliseconds: loop.monotonicMilliseconds)
        observer?.didMeasure(delayMilliseconds: load.delayMilliseconds)
    }

    /// A second has passed: streams end whose callers are no longer welcome or whose time is up.
    func tick(nowSeconds: Int64) {
        observer?.tick()
        sessions.tick(nowSeconds: nowSeconds)
        archive.tick()
        subscriptions.tick()
        if loopIndex == 0 {
            tellOthersOfChanges()
            shared.calls.tick()
        }
        subscriptions.endAll { !isWelcome($0.principal, nowSeconds: nowSeconds) }
        for call in Array(streamingCalls.values) {
            call.tick(isWelcome: isWelcome(call.principal, nowSeconds: nowSeconds))
        }
    }

    /// Tells other processes what this one has announced in the last second.
    private func tellOthersOfChanges() {
        let notices = announcer.takeOnward().compactMap(\.notice)
        guard !notices.isEmpty else { return }
        loop.startTask(with: shared.relay) { relay in
            for notice in notices { await relay.forward(notice) }
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
    enum Route: Int, CaseIterable, Sendable {
        case mcp, health, readiness, status, metadata, unknown

        /// As counts call it.
        var name: String {
            switch self {
            case .mcp: "mcp"
            case .health: "/healthz"
            case .readiness: "/readyz"
            case .status: "/"
            case .metadata: "/.well-known/oauth-protected-resource"
            case .unknown: "other"
            }
        }
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
