import AccessControl
import Foundation
import JWT
import Libuv
import Logging
import MCP
import Martlet
import Synchronization
import TestSupport
import TodoServer

/// The to-do server as it is, on a simulated machine, at a socket of the file system.
final class SimulatedServer {
    static let issuer = "https://issuer.example"
    static let audience = "https://mcp.example/mcp"

    let address: SocketAddress
    let machine: SimulatedMachine
    private let path: String
    private let server: MCPServer

    /// - Throws: Whatever keeps the server from serving.
    init(_ scenario: Scenario, store: SimulatedStore, on machine: SimulatedMachine, _ trace: Trace)
        throws
    {
        self.machine = machine
        // The process, not the seed: another run of the same seed may go on at the same time.
        path =
            NSTemporaryDirectory()
            + "martlet-simulation-\(ProcessInfo.processInfo.processIdentifier)"
        address = .unix(path: path)
        var issuer = IssuerConfiguration(
            Self.issuer,
            audiences: [Self.audience],
            keys: [.secret(Credentials.secret, algorithm: .hs256, keyID: nil)],
            workspace: WorkspaceRule(claimPath: ["team"], names: .any, absence: .refuse)
        )
        issuer.requiresRoles = true
        var configuration = ServerConfiguration(
            addresses: [address],
            issuers: [issuer],
            sealKey: .random()
        )
        configuration.publicURL = "http://localhost/mcp"
        configuration.transport = scenario.limits
        configuration.clockSkewSeconds = scenario.clockSkewSeconds
        configuration.requestsPerSubject = scenario.requestsPerSubject
        configuration.streamsPerSubjectMax = scenario.streamsPerSubjectMax
        configuration.failedAuthenticationsPerPeer = .unlimited
        configuration.drainDelaySeconds = scenario.drainDelaySeconds
        configuration.drainSeconds = scenario.drainSeconds
        let changes = ChangeAnnouncer()
        let group = EventLoopGroup(turned: machine.loops)
        server = try MCPServer(
            TodoFeatures.description(version: "7"),
            features: TodoFeatures.features(store: store, group: group, changes: changes),
            configuration,
            changes: changes,
            on: group,
            logger: Logger(label: "simulation") { _ in TracingLog(trace) }
        )
        try run("start") { server in try await server.start() }
    }

    /// Begins to stop; ``hasStopped`` says when it has.
    func beginStopping() {
        let hasStopped = stopped
        Task(executorPreference: machine.loops[0]) { [server] in
            await server.stop()
            hasStopped.value.withLock { $0 = true }
        }
    }

    var hasStopped: Bool { stopped.value.withLock { $0 } }

    /// Has the kernel keep little for the connection that begins in `body`.
    func narrowConnection(_ body: () throws -> Void) throws {
        let before = try OpenSockets.accepted(atPath: path)
        try body()
        for descriptor in try OpenSockets.accepted(atPath: path).subtracting(before) {
            OpenSockets.narrow(descriptor)
        }
    }

    func removeSocket() {
        _ = unsafe unlink(path)
    }

    private let stopped = Shared(false)

    private func run(
        _ name: String,
        _ body: @escaping @Sendable (MCPServer) async throws -> Void
    ) throws {
        let outcome = Shared<Result<Void, any Error>?>(nil)
        Task(executorPreference: machine.loops[0]) { [server] in
            let result: Result<Void, any Error>
            do { result = .success(try await body(server)) } catch { result = .failure(error) }
            outcome.value.withLock { $0 = result }
        }
        try machine.settle()
        guard let result = outcome.value.withLock({ $0 }) else {
            throw Violation("the server does not \(name)")
        }
        try result.get()
    }
}

/// What a task of a loop and the simulation both look at.
private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }
}
