/// Something that can be set, under one name everywhere.
///
/// The raw value is the flag behind two hyphens and the member of the configuration file. The
/// environment's name is the same in capitals; see ``environmentName``.
package enum Setting: String, CaseIterable, Sendable {
    case listen
    case port
    case behindProxy = "behind-proxy"
    case trustedProxies = "trusted-proxies"
    case proxyProtocol = "proxy-protocol"
    case forwardedField = "forwarded-field"
    case tlsCertificateFile = "tls-certificate-file"
    case tlsKeyFile = "tls-key-file"
    case tlsClientCAFile = "tls-client-ca-file"
    case publicURL = "public-url"
    case endpointPath = "endpoint-path"
    case allowedOrigins = "allowed-origins"
    case allowedHosts = "allowed-hosts"
    case loops

    case jwtSecret = "jwt-secret"
    case jwtSecretFile = "jwt-secret-file"
    case jwtAlgorithm = "jwt-algorithm"
    case jwtIssuer = "jwt-issuer"
    case jwtAudience = "jwt-audience"
    case jwtExpiry = "jwt-expiry"
    case clockSkewSeconds = "clock-skew-seconds"

    case policyFile = "policy-file"
    case shadowPolicyFile = "shadow-policy-file"

    case keyCAFile = "key-ca-file"
    case keyLifetimeSeconds = "key-lifetime-seconds"
    case keyLifetimeSecondsMin = "key-lifetime-seconds-min"
    case keyLifetimeSecondsMax = "key-lifetime-seconds-max"
    case keyStaleSecondsMax = "key-stale-seconds-max"
    case keyMetadataSecondsMax = "key-metadata-seconds-max"
    case keyCoolDownSeconds = "key-cool-down-seconds"
    case keyRetrySecondsMax = "key-retry-seconds-max"
    case keyWaitSeconds = "key-wait-seconds"
    case keyWaitingRequestsMax = "key-waiting-requests-max"
    case keyFetchSeconds = "key-fetch-seconds"
    case keyConnectSeconds = "key-connect-seconds"
    case keyRedirectsMax = "key-redirects-max"
    case keySetMax = "key-set-max"

    case denyListFile = "deny-list-file"
    case apiKeysFile = "api-keys-file"

    case handOverSocket = "hand-over-socket"

    case stateDirectory = "state-directory"
    case database
    case databaseQueueMax = "database-queue-max"
    case databaseConnections = "database-connections"
    case databaseSeconds = "database-seconds"
    case databaseConnectSeconds = "database-connect-seconds"
    case databaseListenURL = "database-listen-url"
    case databaseChanges = "database-changes"
    case databasePrepare = "database-prepare"
    case sealKeyFile = "seal-key-file"

    case auditLog = "audit-log"
    case auditKeyFile = "audit-key-file"
    case auditRequired = "audit-required"
    case auditQueueMax = "audit-queue-max"

    case adminListen = "admin-listen"
    case slowCallMilliseconds = "slow-call-milliseconds"
    case otlpEndpoint = "otlp-endpoint"
    case otlpSeconds = "otlp-seconds"
    case otlpMetricsSeconds = "otlp-metrics-seconds"
    case otlpQueueMax = "otlp-queue-max"
    case traceSamplePercent = "trace-sample-percent"
    case accessLog = "access-log"
    case logLevel = "log-level"

    case requestsPerSubject = "requests-per-subject"
    case requestsPerSubjectBurst = "requests-per-subject-burst"
    case toolLimits = "tool-limits"
    case rateLimitFields = "rate-limit-fields"
    case callMax = "call-max"
    case loopDelayMilliseconds = "loop-delay-milliseconds"
    case failedAuthenticationsPerPeer = "failed-authentications-per-peer"
    case failedAuthenticationsPerPeerBurst = "failed-authentications-per-peer-burst"
    case connectionMax = "connection-max"
    case connectionPerPeerMax = "connection-per-peer-max"
    case requestLineMax = "request-line-max"
    case fieldSectionMax = "field-section-max"
    case fieldCountMax = "field-count-max"
    case chunkExtensionsMax = "chunk-extensions-max"
    case trailerSectionMax = "trailer-section-max"
    case bodyMax = "body-max"
    case discardMax = "discard-max"
    case sendQueueMax = "send-queue-max"
    case receiveAheadMax = "receive-ahead-max"
    case backlog
    case tlsHandshakeSeconds = "tls-handshake-seconds"
    case headSeconds = "head-seconds"
    case bodySeconds = "body-seconds"
    case idleSeconds = "idle-seconds"
    case writeStallSeconds = "write-stall-seconds"
    case toolCallSeconds = "tool-call-seconds"
    case streamKeepAliveSeconds = "stream-keep-alive-seconds"
    case lingerSeconds = "linger-seconds"
    case drainDelaySeconds = "drain-delay-seconds"
    case drainSeconds = "drain-seconds"

    case streamsPerSubjectMax = "streams-per-subject-max"
    case clientAnswerSeconds = "client-answer-seconds"
    case listPageMax = "list-page-max"
    case taskLifetimeSeconds = "task-lifetime-seconds"
    case taskRunSeconds = "task-run-seconds"
    case taskPollMilliseconds = "task-poll-milliseconds"
    case tasksRunningMax = "tasks-running-max"
    case tasksPerSubjectMax = "tasks-per-subject-max"
    case tasksMax = "tasks-max"
    case taskResultMax = "task-result-max"

    /// What values look like.
    package enum Kind: Hashable, Sendable {
        case text
        /// Any number of texts: a flag given repeatedly, commas in the environment, an array.
        case list
        /// On or off.
        case toggle
        /// A whole number within bounds.
        case number(NumberRule)
    }

    /// The environment variable: the tutorial's name where the tutorial has one, else with a prefix.
    ///
    /// No name is `MARTLET_PORT` or `MARTLET_SERVICE_…`: Kubernetes sets those in every container
    /// beside a service called "martlet".
    package var environmentName: String {
        let capitals = rawValue.uppercased().replacing("-", with: "_")
        switch self {
        case .port, .allowedOrigins: return capitals
        default: return capitals.hasPrefix("JWT_") ? capitals : "MARTLET_\(capitals)"
        }
    }

    /// Whether the value must stay out of process lists, files that others read, and messages.
    package var isSecret: Bool { self == .jwtSecret }

    package var kind: Kind {
        switch self {
        case .listen, .adminListen, .trustedProxies, .toolLimits, .allowedOrigins, .allowedHosts,
            .jwtAudience:
            .list
        case .behindProxy, .auditRequired, .rateLimitFields: .toggle
        default: numberRule.map { .number($0) } ?? .text
        }
    }
}
