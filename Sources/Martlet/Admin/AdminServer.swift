internal import HTTPTransport
internal import Libuv
internal import Logging

/// What operators ask a server: its counts, whether it lives, whether it may be sent requests.
///
/// On a loop and addresses of its own, so that it answers when the others are busy, and so that
/// nobody who may reach the endpoint reaches this.
final class AdminServer: Sendable {
    let addresses: [SocketAddress]

    private let group: EventLoopGroup
    private let sockets: [ListeningSocket]
    private let http: HTTPServer

    /// Binds the addresses.
    ///
    /// - Parameters:
    ///   - addresses: Where operators ask.
    ///   - shared: What it is asked about.
    ///   - responses: What is answered that never changes.
    ///   - collector: What asks the loops.
    ///   - tickMilliseconds: What counts for a second.
    /// - Throws: ``LibuvError`` if one cannot be had, or there is no thread.
    init(
        at addresses: [SocketAddress],
        _ shared: SharedEndpoint,
        _ responses: Responses,
        _ collector: MetricsCollector,
        tickMilliseconds: UInt64
    ) throws(LibuvError) {
        var sockets: [ListeningSocket] = []
        do throws(LibuvError) {
            for address in addresses {
                sockets += try ListeningSocket.bind(to: address, count: 1)
            }
            group = try EventLoopGroup(count: 1)
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
        self.sockets = sockets
        self.addresses = sockets.map(\.address)
        let loop = group.loops[0]
        var limits = Self.limits
        limits.tickMilliseconds = tickMilliseconds
        http = HTTPServer(on: [loop], limits: limits) { _, _ in
            let questions = AdminHandler.Questions(collector, on: loop)
            return { AdminHandler(shared, responses, questions) }
        }
    }

    /// What operators' programs need, and little more.
    private static var limits: HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.connectionCountMax = 64
        limits.connectionPerPeerCountMax = 64
        limits.bodyByteCountMax = 0
        limits.responseSeconds = 5
        return limits
    }

    func start(_ didFail: @escaping @Sendable (LibuvError) -> Void) async throws(LibuvError) {
        for socket in sockets { try await http.listen(on: [socket], didFail: didFail) }
    }

    /// Lets what is being answered finish; the loops that answer it must still run.
    func stop() async {
        await http.drain(withinSeconds: 1)
        group.stop()
    }
}
