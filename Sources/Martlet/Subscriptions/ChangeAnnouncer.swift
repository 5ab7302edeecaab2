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

    /// Whose clients are told of a change.
    public enum Audience: Hashable, Sendable {
        /// Those of every process that shares sessions with this one, within a second.
        case everyProcess
        /// Those of this one: of what each process notices by itself.
        case thisProcess
    }

    private struct State {
        /// What other processes have to be told.
        var onward = AnnouncementQueue()

        /// `nil` for those that have left.
        var receivers: [LoopBound<LoopSubscriptions>?] = []

        /// By receiver, what it has not taken yet.
        var pending: [AnnouncementQueue] = []

        /// How many listeners of all loops wait for a change.
        ///
        /// What nobody waits for is not kept, so that thousands of changes in one workspace leave
        /// room for those of others.
        var listenerCounts: [ServerChange: Int] = [:]
    }

    private let state = Mutex(State())
    private let listenerCount = Atomic<Int>(0)

    /// Whether other processes are told.
    private let hasOthers = Atomic<Bool>(false)

    public init() {}

    /// Whether anybody listens, so that announcements need not be made up for nobody.
    public var isHeard: Bool { listenerCount.load(ordering: .relaxed) > 0 }

    /// Whether anybody waits for this change.
    func isHeard(_ change: ServerChange) -> Bool {
        state.withLock { $0.listenerCounts[change] != nil }
    }

    /// Tells whoever listens and may know.
    ///
    /// - Parameters:
    ///   - change: What has changed.
    ///   - workspace: Whose it is; `nil` if it is the same for all.
    ///   - audience: Where there are several processes, those of which are told.
    public func announce(
        _ change: ServerChange,
        in workspace: Workspace? = nil,
        to audience: Audience = .everyProcess
    ) {
        if audience == .everyProcess, hasOthers.load(ordering: .relaxed) {
            let announcement = Announcement(change: change, workspace: workspace?.name)
            state.withLock { $0.onward.append(announcement) }
        }
        announce(CollectionOfOne(change), workspace: workspace?.name)
    }

    /// Other processes are told as well, from now on, of what ``takeOnward()`` gives.
    func beginSharing() {
        hasOthers.store(true, ordering: .relaxed)
    }

    /// What other processes have to be told, each change once.
    func takeOnward() -> [Announcement] {
        guard hasOthers.load(ordering: .relaxed) else { return [] }
        return state.withLock { $0.onward.takeAll() }
    }

    /// Tells whoever listens here of what another process has announced.
    func receive(_ announcement: Announcement) {
        announce(CollectionOfOne(announcement.change), workspace: announcement.workspace)
    }

    /// Tells whoever listens in one workspace of this process: stores tell others themselves.
    ///
    /// - Parameters:
    ///   - changes: What has changed, what matters most first: a loop that is too far behind misses
    ///     the rest.
    ///   - name: The workspace's name, by which stores know it.
    public func announce(_ changes: some Collection<ServerChange>, inWorkspaceNamed name: String) {
        announce(changes, workspace: name)
    }

    private func announce(_ changes: some Collection<ServerChange>, workspace: String?) {
        guard isHeard else { return }
        let woken = state.withLock { state in
            let changes = changes.filter { state.listenerCounts[$0] != nil }
            guard !changes.isEmpty else { return [] as [LoopBound<LoopSubscriptions>] }
            var woken: [LoopBound<LoopSubscriptions>] = []
            for (index, receiver) in state.receivers.enumerated() {
                guard let receiver else { continue }
                let wasEmpty = state.pending[index].isEmpty
                for change in changes {
                    state.pending[index].append(
                        Announcement(change: change, workspace: workspace)
                    )
                }
                if wasEmpty { woken.append(receiver) }
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
            state.pending.append(AnnouncementQueue())
            return state.receivers.count - 1
        }
    }

    /// A loop takes part no longer.
    func leave(_ receiver: Int) {
        state.withLock { state in
            state.pending[receiver] = AnnouncementQueue()
            state.receivers[receiver] = nil
        }
    }

    func take(_ receiver: Int) -> [Announcement] {
        state.withLock { $0.pending[receiver].takeAll() }
    }

    func addListener() { listenerCount.add(1, ordering: .relaxed) }
    func removeListener() { listenerCount.subtract(1, ordering: .relaxed) }

    /// A listener waits for these changes from now on.
    func listen(to changes: [ServerChange]) {
        state.withLock { state in
            for change in changes { state.listenerCounts[change, default: 0] += 1 }
        }
    }

    /// A listener does not wait for these changes any longer.
    func stopListening(to changes: [ServerChange]) {
        state.withLock { state in
            for change in changes {
                guard let count = state.listenerCounts[change] else { continue }
                state.listenerCounts[change] = count > 1 ? count - 1 : nil
            }
        }
    }
}
