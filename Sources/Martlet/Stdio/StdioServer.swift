internal import AccessControl
public import Libuv
public import Logging
public import MCP
internal import Synchronization

/// A secured MCP server on standard input and output: the features and the policy of an
/// ``MCPServer`` for the one client that has started the process.
///
///     let server = try StdioServer(
///         description, features: features, configuration, as: .token(token), on: group,
///         logger: logger)
///     try await server.run()
///
/// Nothing but messages may be written to standard output then: log to standard error.
public final class StdioServer: Sendable {
    private enum State {
        case idle
        case running(LoopBound<StdioSession>)
        case stopped
    }

    private let group: EventLoopGroup
    private let setup: StdioSetup
    private let accessLog: AccessLog?
    private let state = Mutex(State.idle)

    /// Checks the configuration; nothing is read yet.
    ///
    /// Of the configuration everything counts that is not of HTTP: issuers, policy, deny list, and
    /// limits on requests, bodies, streams and tools, access log and audit log.
    ///
    /// - Parameters:
    ///   - description: What the server says of itself.
    ///   - features: What it offers.
    ///   - configuration: Whom it believes and what it allows.
    ///   - credentials: For whom the process acts.
    ///   - changes: What the features announce their changes with.
    ///   - input: Where messages come from.
    ///   - output: Where messages go.
    ///   - group: The first of its loops serves; all are stopped with the server.
    ///   - logger: For what an operator should know.
    /// - Throws: ``ConfigurationError``, or ``LibuvError`` when the process is out of threads.
    public init(
        _ description: ServerDescription,
        features: ServerFeatures,
        _ configuration: ServerConfiguration,
        as credentials: StdioCredentials,
        changes: ChangeAnnouncer = ChangeAnnouncer(),
        input: InputDescriptor = .standardInput,
        output: OutputDescriptor = .standardOutput,
        on group: EventLoopGroup,
        logger: Logger
    ) throws {
        self.group = group
        let registry = try MCPServer.registry(features)
        let policies = try PolicyPair(configuration, for: registry.operations)
        try ScopeNameCheck.check(configuration.issuers, under: policies.policy)
        let shadowLog = policies.candidate.map { _ in ShadowPolicyLog(logger: logger) }
        let sealer = Sealer([configuration.sealKey] + configuration.otherSealKeys)
        // A port that any server would have to choose first is no part of an audience.
        let publicURL = try MCPServer.publicURL(
            configuration,
            bound: configuration.addresses.filter { $0.port != 0 }
        )
        var isToken = false
        var needed = configuration
        switch credentials {
        case .token:
            isToken = true
            guard !configuration.issuers.isEmpty else { throw ConfigurationError.noIssuer }
            _ = try StdioSetup.authenticator(configuration, publicURL, policies)
            // There is nobody to send an API key.
            needed.apiKeysPath = nil
        case .apiKey:
            guard configuration.apiKeysPath != nil else { throw StdioError.noAPIKeys }
        case .role:
            needed.apiKeysPath = nil
            needed.denyListPath = nil
        }
        let accessLists = try MCPServer.accessLists(needed)
        let remoteIssuers = isToken ? try MCPServer.remoteIssuers(configuration) : []
        accessLog = try AccessLog.opening(configuration, orElse: .standardError, logger: logger)
        setup = try StdioSetup(
            dispatcher: MCPServer.dispatcher(
                description,
                registry,
                policies,
                shadowLog,
                sealer,
                configuration
            ),
            policies: policies,
            configuration: configuration,
            credentials: credentials,
            publicURL: publicURL,
            remoteIssuers: remoteIssuers,
            keyDistribution: remoteIssuers.isEmpty
                ? nil
                : KeyDistribution(loopCount: 1, sourceCount: remoteIssuers.count),
            accessContent: accessLists.content,
            accessListWatch: accessLists.isEmpty
                ? nil
                : AccessListWatch(
                    accessLists,
                    AccessListReview(
                        issuers: configuration.issuers.map(\.issuer),
                        policy: policies.policy
                    ),
                    loopCount: 1,
                    logger: logger
                ),
            shadowPolicyLog: shadowLog,
            accessLog: accessLog.map {
                LoopAccessLog(format: configuration.accessLog, log: $0, logger: logger)
            },
            auditLog: MCPServer.auditLog(configuration, logger),
            changes: changes,
            tasks: registry.features.hasTasks
                ? TaskKeeper(
                    configuration.taskLimits,
                    store: configuration.taskStore,
                    changes: changes,
                    logger: logger
                )
                : nil,
            input: input,
            output: output,
            logger: logger
        )
    }

    /// Serves until the input ends or the process is asked to end (SIGTERM or SIGINT), lets what
    /// runs finish for as long as the configuration gives it, then stops the loops.
    ///
    /// - Precondition: Called once.
    /// - Throws: ``StdioError`` if the process may act for nobody, ``LibuvError`` if it is out of
    ///   threads or descriptors.
    public func run() async throws {
        SignalWatcher.ignoreBrokenPipes()
        let loop = group.loops[0]
        let start = StdioStart(setup, on: loop) { session in
            self.state.withLock { state in
                if case .stopped = state { return false }
                state = .running(session)
                return true
            }
        }
        let bound = LoopBound(start, on: loop)
        let ending = await withCheckedContinuation { continuation in
            bound.runLater { start in
                loop.startTask(with: start) { start in
                    await start.run { continuation.resume(returning: $0) }
                }
            }
        }
        ending.close()
        setup.accessListWatch?.close()
        setup.keyDistribution?.close()
        await setup.configuration.loopsWillStop()
        group.stop()
        setup.shadowPolicyLog?.flush()
        setup.accessLog?.flush()
        accessLog?.close()
        setup.auditLog?.close()
        if let error = ending.error { throw error }
    }

    /// Does what SIGTERM does: what runs is finished, and ``run()`` returns.
    public func stop() {
        let session = state.withLock { state in
            defer { state = .stopped }
            if case .running(let session) = state { return Optional(session) }
            return nil
        }
        session?.run { $0.drain() }
    }
}

/// What is left to do when a session is over, off its loop.
struct StdioEnding: Sendable {
    var error: (any Error)?

    /// Ends the threads, which may take until what they wait for is interrupted.
    var close: @Sendable () -> Void = {}
}

/// From a checked configuration to a session, on the loop.
///
/// Not `Sendable`: belongs to the loop.
final class StdioStart {
    private let setup: StdioSetup
    private let loop: EventLoop
    private let admit: (LoopBound<StdioSession>) -> Bool

    /// - Parameters:
    ///   - setup: What the server is made of.
    ///   - loop: Where it runs.
    ///   - admit: Asked when the session begins, whether it still is to.
    init(
        _ setup: StdioSetup,
        on loop: EventLoop,
        admit: @escaping (LoopBound<StdioSession>) -> Bool
    ) {
        self.setup = setup
        self.loop = loop
        self.admit = admit
    }

    /// Begins a session; `ended` is called once, when it is over or cannot begin.
    func run(_ ended: @escaping (StdioEnding) -> Void) async {
        let session: StdioSession
        do {
            let identity = try StdioIdentity(setup, on: loop)
            await identity.waitForKeys()
            let principal = try identity.principal(nowSeconds: WallClock.secondsSinceEpoch())
            session = try StdioSession(setup, identity, on: loop)
            await setup.tasks?.recover()
            setup.logger.info("serving \(principal.subject.name) on standard input and output")
        } catch {
            return ended(StdioEnding(error: error))
        }
        do {
            try session.start { ended(StdioEnding(close: $0)) }
        } catch {
            return ended(StdioEnding(error: error, close: session.makeClosing()))
        }
        if !admit(LoopBound(session, on: loop)) { session.drain() }
    }
}
