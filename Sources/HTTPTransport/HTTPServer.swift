internal import HTTP1
public import Libuv

/// Serves HTTP/1.1 on the loops of a group.
public struct HTTPServer: Sendable {
    private let services: [HTTPLoopService]

    /// What the process has open.
    public let census: ConnectionCensus

    /// - Parameters:
    ///   - group: The loops to serve on.
    ///   - limits: What a peer is allowed.
    ///   - makeHandler: Called once on each loop, with its index; returns what makes the handler of
    ///     each of its connections.
    public init(
        on group: EventLoopGroup,
        limits: HTTPServerLimits,
        makeHandler: @escaping @Sendable (_ loopIndex: Int) -> (() -> any HTTPRequestHandler)
    ) {
        let census = ConnectionCensus(
            totalMax: limits.connectionCountMax,
            perPeerMax: limits.connectionPerPeerCountMax
        )
        self.census = census
        services = group.loops.indices.map { index in
            HTTPLoopService(
                on: group.loops[index],
                index: index,
                limits: limits,
                census: census,
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

    /// Stops accepting, closes idle connections, and lets the rest finish within `seconds`.
    public func drain(withinSeconds seconds: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for service in services {
                group.addTask { await service.drain(withinSeconds: seconds) }
            }
        }
    }
}
