internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import JWT
public import Libuv
public import Logging
public import MCP
internal import Synchronization
internal import Telemetry

/// A secured MCP server: tools behind tokens, roles and limits.
///
///     let server = try MCPServer(
///         description,
///         features: ServerFeatures(tools: [greet]),
///         configuration,
///         loopCount: 2
///     )
///     try await server.run()
public final class MCPServer: Sendable {
    /// Where the server is bound; ports are the real ones where 0 was asked for.
    public let addresses: [SocketAddress]

    /// Where operators find metrics, health and readiness; ports are the real ones.
    public var adminAddresses: [SocketAddress] { admin?.addresses ?? [] }

    /// The canonical URI of the endpoint.
    public let url: String

    private let group: EventLoopGroup
    let sockets: [[ListeningSocket]]
    let http: HTTPServer
    let shared: SharedEndpoint
    private let accessLog: AccessLog?
    private let loopAccessLogs: [LoopAccessLog]
    private let auditLog: AuditLog?
    private let admin: AdminServer?
    private let export: TelemetryExport?
    private let accessListWatch: AccessListWatch?
    private let shadowPolicyLog: ShadowPolicyLog
    let identitySlot: TLSIdentitySlot?
    let configuration: ServerConfiguration
    let regimeMaker: RegimeMaker
    let drainDelaySeconds: Int
    private let drainSeconds: Int
    private let announcer: ChangeAnnouncer
    let signals: ProcessSignals
    private let hasTasks: Bool

    /// Checks the configuration and binds the addresses; nothing is served yet.
    ///
    /// - Parameters:
    ///   - description: What the server says of itself.
    ///   - features: What it offers.
    ///   - configuration: Whom it believes and what it allows.
    ///   - changes: What the features announce their changes with.
    ///   - group: The loops to serve on, which are stopped with the server.
    ///   - logger: For what an operator should know; no token, argument or body is ever logged.
    /// - Throws: ``ConfigurationError``, or ``LibuvError`` if an address cannot be had.
    public init(
        _ description: ServerDescription,
        features: ServerFeatures,
        _ configuration: ServerConfiguration,
        changes: ChangeAnnouncer = ChangeAnnouncer(),
        on group: EventLoopGroup,
        logger: Logger
    ) throws {
        announcer = changes
        signals = ProcessSignals(on: group.loops[0])
        let registry = try Self.registry(features)
        let policies = try RegimeMaker.policies(configuration, registry)
        let shadowLog = ShadowPolicyLog(logger: logger)
        shadowPolicyLog = shadowLog
        let sealer = Sealer([configuration.sealKey] + configuration.otherSealKeys)
        if let access = configuration.anonymousAccess {
            try access.check(configuration)
        } else if configuration.issuers.isEmpty {
            throw ConfigurationError.noIssuer
        }
        guard configuration.endpointPath.isEndpointPath else {
            throw ConfigurationError.malformedEndpointPath(configuration.endpointPath)
        }
        let accessLists = try Self.accessLists(configuration)
        let sockets = try Self.bind(configuration, loopCount: group.loops.count)
        var areKept = false
        defer { if !areKept { for socket in sockets.joined() { socket.close() } } }
        self.sockets = sockets
        var addresses: [SocketAddress] = []
        for socket in sockets.joined() where !addresses.contains(socket.address) {
            addresses.append(socket.address)
        }
        self.addresses = addresses
        let publicURL = try Self.publicURL(configuration, bound: addresses)
        url = publicURL.text
        let regimeMaker = RegimeMaker(
            description: description,
            registry: registry,
            tools: features.tools,
            publicURL: publicURL,
            sealer: sealer,
            shadowPolicyLog: shadowLog
        )
        self.regimeMaker = regimeMaker
        self.configuration = configuration
        let regime = try regimeMaker.make(policies, configuration)
        let remoteIssuers = try Self.remoteIssuers(configuration)
        let distribution =
            remoteIssuers.isEmpty
            ? nil
            : KeyDistribution(loopCount: group.loops.count, sourceCount: remoteIssuers.count)
        let shared = try SharedEndpoint(
            hostPolicy: HostPolicy(publicURL: publicURL, allowed: configuration.allowedHosts),
            originPolicy: OriginPolicy(allowed: configuration.allowedOrigins),
            publicURL: publicURL,
            sealer: sealer,
            configuration: configuration,
            keyDistribution: distribution,
            changes: changes,
            toolLimits: try ToolLimits(configuration.callsPerSubject, of: features),
            logger: logger
        )
        self.shared = shared
        let makeLoopRegime = try Self.loopRegimeMaker(configuration, publicURL, regime)
        let hasTasks = features.hasTasks
        self.hasTasks = hasTasks
        let log = try AccessLog.opening(configuration, orElse: .standardOutput, logger: logger)
        accessLog = log
        let loopLogs = group.loops.compactMap { _ in
            log.map { LoopAccessLog(format: configuration.accessLog, log: $0, logger: logger) }
        }
        loopAccessLogs = loopLogs
        let watch =
            try accessLists.isEmpty
            ? nil
            : AccessListWatch(
                accessLists,
                AccessListReview(
                    issuers: configuration.issuers.map(\.issuer),
                    policy: regime.policy
                ),
                loopCount: group.loops.count,
                logger: logger
            )
        accessListWatch = watch
        let audit = try Self.auditLog(configuration, logger)
        auditLog = audit
        let accessContent = accessLists.content
        self.group = group
        drainDelaySeconds = configuration.drainDelaySeconds
        drainSeconds = configuration.drainSeconds
        identitySlot = configuration.tls.map { TLSIdentitySlot($0) }
        let collector =
            configuration.adminAddresses.isEmpty && configuration.otlp == nil
            ? nil : MetricsCollector(regime.dispatcher, logger: logger)
        let export = try Self.export(
            configuration,
            description,
            on: group.loops[0],
            collector,
            logger
        )
        self.export = export
        let isObserved =
            collector != nil || audit != nil || configuration.slowCallMilliseconds != nil
        let intake = Self.intake(configuration, identitySlot, logger)
        http = HTTPServer(
            on: group.loops,
            limits: configuration.transport,
            intake: intake
        ) { index, sendQueues in
            let loopRegime = makeLoopRegime()
            let loop = group.loops[index]
            let loopLog = loopLogs.isEmpty ? nil : loopLogs[index]
            let loopLists = LoopAccessLists(
                accessContent,
                loopRegime.authenticator,
                loopRegime.apiKeyAuthenticator
            )
            if let watch { loopLists.follow(watch, on: loop, index: index) }
            let loopKeys = distribution.map { distribution in
                LoopKeys(
                    remoteIssuers.map(\.issuer),
                    configuration.keyRefresh,
                    on: loop,
                    loopRegime.authenticator,
                    distribution
                )
            }
            loopKeys?.follow(loopIndex: index)
            if let distribution, index == 0 {
                KeyKeeper.start(
                    remoteIssuers,
                    configuration.keyRefresh,
                    on: loop,
                    distribution,
                    logger: logger
                )
            }
            let observer =
                isObserved
                ? LoopObserver(
                    regime.dispatcher,
                    audit: audit,
                    metrics: collector.map { _ in LoopMetrics(features) },
                    slowCalls: configuration.slowCallMilliseconds.map {
                        SlowCallLog(millisecondsMax: $0, logger: logger)
                    },
                    tracer: configuration.otlp.flatMap { otlp in
                        export.map { LoopTracer(to: $0.queue, samplePercent: otlp.samplePercent) }
                    }
                )
                : nil
            let endpoint = Endpoint(
                loop: loop,
                loopIndex: index,
                shared: shared,
                regime: loopRegime,
                accessLists: loopLists,
                keys: loopKeys,
                accessLog: loopLog,
                observer: observer,
                announcer: changes,
                loopDelayMillisecondsMax: configuration.loopDelayMillisecondsMax
            )
            shared.join(LoopBound(endpoint, on: loop))
            endpoint.repeats(everyMilliseconds: LoopLoad.intervalMilliseconds) {
                endpoint.measureLoad()
            }
            if let observer {
                observer.sample = { [unowned endpoint] metrics in
                    metrics.streamCount = endpoint.streamCount
                    metrics.sample(sendQueues, ofLoop: index)
                }
                collector?.join(LoopBound(observer, on: loop))
            }
            let tick = configuration.transport.tickMilliseconds
            endpoint.repeats(everyMilliseconds: tick) {
                endpoint.tick(nowSeconds: WallClock.secondsSinceEpoch())
            }
            if let loopLog {
                endpoint.repeats(everyMilliseconds: 1_000) { loopLog.flush() }
            }
            if index == 0 {
                endpoint.repeats(everyMilliseconds: 1_000) { shadowLog.flush() }
            }
            if let watch, index == 0 {
                endpoint.repeats(everyMilliseconds: 1_000) {
                    watch.tick(nowSeconds: WallClock.secondsSinceEpoch())
                }
            }
            if let audit, index == 0 {
                endpoint.repeats(everyMilliseconds: tick) {
                    audit.tick(atMilliseconds: WallClock.millisecondsSinceEpoch())
                }
            }
            if hasTasks, index == 0 {
                let tasks = shared.tasks
                endpoint.repeats(everyMilliseconds: tick) {
                    loop.startTask(with: tasks) { await $0.tick() }
                }
            }
            if index == 0 {
                export?.start(tickMilliseconds: tick)
            }
            return { EndpointHandler(endpoint) }
        }
        collector?.setProcess(
            MetricsCollector.Process(
                census: http.census,
                shared: shared,
                audit: audit,
                spans: export?.queue,
                more: configuration.metricSources
            )
        )
        if let collector, !configuration.adminAddresses.isEmpty {
            admin = try AdminServer(
                at: configuration.adminAddresses,
                shared,
                regime.responses,
                collector,
                tickMilliseconds: configuration.transport.tickMilliseconds
            )
        } else {
            admin = nil
        }
        areKept = true
    }

    /// Begins to serve.
    ///
    /// - Throws: ``LibuvError`` when a socket cannot listen.
    public func start() async throws(LibuvError) {
        SignalWatcher.ignoreBrokenPipes()
        let logger = shared.logger
        if hasTasks { await shared.tasks.recover() }
        if let sessionStore = configuration.sessionStore {
            await shared.relay.share(by: sessionStore, announcer, logger: logger)
        }
        for sockets in sockets {
            try await http.listen(on: sockets) { error in logger.warning("\(error)") }
        }
        shared.relay.didJoinAll()
        try await admin?.start { error in logger.warning("\(error)") }
        for address in adminAddresses {
            logger.info("metrics, health and readiness for operators: \(address)")
        }
    }

    /// Refuses readiness, goes on for ``ServerConfiguration/drainDelaySeconds``, stops accepting,
    /// lets open requests finish, cancels those that do not and gives their tools a few seconds,
    /// then stops the loops.
    ///
    /// A second call does nothing.
    public func stop() async {
        guard await drain() else { return }
        await finish()
    }

    /// - Parameter successor: Who takes the place of this server, at the same addresses; then nobody
    ///   need look for another one.
    /// - Returns: `false` if that had begun before.
    func drain(for successor: SuccessorWatch.Readiness? = nil) async -> Bool {
        guard shared.beginStopping() else { return false }
        switch successor {
        case .serving: await http.leaveListening(to: .accepting)
        case .waiting: await http.leaveListening(to: .waiting)
        case nil:
            shared.refuseReadiness()
            // Somebody who has the sockets and is not ready yet gets what waits at them, and a filter
            // that keeps clients from beginning would stay with him.
            if shared.areSocketsShared.load(ordering: .relaxed) {
                await http.leaveListening(to: .waiting)
            }
        }
        await http.announceDrain(forSeconds: drainDelaySeconds)
        await http.drain(withinSeconds: drainSeconds)
        async let callsEnded: Void = shared.endCalls()
        if hasTasks { await shared.tasks.stop() }
        await callsEnded
        return true
    }

    func finish() async {
        accessListWatch?.close()
        shared.keyDistribution?.close()
        // Up to here operators saw that the server is not ready any more.
        await admin?.stop()
        await export?.stop()
        await configuration.loopsWillStop()
        await shared.closeEndpoints()
        group.stop()
        for log in loopAccessLogs { log.flush() }
        shadowPolicyLog.flush()
        accessLog?.close()
        auditLog?.close()
    }

    /// Goes on with the audit log in the file that has its name now: after the one before was renamed.
    public func reopenAuditLog() {
        guard let auditLog else { return }
        if !auditLog.reopen(atMilliseconds: WallClock.millisecondsSinceEpoch()) {
            shared.logger.warning("audit log: not reopened, as too much waits; ask again")
        }
    }

    /// Does at once what the server does every second: looks at the deny list and the API keys, and
    /// returns when every loop decides by what they say.
    package func lookAtAccessLists(nowSeconds: Int64) async {
        await accessListWatch?.look(nowSeconds: nowSeconds)
    }

    /// Cuts short what ``stop()`` waits for: connections are closed whether or not they have their
    /// answer, and tools that run are left behind.
    func endAtOnce() async {
        await http.endAtOnce()
        shared.calls.leaveRunning()
        if hasTasks { shared.tasks.leaveRunning() }
    }
}
