internal import Synchronization

/// Which of a legacy session's GET streams hears of changes: the newest, over all loops.
///
/// "The server MUST send each of its JSON-RPC messages on only one of the connected streams" (MCP
/// 2025-11-25, *Transports*, "Multiple Connections"). Older streams stay open and silent, and hear
/// when those after them are gone: a client that keeps several is not sent into reconnecting.
final class SessionStreams: Sendable {
    private struct State {
        var lastNumber = 0

        /// By session, the numbers of its open streams.
        var open: [SessionID: Set<Int>] = [:]
    }

    private let state = Mutex(State())

    /// A stream of a session opens.
    ///
    /// - Returns: Its number, higher than that of any stream before.
    func open(_ session: SessionID) -> Int {
        state.withLock { state in
            state.lastNumber += 1
            state.open[session, default: []].insert(state.lastNumber)
            return state.lastNumber
        }
    }

    func close(_ number: Int, of session: SessionID) {
        state.withLock { state in
            state.open[session]?.remove(number)
            if state.open[session]?.isEmpty == true { state.open[session] = nil }
        }
    }

    /// Whether a stream is the one that hears.
    func isNewest(_ number: Int, of session: SessionID) -> Bool {
        state.withLock { $0.open[session]?.max() == number }
    }
}
