internal import Libuv
internal import Synchronization

/// Carries what happens to sessions to all loops of the process.
///
/// A request of a session may reach any loop, and so may what the session's client says about
/// another request. What a client changes is known everywhere before the client hears that it was
/// changed. Other processes are told by ``onward``, and tell of theirs by ``publish(_:)``.
final class SessionRelay: Sendable {
    typealias Onward = @Sendable (SessionEvent) async -> Void

    private struct State {
        var loops: [Int: LoopBound<LoopSessions>] = [:]
        var archives: [Int: LoopBound<StreamArchive>] = [:]
        var onward: Onward?
    }

    private let state = Mutex(State())

    /// A loop takes part from now on.
    func join(
        _ sessions: LoopSessions,
        _ archive: StreamArchive,
        on loop: EventLoop,
        index: Int
    ) {
        let bound = LoopBound(sessions, on: loop)
        let boundArchive = LoopBound(archive, on: loop)
        state.withLock { state in
            state.loops[index] = bound
            state.archives[index] = boundArchive
        }
    }

    /// Has what this process's clients do told to other processes.
    func setOnward(_ onward: @escaping Onward) {
        state.withLock { $0.onward = onward }
    }

    /// Tells every loop, and other processes where there are any; returns when all know.
    ///
    /// Each loop hears of it in a turn of its own: what follows may be said on other connections
    /// than the one whose request is being read.
    func publish(_ event: SessionEvent) async {
        let (loops, onward) = state.withLock { ($0.loops, $0.onward) }
        for bound in loops.values {
            await withCheckedContinuation { continuation in
                bound.runLater { sessions in
                    sessions.apply(event)
                    continuation.resume()
                }
            }
        }
        await onward?(event)
    }

    /// The streams that one loop keeps; `nil` if there is no such loop.
    func archive(_ index: Int) -> LoopBound<StreamArchive>? {
        state.withLock { $0.archives[index] }
    }
}
