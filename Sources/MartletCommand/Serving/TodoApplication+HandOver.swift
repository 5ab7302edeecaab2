import Libuv
import Logging
import Martlet

extension TodoApplication {
    /// Waits for a server that takes the place of this one, where the settings say so.
    func awaitSuccessor(of server: MCPServer) -> SuccessorWatch? {
        guard let path = settings.handOverPath else { return nil }
        do throws(LibuvError) {
            return try SuccessorWatch(
                at: path,
                handingOver: server.listeningSockets,
                didFail: { [logger] in logger.warning("\($0)") },
                didShare: { server.listeningSocketsAreShared($0) },
                isReady: { server.handOver(to: $0) }
            )
        } catch {
            logger.error("no server can take over from this one: \(error)")
            return nil
        }
    }

    /// Has the server before this one leave.
    func replace(_ predecessor: Predecessor, by server: MCPServer) {
        do throws(LibuvError) {
            try predecessor.replace()
            logger.notice("took over from the server before")
            try predecessor.whenEnded {
                Task { await server.claimListeningSockets() }
            }
        } catch {
            logger.notice("the server before has left by itself: \(error)")
        }
    }
}

extension ServeSettings.Database {
    /// Whether only one process has it open at a time.
    var isOpenedOnce: Bool {
        switch self {
        case .memory, .postgres: false
        case .sqlite: true
        }
    }
}
