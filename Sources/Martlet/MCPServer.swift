internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import JWT
public import Libuv
public import Logging
public import MCP

/// A secured MCP server: tools behind tokens, roles and limits.
///
///     let server = try MCPServer(description, tools: [greet], configuration, logger: logger)
///     try await server.run()
public final class MCPServer: Sendable {
    /// Where the server is bound; ports are the real ones where 0 was asked for.
    public let addresses: [SocketAddress]

    /// The canonical URI of the endpoint.
    public let url: String

    private let group: EventLoopGroup
    private let sockets: [[ListeningSocket]]
    private let http: HTTPServer
    private let shared: SharedEndpoint
    private let accessLog: AccessLog?
    private let loopAccessLogs: [LoopAccessLog]
    private let accessListWatch: AccessListWatch?
    private let shadowPolicyLog: ShadowPolicyLog?
    private let drainSeconds: Int
    private let announcer: ChangeAnnouncer
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
        let registry = try Self.registry(features)
        let policies = try PolicyPair(configuration, for: registry.operations)
        let policy = policies.policy
        try ScopeNameCheck.check(configuration.issuers, under: policy)
        let shadowLog = policies.candidate.map { _ in ShadowPolicyLog(logger: logger) }
        shadowPolicyLog = shadowLog
        let sealer = Sealer([configuration.sealKey] + configuration.otherSealKeys)
        let dispatcher = try Self.dispatcher(
            description,
            registry,
            policies,
            shadowLog,
            sealer,
            configuration
        )
        if let access = configuration.anonymousAccess {
            try access.check(configuration)
        } else if configuration.issuers.isEmpty {
            throw ConfigurationError.noIssuer
        }
        guard configuration.endpointPath.isEndpointPath else {
            throw ConfigurationError.malformedEndpointPath(configuration.endpointPath)
        }
        let accessLists = try Self.accessLists(configuration)
        let sockets = try Self.bind(configuration.addresses, loopCount: group.loops.count)
        var areKept = false
        defer { if !areKept { for socket in sockets.joined() { socket.close() } } }
        self.sockets = sockets
        addresses = sockets.compactMap(\.first?.address)
        let publicURL = try Self.publicURL(configuration, bound: addresses)
        url = publicURL.text
        let remoteIssuers = try Self.remoteIssuers(configuration)
        let distribution =
            remoteIssuers.isEmpty
            ? nil
            : KeyDistribution(loopCount: group.loops.count, sourceCount: remoteIssuers.count)
        let shared = try SharedEndpoint(
            dispatcher: dispatcher,
            policy: policy,
            responses: Self.responses(
                description,
                Self.basicScopes(features.tools, policy),
                configuration,
                publicURL
            ),
            hostPolicy: HostPolicy(publicURL: publicURL, allowed: configuration.allowedHosts),
            originPolicy: OriginPolicy(allowed: configuration.allowedOrigins),
            publicURL: publicURL,
            sealer: sealer,
            configuration: configuration,
            keyDistribution: distribution,
            changes: changes,
            logger: logger
        )
        self.shared = shared
        let makeAuthenticator: @Sendable () throws(ConfigurationError) -> Authenticator = {
            () throws(ConfigurationError) in
            try Authenticator(
                issuers: configuration.issuers,
                canonicalURL: publicURL,
                policy: policies,
                clockSkewSeconds: configuration.clockSkewSeconds
            )
        }
        let hasTasks = features.hasTasks
        self.hasTasks = hasTasks
        // Every loop makes its own; that it can be made at all is known before any runs.
        _ = try makeAuthenticator()
        let log = try Self.accessLog(configuration, logger)
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
                AccessListReview(issuers: configuration.issuers.map(\.issuer), policy: policy),
                loopCount: group.loops.count,
                logger: logger
            )
        accessListWatch = watch
        let accessContent = accessLists.content
        self.group = group
        drainSeconds = configuration.drainSeconds
        http = HTTPServer(on: group, limits: configuration.transport) { index in
            let authenticator: Authenticator
            do throws(ConfigurationError) {
                authenticator = try makeAuthenticator()
            } catch {
                preconditionFailure("the same configuration was accepted before: \(error)")
            }
            let loop = group.loops[index]
            let loopLog = loopLogs.isEmpty ? nil : loopLogs[index]
            if let loopLog {
                _ = Ticker(on: loop, everyMilliseconds: 1_000) { loopLog.flush() }
            }
            if let shadowLog, index == 0 {
                _ = Ticker(on: loop, everyMilliseconds: 1_000) { shadowLog.flush() }
            }
            let apiKeyAuthenticator = accessContent.apiKeys.map { _ in
                APIKeyAuthenticator(policy: policies)
            }
            let loopLists = LoopAccessLists(accessContent, authenticator, apiKeyAuthenticator)
            if let watch {
                loopLists.follow(watch, on: loop, index: index)
                if index == 0 {
                    _ = Ticker(on: loop, everyMilliseconds: 1_000) {
                        watch.tick(nowSeconds: WallClock.secondsSinceEpoch())
                    }
                }
            }
            let loopKeys = distribution.map { distribution in
                LoopKeys(
                    remoteIssuers.map(\.issuer),
                    configuration.keyRefresh,
                    on: loop,
                    authenticator,
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
            let endpoint = Endpoint(
                loop: loop,
                loopIndex: index,
                shared: shared,
                authenticator: authenticator,
                apiKeyAuthenticator: apiKeyAuthenticator,
                accessLists: loopLists,
                keys: loopKeys,
                accessLog: loopLog,
                announcer: changes
            )
            _ = Ticker(on: loop, everyMilliseconds: configuration.transport.tickMilliseconds) {
                endpoint.tick(nowSeconds: WallClock.secondsSinceEpoch())
            }
            if hasTasks, index == 0 {
                let tasks = shared.tasks
                _ = Ticker(on: loop, everyMilliseconds: configuration.transport.tickMilliseconds) {
                    loop.startTask(with: tasks) { await $0.tick() }
                }
            }
            return { EndpointHandler(endpoint) }
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
        for sockets in sockets {
            try await http.listen(on: sockets) { error in logger.warning("\(error)") }
        }
    }

    /// Refuses readiness, stops accepting, lets open requests finish, then stops the loops.
    ///
    /// A second call does nothing.
    public func stop() async {
        guard shared.beginDraining() else { return }
        await http.drain(withinSeconds: drainSeconds)
        if hasTasks { await shared.tasks.stop() }
        accessListWatch?.close()
        shared.keyDistribution?.close()
        group.stop()
        for log in loopAccessLogs { log.flush() }
        shadowPolicyLog?.flush()
        accessLog?.close()
    }

    /// Does at once what the server does every second: looks at the deny list and the API keys, and
    /// returns when every loop decides by what they say.
    package func lookAtAccessLists(nowSeconds: Int64) async {
        await accessListWatch?.look(nowSeconds: nowSeconds)
    }

    /// Serves until the process is asked to end (SIGTERM or SIGINT), then stops in good order.
    ///
    /// - Parameter started: Called once the server answers.
    /// - Throws: ``LibuvError`` when a socket cannot listen.
    public func run(started: () -> Void = {}) async throws {
        try await start()
        let signals = TerminationSignals(on: group.loops[0])
        try await signals.watch()
        started()
        await signals.wait()
        shared.logger.info("stopping: finishing open requests")
        await stop()
    }
}

// From configuration to parts.

extension MCPServer {
    static func registry(
        _ features: ServerFeatures
    ) throws(ConfigurationError) -> FeatureRegistry {
        do throws(FeatureRegistryError) {
            return try FeatureRegistry(features)
        } catch {
            throw .tools(error)
        }
    }

    static func dispatcher(
        _ description: ServerDescription,
        _ registry: FeatureRegistry,
        _ policies: PolicyPair,
        _ shadowLog: ShadowPolicyLog?,
        _ sealer: Sealer,
        _ configuration: ServerConfiguration
    ) throws(ConfigurationError) -> Dispatcher {
        var candidate: CandidatePolicy?
        if let shadowPolicy = policies.candidate, let shadowLog {
            candidate = CandidatePolicy(shadowPolicy) { shadowLog.note($0) }
        }
        do throws(FeatureRegistryError) {
            return try Dispatcher(
                description: description,
                registry: registry,
                policy: policies.policy,
                candidate: candidate,
                stateSeal: StateSeal(sealer, lifetimeSeconds: configuration.clientAnswerSeconds),
                pageCountMax: configuration.listPageCountMax
            )
        } catch {
            throw .tools(error)
        }
    }

    static func remoteIssuers(
        _ configuration: ServerConfiguration
    ) throws(ConfigurationError) -> [RemoteIssuer] {
        var issuers: [RemoteIssuer] = []
        for issuer in configuration.issuers {
            if let remote = try RemoteIssuer(issuer) { issuers.append(remote) }
        }
        return issuers
    }

    static func accessLists(
        _ configuration: ServerConfiguration
    ) throws(ConfigurationError) -> AccessLists {
        for issuer in configuration.issuers where issuer.issuer == APIKeySet.issuer {
            throw .reservedIssuer(issuer.issuer)
        }
        do throws(AccessFileError) {
            return try AccessLists(
                denyListPath: configuration.denyListPath,
                apiKeysPath: configuration.apiKeysPath
            )
        } catch {
            throw .accessFile(error)
        }
    }

    private static func accessLog(
        _ configuration: ServerConfiguration,
        _ logger: Logger
    ) throws(LibuvError) -> AccessLog? {
        guard configuration.accessLog != .none else { return nil }
        return try AccessLog(to: configuration.accessLogOutput, logger: logger)
    }

    private static func bind(
        _ addresses: [SocketAddress],
        loopCount: Int
    ) throws -> [[ListeningSocket]] {
        guard !addresses.isEmpty else { throw ConfigurationError.noAddress }
        var sockets: [[ListeningSocket]] = []
        do {
            for address in addresses {
                sockets.append(try ListeningSocket.bind(to: address, count: loopCount))
            }
        } catch {
            for socket in sockets.joined() { socket.close() }
            throw error
        }
        return sockets
    }

    static func publicURL(
        _ configuration: ServerConfiguration,
        bound addresses: [SocketAddress]
    ) throws(ConfigurationError) -> PublicURL {
        let text: String
        if let configured = configuration.publicURL {
            text = configured
        } else if let address = addresses.first(where: { $0.port != nil }) {
            text = "http://\(address)\(configuration.endpointPath)"
        } else {
            text = "http://localhost\(configuration.endpointPath)"
        }
        guard let url = PublicURL(text) else { throw .malformedPublicURL(text) }
        return url
    }

    private static func responses(
        _ description: ServerDescription,
        _ scopes: [String],
        _ configuration: ServerConfiguration,
        _ url: PublicURL
    ) -> Responses {
        Responses(
            isHTTPS: url.scheme == "https",
            challenge: Challenge(
                resourceMetadata: url.metadataURL,
                basicScopes: scopes,
                apiKeys: configuration.apiKeysPath == nil ? .ignored : .accepted
            ),
            serverName: description.name,
            serverVersion: description.version,
            metadata: ProtectedResourceMetadata.encode(
                resource: url,
                issuers: configuration.issuers.map(\.issuer),
                scopes: scopes,
                name: description.title ?? description.name
            )
        )
    }

    /// What basic use needs: to list and call, and what tools that only read require.
    private static func basicScopes(_ tools: [Tool], _ policy: AccessPolicy) -> [String] {
        let reading = tools.filter { $0.annotations.readOnly == true }
        let operations = [.listTools, .callTool] + reading.map { ProtectedOperation.tool($0.name) }
        var scopes: [String] = []
        for operation in operations {
            guard let requirement = policy.requirement(of: operation) else { continue }
            for permission in policy.permissions(in: requirement.permissionsOfFirstRule)
            where !scopes.contains(permission.name) {
                scopes.append(permission.name)
            }
        }
        return scopes
    }
}

extension String {
    fileprivate var isEndpointPath: Bool {
        hasPrefix("/") && utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && !contains("?") && !contains("#")
    }
}
