internal import AccessControl
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import Logging
internal import MCP
internal import Synchronization

/// What all loops of a server have in common: constants and atomics.
final class SharedEndpoint: Sendable {
    let hostPolicy: HostPolicy
    let originPolicy: OriginPolicy

    /// `nil` where every request is its peer's own.
    let clientAddresses: ClientAddresses?
    let sealer: SessionSealer
    let relay: SessionRelay
    let streamCensus: StreamCensus
    let sessionStreams = SessionStreams()

    /// Tells this process's streams and questions from those of others.
    let processNumber = UInt32.random(in: .min ... .max)
    let subjectLimit: RateLimitTable
    let failureLimit: RateLimitTable

    /// `nil` where no tool has a limit of its own.
    let toolLimits: ToolLimits?
    let tellsRateLimits: Bool
    let endpointPath: String
    let metadataPaths: [String]
    let toolCallSeconds: Int
    let clientAnswerSeconds: Int
    let clockSkewSeconds: Int64
    let tasks: TaskKeeper
    let logger: Logger

    /// `nil` where every issuer's keys are known from the start.
    let keyDistribution: KeyDistribution?

    /// Of every loop, so that another regime reaches them.
    private let endpoints = Mutex<[LoopBound<Endpoint>]>([])

    private let stopping = Atomic<Bool>(false)

    /// Whether another process has the listening sockets and has not taken over yet.
    let areSocketsShared = Atomic<Bool>(false)

    /// Calls that run, on all loops.
    let calls: CallCensus

    private let draining = Atomic<Bool>(false)

    init(
        hostPolicy: HostPolicy,
        originPolicy: OriginPolicy,
        publicURL: PublicURL,
        sealer: Sealer,
        configuration: ServerConfiguration,
        keyDistribution: KeyDistribution?,
        changes: ChangeAnnouncer,
        toolLimits: ToolLimits?,
        logger: Logger
    ) {
        self.hostPolicy = hostPolicy
        self.originPolicy = originPolicy
        clientAddresses = configuration.forwardedField.map {
            ClientAddresses($0, of: configuration.trustedProxies)
        }
        self.sealer = SessionSealer(sealer: sealer)
        relay = SessionRelay(process: processNumber)
        streamCensus = StreamCensus(perSubjectMax: configuration.streamsPerSubjectMax)
        clientAnswerSeconds = configuration.clientAnswerSeconds
        clockSkewSeconds = configuration.clockSkewSeconds
        subjectLimit = RateLimitTable(configuration.requestsPerSubject)
        failureLimit = RateLimitTable(configuration.failedAuthenticationsPerPeer)
        self.toolLimits = toolLimits
        calls = CallCensus(countMax: configuration.callCountMax)
        tellsRateLimits =
            configuration.tellsRateLimits && configuration.requestsPerSubject.perSecond > 0
        endpointPath = configuration.endpointPath
        // As clients derive it, at the root, and as a proxy that strips a prefix forwards it.
        let wellKnown = PublicURL.wellKnownPath
        // Where nobody needs a token nobody is told where to get one.
        metadataPaths =
            configuration.anonymousAccess == nil
            ? [publicURL.metadataPath, wellKnown, wellKnown + configuration.endpointPath]
            : []
        toolCallSeconds = configuration.transport.responseSeconds
        self.keyDistribution = keyDistribution
        tasks = TaskKeeper(
            configuration.taskLimits,
            store: configuration.taskStore,
            changes: changes,
            logger: logger
        )
        self.logger = logger
    }

    /// Whether the keys of every issuer have been fetched, or failed to be: before that tokens wait.
    var isEveryKeySourceTried: Bool { keyDistribution?.isEverySourceTried ?? true }

    func join(_ endpoint: LoopBound<Endpoint>) {
        endpoints.withLock { $0.append(endpoint) }
    }

    /// Cancels the calls that still run, and waits a little for their tools.
    ///
    /// Called while the loops still turn: what waits on a loop that has stopped never goes on, and
    /// keeps all that it knows.
    func endCalls() async {
        for endpoint in endpoints.withLock({ $0 }) {
            await withCheckedContinuation { continuation in
                endpoint.runLater { endpoint in
                    endpoint.cancelCalls()
                    continuation.resume()
                }
            }
        }
        await calls.waitUntilEmpty()
    }

    /// Ends what every loop does by the clock, once nothing is served; they know each other no longer.
    func closeEndpoints() async {
        relay.leave()
        let closed = endpoints.withLock { endpoints in
            defer { endpoints = [] }
            return endpoints
        }
        for endpoint in closed {
            await withCheckedContinuation { continuation in
                endpoint.runLater { endpoint in
                    endpoint.close()
                    continuation.resume()
                }
            }
        }
    }

    /// Has every loop decide by another regime, from its next request on; returns when all do.
    func adopt(_ makeLoopRegime: @escaping @Sendable () -> LoopRegime) async {
        for endpoint in endpoints.withLock({ $0 }) {
            await withCheckedContinuation { continuation in
                endpoint.runLater { endpoint in
                    endpoint.adopt(makeLoopRegime())
                    continuation.resume()
                }
            }
        }
    }

    /// Whether this process may be sent requests, as a load balancer asks.
    func readiness(_ responses: Responses) -> ConstantResponse {
        if isDraining { return responses.draining }
        return isEveryKeySourceTried ? responses.ready : responses.fetchingKeys
    }

    /// Whether whoever asks is told that the server is not ready.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// - Returns: `false` if that had begun before.
    func beginStopping() -> Bool { !stopping.exchange(true, ordering: .relaxed) }

    func refuseReadiness() { draining.store(true, ordering: .relaxed) }
}
