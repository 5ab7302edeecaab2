public import AccessControl
internal import Libuv
public import MCP
internal import Synchronization

/// Tells clients that something of a server has changed.
///
/// Made before the server, so that its features can hold on to it. Announcing costs an atomic load
/// while nobody listens. What is announced often is told once a second at most.
public final class ChangeAnnouncer: Sendable {
    /// A change, and who may hear of it.
    struct Announcement: Hashable, Sendable {
        let change: ServerChange

        /// `nil` for those of every workspace.
        let workspace: String?
    }

    private struct State {
        var receivers: [LoopBound<LoopSubscriptions>] = []

        /// By receiver, what it has not taken yet.
        var pending: [Set<Announcement>] = []
    }

    /// How many changes a loop can be behind with; what is beyond is told as a change of the list.
    private static let pendingCountMax = 10_000

    private let state = Mutex(State())
    private let listenerCount = Atomic<Int>(0)

    public init() {}

    /// Tells whoever listens and may know.
    ///
    /// - Parameters:
    ///   - change: What has changed.
    ///   - workspace: Whose it is; `nil` if it is the same for all.
    public func announce(_ change: ServerChange, in workspace: Workspace? = nil) {
        guard listenerCount.load(ordering: .relaxed) > 0 else { return }
        let announcement = Announcement(change: change, workspace: workspace?.name)
        let woken = state.withLock { state in
            var woken: [LoopBound<LoopSubscriptions>] = []
            for index in state.receivers.indices {
                let wasEmpty = state.pending[index].isEmpty
                if state.pending[index].count < Self.pendingCountMax {
                    state.pending[index].insert(announcement)
                }
                if wasEmpty { woken.append(state.receivers[index]) }
            }
            return woken
        }
        for receiver in woken { receiver.run { $0.wake() } }
    }

    /// A loop takes part from now on.
    ///
    /// - Returns: What it takes its announcements with.
    func join(_ subscriptions: LoopSubscriptions, on loop: EventLoop) -> Int {
        let bound = LoopBound(subscriptions, on: loop)
        return state.withLock { state in
            state.receivers.append(bound)
            state.pending.append([])
            return state.receivers.count - 1
        }
    }

    func take(_ receiver: Int) -> Set<Announcement> {
        state.withLock { state in
            let taken = state.pending[receiver]
            state.pending[receiver] = []
            return taken
        }
    }

    func addListener() { listenerCount.add(1, ordering: .relaxed) }
    func removeListener() { listenerCount.subtract(1, ordering: .relaxed) }
}
