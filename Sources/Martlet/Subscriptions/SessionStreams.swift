internal import Synchronization

/// Which of a legacy session's GET streams hears of changes: the newest, over all loops, and while
/// none is open that which was the last to close, for a client that comes back.
///
/// "The server MUST send each of its JSON-RPC messages on only one of the connected streams" (MCP
/// 2025-11-25, *Transports*, "Multiple Connections"). Older streams stay open and silent, and hear
/// when those after them are gone: a client that keeps several is not sent into reconnecting.
final class SessionStreams: Sendable {
    private struct State {
        var lastNumber = 0

        /// By session, the numbers of its open streams.
        var open: [SessionID: Set<Int>] = [:]

        /// By session, the number of the stream whose client left last.
        var left: [SessionID: Int] = [:]

        mutating func close(_ number: Int, of session: SessionID) {
            open[session]?.remove(number)
            if open[session]?.isEmpty == true { open[session] = nil }
            if left[session] == number { left[session] = nil }
        }
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

    /// A stream of a session is there whose client has left already, and may come back.
    ///
    /// - Returns: Its number, as ``open(_:)`` gives it.
    func openLeft(_ session: SessionID) -> Int {
        state.withLock { state in
            state.lastNumber += 1
            state.left[session] = state.lastNumber
            return state.lastNumber
        }
    }

    /// The client of a stream leaves, and may come back.
    func leave(_ number: Int, of session: SessionID) {
        state.withLock { state in
            state.close(number, of: session)
            state.left[session] = number
        }
    }

    /// A stream is over.
    func close(_ number: Int, of session: SessionID) {
        state.withLock { $0.close(number, of: session) }
    }

    /// Whether a stream is the one that hears.
    func hears(_ number: Int, of session: SessionID) -> Bool {
        state.withLock { state in
            guard let newest = state.open[session]?.max() else {
                return state.left[session] == number
            }
            return newest == number
        }
    }
}
