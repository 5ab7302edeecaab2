internal import HTTP1
public import Libuv

/// Serves HTTP/1.1 on the loops of a group.
public struct HTTPServer: Sendable {
    private let services: [HTTPLoopService]

    /// What the server has open.
    public let census: ConnectionCensus

    /// - Parameters:
    ///   - loops: The loops to serve on.
    ///   - limits: What a peer is allowed.
    ///   - intake: What comes before the first request.
    ///   - makeHandler: Called once on each loop, with its index and what it counts of its
    ///     connections; returns what makes the handler of each of them.
    public init(
        on loops: [EventLoop],
        limits: HTTPServerLimits,
        intake: HTTPIntake = HTTPIntake(),
        makeHandler:
            @escaping @Sendable (_ loopIndex: Int, SendQueues) -> (
                () -> any HTTPRequestHandler
            )
    ) {
        let census = ConnectionCensus(
            totalMax: limits.connectionCountMax,
            perPeerMax: limits.connectionPerPeerCountMax
        )
        self.census = census
        services = loops.indices.map { index in
            HTTPLoopService(
                on: loops[index],
                index: index,
                limits: limits,
                census: census,
                intake: intake,
                makeHandler: makeHandler
            )
        }
    }

    /// Listens on sockets bound for this server.
    ///
    /// - Parameters:
    ///   - sockets: One for each loop.
    ///   - didFail: Told when a connection could not be accepted; the server goes on.
    /// - Throws: ``LibuvError`` when a socket cannot listen; those not yet listening are closed.
    /// - Precondition: There are as many sockets as loops.
    public func listen(
        on sockets: [ListeningSocket],
        didFail: @escaping @Sendable (LibuvError) -> Void
    ) async throws(LibuvError) {
        precondition(sockets.count == services.count, "each loop has its own socket")
        for (index, socket) in sockets.enumerated() {
            do throws(LibuvError) {
                try await services[index].listen(on: socket, didFail: didFail)
            } catch {
                for socket in sockets[(index + 1)...] { socket.close() }
                throw error
            }
        }
    }

    /// Others who have the same listening sockets.
    public enum OtherListeners: Hashable, Sendable {
        /// They accept connections already.
        case accepting
        /// They will when this server accepts no more.
        case waiting
    }

    /// Leaves connections that nobody has accepted to others: at once, or when this server accepts no
    /// more.
    public func leaveListening(to others: OtherListeners) async {
        for service in services { await service.leaveListening(others) }
    }

    /// Nobody else has the listening sockets any more: what waits at them is this server's alone.
    public func claimListening() async {
        for service in services { await service.claimListening() }
    }

    /// Has every answer end its connection from now on, for so long; all else goes on as before.
    ///
    /// Whoever sends requests here has the time to find another server: connections that are idle
    /// stay open meanwhile, and new ones are accepted. Towards the end no new ones are let in.
    public func announceDrain(forSeconds seconds: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for service in services {
                group.addTask { await service.announceDrain(forSeconds: seconds) }
            }
        }
    }

    /// Cuts short whatever ``announceDrain(forSeconds:)`` and ``drain(withinSeconds:)`` wait for,
    /// now or later: connections are closed whether or not they have their answer.
    public func endAtOnce() async {
        for service in services { await service.endAtOnce() }
    }

    /// Stops accepting, closes idle connections, and lets the rest finish within `seconds`.
    ///
    /// Connections that wait to be accepted are served as well.
    public func drain(withinSeconds seconds: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for service in services {
                group.addTask { await service.drain(withinSeconds: seconds) }
            }
        }
    }
}
