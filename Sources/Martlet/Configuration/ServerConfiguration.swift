public import AccessControl
public import Bytes
public import HTTPTransport
public import Libuv
public import MCP
public import TLS
public import Telemetry

/// How a server listens, whom it believes and what it allows.
public struct ServerConfiguration: Sendable {
    /// Where to listen; more than one address is served alike.
    public var addresses: [SocketAddress]

    /// Sockets that listen already, which a service manager or a server before this one has bound;
    /// they are served besides ``addresses``.
    public var passedSockets: [ListeningSocket] = []

    /// The canonical URI of the MCP endpoint as clients know it (RFC 8707 §2), such as
    /// `https://example.com/team/mcp`.
    ///
    /// `nil` derives `http://ADDRESS/mcp` from the first address, which is right on one machine.
    public var publicURL: String?

    /// The path at which requests for the MCP endpoint arrive here.
    public var endpointPath = "/mcp"

    /// Values of `Origin` that may come, each `scheme://host[:port]`; `*` admits every origin.
    public var allowedOrigins: [String] = []

    /// Hosts that may be asked for, besides that of the public URL and those of loopback; with a
    /// port, only that port.
    public var allowedHosts: [String] = []

    /// Whose tokens are accepted.
    public var issuers: [IssuerConfiguration]

    /// Who is let in without credentials: nobody, unless the configuration is
    /// ``insecureAnonymous(addresses:sealKey:)``.
    public internal(set) var anonymousAccess: AnonymousAccess?

    /// How keys that are not known from the start are fetched and kept up to date.
    public var keyRefresh = KeyRefresh()

    /// Tolerance for drift between honest clocks, 0 to 300 seconds.
    public var clockSkewSeconds: Int64 = 60

    /// Who may do what: roles, what scopes imply, and rules in the place of what tools declare.
    public var policy = PolicyDocument()

    /// A policy to try out beside ``policy``: what it would have decided differently is logged, and
    /// it changes no answer.
    public var shadowPolicy: PolicyDocument?

    /// What each role permits: a part of ``policy``.
    public var roles: [Role] {
        get { policy.roles }
        set { policy.roles = newValue }
    }

    /// What a scope brings besides itself: a part of ``policy``.
    public var impliedScopes: [String: [String]] {
        get { policy.impliedScopes }
        set { policy.impliedScopes = newValue }
    }

    /// The file that says whose tokens are refused although they verify; `nil` denies nobody.
    ///
    /// Read when the server starts, which fails without it, and again whenever it changes.
    public var denyListPath: String?

    /// The file of API keys, which `martlet apikey` writes; `nil` accepts none.
    ///
    /// Read when the server starts, which fails without it, and again whenever it changes.
    public var apiKeysPath: String?

    /// What a peer may do to the transport.
    public var transport = HTTPServerLimits()

    /// Who the server is to clients that come over a network, which then speak TLS.
    ///
    /// `nil` where somebody in front of it does, or nobody need to. UNIX domain sockets are never
    /// encrypted.
    public var tls: TLSIdentity?

    /// Whose word counts about where a connection or a request comes from.
    public var trustedProxies = TrustedProxies()

    /// Whether trusted proxies begin each connection with a PROXY header.
    public var proxyHeader = HTTPIntake.ProxyHeaderRule.refused

    /// The field in which trusted proxies say whom they ask for; `nil` looks at none.
    public var forwardedField: ForwardedField?

    /// Requests of one subject, whatever it asks for.
    public var requestsPerSubject = RateLimit(perSecond: 1_000, burst: 2_000)

    /// Calls of a tool by one subject, by the name of the tool, besides ``requestsPerSubject``.
    public var callsPerSubject: [String: RateLimit] = [:]

    /// Calls that may run at once, whoever makes them; further ones are refused with 503.
    public var callCountMax = 8_192

    /// How late a loop may come to its timer, twice in a row; 0 is no limit.
    ///
    /// Beyond it requests are refused with 503 until the loop is in time again.
    public var loopDelayMillisecondsMax: UInt64 = 1_000

    /// Whether every answer tells its caller what is left of its share; 429 always does.
    public var tellsRateLimits = false

    /// Tokens that do not verify, from one peer address.
    public var failedAuthenticationsPerPeer = RateLimit(perSecond: 1, burst: 30)

    /// From the signal to stop until nothing new is accepted: as long as it takes whoever sends
    /// requests here to notice that the server is no longer ready, and that answers end their
    /// connections.
    public var drainDelaySeconds = 0

    /// From then on until everything still open is closed.
    public var drainSeconds = 20

    /// How requests are recorded.
    public var accessLog = AccessLogFormat.none

    /// Takes whole lines of the access log, on a thread of its own where it may block.
    public typealias AccessLogOutput = @Sendable (_ lines: ByteBuffer) throws(LibuvError) -> Void

    /// Where requests are recorded; `nil` is standard output, or standard error where standard output
    /// is for messages.
    public var accessLogOutput: AccessLogOutput?

    /// Where decisions are recorded; `nil` records none.
    public var audit: AuditConfiguration?

    /// More that operators are told besides the server's own counts; called from any thread.
    public var metricSources: [@Sendable () -> [MetricFamily]] = []

    /// Calls that take longer are logged with where the time went; `nil` logs none.
    public var slowCallMilliseconds: Int?

    /// Which collector is sent spans and metrics; `nil` for none.
    public var otlp: OTLPConfiguration?

    /// Where operators ask for metrics, health and readiness; none unless there are addresses.
    ///
    /// Nobody is asked for credentials there: loopback, or a network of the operators' own.
    public var adminAddresses: [SocketAddress] = []

    /// What session ids and the state of requests are sealed with: 32 bytes that every replica
    /// shares.
    public var sealKey: SealKey

    /// Keys that were ``sealKey`` before, or will be: what is sealed with them opens too.
    public var otherSealKeys: [SealKey] = []

    /// Subscription streams that one subject may have open: `subscriptions/listen`, and the GET
    /// streams of its sessions.
    public var streamsPerSubjectMax = 100

    /// How long a client may take to answer what a tool asks it in the legacy era; in the modern
    /// era, how long the state that it carries is good.
    public var clientAnswerSeconds = 300

    /// Entries of a list that one page shows.
    public var listPageCountMax = 100

    /// How many tasks there may be, and how long they take.
    public var taskLimits = TaskLimits()

    /// Where tasks are kept.
    ///
    /// In memory they are known to this process alone: several replicas need a store that they
    /// share, or clients that come back to the replica which began the task.
    public var taskStore: any TaskStore = MemoryTaskStore()

    /// Through which several processes share what clients of the legacy protocol change of their
    /// sessions, and answers to questions of the server; `nil` where there is one process.
    public var sessionStore: (any SessionStore)?

    /// Called when nothing is served any more and the loops still run: whatever has connections on
    /// them closes them.
    public var loopsWillStop: @Sendable () async -> Void = {}

    public init(addresses: [SocketAddress], issuers: [IssuerConfiguration], sealKey: SealKey) {
        self.addresses = addresses
        self.issuers = issuers
        self.sealKey = sealKey
    }
}

/// So many of something, on average and at once.
public struct RateLimit: Hashable, Sendable {
    /// Highest rate that can be counted; more is no limit.
    public static let perSecondMax = 100_000

    /// How many a second, in the long run; 0 is no limit.
    public let perSecond: Int

    /// How many at once after a pause.
    public let burst: Int

    /// - Precondition: Both are 0 to ``perSecondMax``, and the burst is at least 1.
    public init(perSecond: Int, burst: Int) {
        precondition((0...Self.perSecondMax).contains(perSecond), "a rate of \(perSecond)/s")
        precondition((1...Self.perSecondMax).contains(burst), "a burst of \(burst)")
        self.perSecond = perSecond
        self.burst = burst
    }

    public static let unlimited = RateLimit(perSecond: 0, burst: 1)
}

/// How a request is recorded.
public enum AccessLogFormat: String, Sendable, CaseIterable {
    case none, text, json
}
