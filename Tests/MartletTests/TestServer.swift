import AccessControl
import Bytes
import JSONSchema
import JWT
import Libuv
import Logging
import MCP
import Martlet
import ProtocolTestSupport
import Synchronization
import TestSupport

/// A server on a loopback port with a few tools, and tokens for it.
final class TestServer: Sendable {
    static let issuer = "https://issuer.example"
    static let audience = "https://mcp.example/mcp"
    static let secret = Array("a secret of at least thirty-two bytes".utf8)

    let server: MCPServer
    let address: SocketAddress

    /// Where the tool `wait` waits, and what became of it.
    let gate = Gate()
    let journal = Journal<String>()

    /// What the features tell of their changes with.
    let changes = ChangeAnnouncer()

    init(
        loopCount: Int,
        logger: Logger,
        features: FeatureSet = .few,
        _ configure: (inout ServerConfiguration) -> Void
    ) throws {
        var configuration = Self.configuration
        configure(&configuration)
        server = try MCPServer(
            ServerDescription(name: "test", title: "Test", version: "7"),
            features: features.make(Parts(gate: gate, journal: journal, changes: changes)),
            configuration,
            changes: changes,
            on: EventLoopGroup(count: loopCount),
            logger: logger
        )
        address = server.addresses[0]
    }

    /// What a test has in common with the features of its server.
    struct Parts: Sendable {
        let gate: Gate
        let journal: Journal<String>
        let changes: ChangeAnnouncer
    }

    /// What a server offers.
    struct FeatureSet: Sendable {
        let make: @Sendable (Parts) -> ServerFeatures

        static let few = FeatureSet { parts in
            ServerFeatures(
                tools: [
                    .whoami, .wait(parts.gate, parts.journal), .write(parts.journal), .fail,
                ]
            )
        }
    }

    /// With deadlines that only a test that is about them can meet.
    static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration(
            addresses: [.ipv4(host: "127.0.0.1", port: 0)],
            issuers: [trusted()],
            sealKey: .random()
        )
        configuration.transport.tickMilliseconds = 20
        configuration.transport.headSeconds = 3_000
        configuration.transport.bodySeconds = 3_000
        configuration.transport.idleSeconds = 3_000
        configuration.transport.responseSeconds = 3_000
        return configuration
    }

    static func trusted(
        _ issuer: String = issuer,
        workspace: WorkspaceRule = .shared
    ) -> IssuerConfiguration {
        IssuerConfiguration(
            issuer,
            audiences: [audience],
            keys: [.secret(secret, algorithm: .hs256, keyID: nil)],
            workspace: workspace
        )
    }

    func connect() throws -> Client {
        try Client(to: address)
    }

    /// Sends one request on a connection of its own.
    func exchange(_ request: Request) throws -> Response {
        try connect().exchange(request)
    }

    /// Sends one message on a connection of its own.
    func exchange(_ message: Message, token: String?) throws -> Response {
        try exchange(.message(message, token: token))
    }
}

/// Runs a server for the time of a test.
func withServer(
    loopCount: Int = 1,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    features: TestServer.FeatureSet = .few,
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (TestServer) async throws -> Void
) async throws {
    let server = try TestServer(
        loopCount: loopCount,
        logger: logger,
        features: features,
        configure
    )
    try await server.server.start()
    do {
        try await body(server)
    } catch {
        server.gate.open()
        await server.server.stop()
        throw error
    }
    server.gate.open()
    await server.server.stop()
}

/// A token of the test's issuer, wrong in whatever way a test wants.
func token(
    _ subject: String = "ada",
    role: String? = "user",
    scope: String? = nil,
    issuer: String = TestServer.issuer,
    audience: String = TestServer.audience,
    expiresInSeconds: Int64 = 3_600,
    notBeforeInSeconds: Int64? = nil,
    workspace: String? = nil,
    secret: [UInt8] = TestServer.secret,
    algorithm: HMACKey.Algorithm = .hs256
) throws -> String {
    let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
    var claims = ClaimsSetBuilder()
    claims.set(.issuer, to: .string(issuer))
    claims.set(.audience, to: .string(audience))
    claims.set(.subject, to: .string(subject))
    claims.set(.expirationTime, to: .date(now.advanced(bySeconds: expiresInSeconds)))
    if let notBeforeInSeconds {
        claims.set(.notBefore, to: .date(now.advanced(bySeconds: notBeforeInSeconds)))
    }
    if let role { claims.set("role", to: .string(role)) }
    if let scope { claims.set(.scope, to: .string(scope)) }
    if let workspace { claims.set("team", to: .string(workspace)) }
    let signer = TokenSigner(key: try HMACKey(algorithm, secret: secret.span))
    return String(decoding: signer.sign(claims).bytes, as: UTF8.self)
}

extension Tool {
    /// Who calls, as the tool sees it.
    fileprivate static let whoami = Tool(
        name: "whoami",
        description: "Says who calls.",
        input: ObjectSchema([]),
        annotations: ToolAnnotations(readOnly: true),
        permission: .readTodos
    ) { _, context in
        // Gives other requests of the loop the chance to come between.
        await Task.yield()
        return .text("\(context.principal.subject.name) in \(context.principal.workspace)")
    }

    /// Finishes when the test says so, and notes whether it was cancelled.
    static func wait(_ gate: Gate, _ journal: Journal<String>) -> Tool {
        Tool(
            name: "wait",
            description: "Waits.",
            input: ObjectSchema([]),
            permission: .readTodos
        ) { _, _ in
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                journal.note("cancelled")
            }
            journal.note("finished")
            return .text("waited")
        }
    }

    fileprivate static func write(_ journal: Journal<String>) -> Tool {
        Tool(
            name: "write",
            description: "Notes that it ran.",
            input: ObjectSchema([.optional("text", .string(lengthMax: 100))]),
            permission: .createTodos
        ) { _, _ in
            journal.note("written")
            return .text("written")
        }
    }

    fileprivate static let fail = Tool(
        name: "fail",
        description: "Fails.",
        input: ObjectSchema([]),
        permission: .readTodos
    ) { _, _ throws(RequestFailure) in
        throw .failed(reason: "the reason is for the log")
    }
}
