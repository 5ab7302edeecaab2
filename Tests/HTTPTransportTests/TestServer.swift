import HTTPTransport
import Libuv
import Synchronization
import TestSupport

/// A server with scripted handlers.
struct TestServer {
    let address: SocketAddress
    let script = Script()
    private let server: HTTPServer

    /// Why connections were closed before their first request.
    let troubles = Journal<String>()

    /// Connections open now, on the server's side.
    var connectionCount: Int { server.census.total }

    fileprivate init(
        on group: EventLoopGroup,
        at address: SocketAddress,
        limits: HTTPServerLimits,
        intake: HTTPIntake
    ) async throws {
        SignalWatcher.ignoreBrokenPipes()
        let sockets = try ListeningSocket.bind(to: address, count: group.loops.count)
        self.address = sockets[0].address
        var intake = intake
        intake.report = { [troubles] in troubles.note("\($0)") }
        server = HTTPServer(on: group.loops, limits: limits, intake: intake) {
            [script] index, sendQueues in
            let loop = group.loops[index]
            // Made in the same turn as the server's own, and as long: neither gets ahead.
            let ticker = Ticker(on: loop, everyMilliseconds: limits.tickMilliseconds) {
                script.tickCount.add(1, ordering: .relaxed)
            }
            script.keep(LoopBound(ticker, on: loop))
            script.keep(LoopBound(sendQueues, on: loop))
            return { EchoHandler(on: loop, script) }
        }
        try await server.listen(on: sockets) { print($0) }
    }

    func connect(bufferByteCount: CInt? = nil) throws -> HTTPTestClient {
        try HTTPTestClient(to: address, bufferByteCount: bufferByteCount)
    }

    func announceDrain(forSeconds seconds: Int) async {
        await server.announceDrain(forSeconds: seconds)
    }

    func endAtOnce() async {
        await server.endAtOnce()
    }

    func drain(withinSeconds seconds: Int) async {
        await server.drain(withinSeconds: seconds)
    }

    /// Closes everything, so that nothing of the test is left on its loops.
    fileprivate func end() async {
        script.gate.open()
        await server.endAtOnce()
        await server.drain(withinSeconds: 0)
        script.closeTickers()
    }

    /// What all loops together have to send and nobody takes.
    func sendQueues() async -> (byteCount: Int, pausedCount: Int, stalledCount: UInt64) {
        var sum = (byteCount: 0, pausedCount: 0, stalledCount: UInt64(0))
        for queues in script.sendQueues {
            let part = await withCheckedContinuation { continuation in
                queues.runLater {
                    continuation.resume(
                        returning: (
                            $0.byteCount, $0.pausedConnectionCount, $0.stalledConnectionCount
                        )
                    )
                }
            }
            sum.byteCount += part.0
            sum.pausedCount += part.1
            sum.stalledCount += part.2
        }
        return sum
    }

    /// Waits until nothing is to be sent that nobody takes, and nobody is waited for.
    func waitUntilSent() async throws {
        try await eventually {
            let queues = await sendQueues()
            return queues.byteCount == 0 && queues.pausedCount == 0
        }
    }

    /// Waits until the server has no connection left.
    func waitUntilEmpty() async throws {
        try await eventually { connectionCount == 0 }
    }
}

/// Runs `body`, which may block, with a server that is ended afterwards.
///
/// Deadlines are far away, so that no test meets one that it does not set.
func withServer(
    loopCount: Int = 1,
    at address: SocketAddress = .ipv4(host: "127.0.0.1", port: 0),
    intake: HTTPIntake = HTTPIntake(),
    _ limit: (inout HTTPServerLimits) -> Void = { _ in },
    _ body: (TestServer) async throws -> Void
) async throws {
    var limits = HTTPServerLimits()
    limits.setDistantDeadlines()
    limit(&limits)
    let group = try EventLoopGroup(count: loopCount)
    do {
        let server = try await TestServer(
            on: group,
            at: address,
            limits: limits,
            intake: intake
        )
        try await onThreads { try await body(server) }
        await server.end()
    } catch {
        group.stop()
        throw error
    }
    group.stop()
}

extension HTTPServerLimits {
    fileprivate mutating func setDistantDeadlines() {
        let ticks = 1_000_000
        tickMilliseconds = 5
        headSeconds = ticks
        decisionSeconds = ticks
        bodySeconds = ticks
        idleSeconds = ticks
        responseSeconds = ticks
        writeStallSeconds = ticks
        streamKeepAliveSeconds = ticks
        lingerSeconds = ticks
    }
}
