internal import HTTP1
internal import HTTPTransport
internal import JWT
internal import Libuv
internal import Logging
internal import MCP
internal import Telemetry

// What a configuration says, as parts of a server.
extension MCPServer {
    static func intake(
        _ configuration: ServerConfiguration,
        _ identity: TLSIdentitySlot?,
        _ logger: Logger
    ) -> HTTPIntake {
        var intake = HTTPIntake()
        intake.identity = identity
        intake.trustedProxies = configuration.trustedProxies
        intake.proxyHeader = configuration.proxyHeader
        intake.report = { logger.warning("\($0)") }
        return intake
    }

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

    static func export(
        _ configuration: ServerConfiguration,
        _ description: ServerDescription,
        on loop: EventLoop,
        _ collector: MetricsCollector?,
        _ logger: Logger
    ) throws(ConfigurationError) -> TelemetryExport? {
        guard let otlp = configuration.otlp, let collector else { return nil }
        let instance = String(UInt64.random(in: .min ... .max), radix: 16)
        return try TelemetryExport(
            otlp,
            on: loop,
            collector,
            resource: OTLPMessage.Resource(
                serviceName: description.name,
                serviceVersion: description.version,
                instanceID: instance
            ),
            logger: logger
        )
    }

    static func auditLog(
        _ configuration: ServerConfiguration,
        _ logger: Logger
    ) throws(LibuvError) -> AuditLog? {
        guard let audit = configuration.audit else { return nil }
        return try AuditLog(
            audit.path,
            signedWith: audit.key,
            loss: audit.loss,
            waitingCountMax: audit.waitingCountMax,
            atMilliseconds: WallClock.millisecondsSinceEpoch()
        ) { error in
            logger.error("audit log: \(error)")
        }
    }

    static func bind(
        _ configuration: ServerConfiguration,
        loopCount: Int
    ) throws -> [[ListeningSocket]] {
        guard !configuration.addresses.isEmpty || !configuration.passedSockets.isEmpty else {
            throw ConfigurationError.noAddress
        }
        var sockets: [[ListeningSocket]] = []
        do {
            // Those of one address together: where each loop has one, none is shared.
            let passed = Dictionary(grouping: configuration.passedSockets, by: \.address)
            for group in passed.values.sorted(by: { $0[0].descriptor < $1[0].descriptor }) {
                sockets += try ListeningSocket.spread(group, overLoops: loopCount)
            }
            for address in configuration.addresses {
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
            let scheme = configuration.tls == nil ? "http" : "https"
            text = "\(scheme)://\(address)\(configuration.endpointPath)"
        } else {
            text = "http://localhost\(configuration.endpointPath)"
        }
        guard let url = PublicURL(text) else { throw .malformedPublicURL(text) }
        return url
    }
}

extension String {
    var isEndpointPath: Bool {
        hasPrefix("/") && utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && !contains("?") && !contains("#")
    }
}
