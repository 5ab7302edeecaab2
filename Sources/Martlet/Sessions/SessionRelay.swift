internal import Libuv
internal import Logging
internal import Synchronization

/// Carries what happens to sessions to all loops of the process.
///
/// A request of a session may reach any loop, and so may what the session's client says about
/// another request. What a client changes is known everywhere before the client hears that it was
/// changed. Other processes are told by ``setOnward(_:)``, and theirs comes by ``receive(_:)``.
final class SessionRelay: Sendable {
    typealias Onward = @Sendable (SessionNotice) async -> Void

    private struct State {
        var loops: [Int: LoopBound<LoopSessions>] = [:]

        /// Every loop in its turn: whoever is told first is the same in every run.
        var loopsInOrder: [LoopBound<LoopSessions>] {
            loops.sorted { $0.key < $1.key }.map(\.value)
        }

        var archives: [Int: LoopBound<StreamArchive>] = [:]
        var onward: Onward?

        /// What was received before every loop took part; `nil` once all do.
        var early: [SessionEvent]? = []
    }

    /// The number of this process in the ids of events.
    private let process: UInt32
    private let state = Mutex(State())

    init(process: UInt32) {
        self.process = process
    }

    /// Whether there are other processes to tell.
    var hasOthers: Bool { state.withLock { $0.onward != nil } }

    /// A loop takes part from now on, and hears what others have heard already.
    ///
    /// - Precondition: Called on the loop's thread.
    func join(
        _ sessions: LoopSessions,
        _ archive: StreamArchive,
        on loop: EventLoop,
        index: Int
    ) {
        let bound = LoopBound(sessions, on: loop)
        let boundArchive = LoopBound(archive, on: loop)
        let early = state.withLock { state in
            state.loops[index] = bound
            state.archives[index] = boundArchive
            return state.early ?? []
        }
        for event in early { sessions.apply(event) }
    }

    /// No loop takes part any longer, and nobody is told: whoever follows other processes may still
    /// know the relay.
    func leave() {
        state.withLock { $0 = State(early: nil) }
    }

    /// Every loop has joined.
    func didJoinAll() {
        state.withLock { $0.early = nil }
    }

    /// Has what this process's clients do told to other processes.
    func setOnward(_ onward: @escaping Onward) {
        state.withLock { $0.onward = onward }
    }

    /// Tells every loop, and other processes where there are any; returns when all loops know and
    /// other processes are told.
    ///
    /// Each loop hears of it in a turn of its own: what follows may be said on other connections
    /// than the one whose request is being read.
    func publish(_ event: SessionEvent) async {
        let (loops, onward) = state.withLock { ($0.loopsInOrder, $0.onward) }
        var isSettled = false
        for bound in loops {
            let isSettledThere = await withCheckedContinuation { continuation in
                bound.runLater { continuation.resume(returning: $0.apply(event)) }
            }
            isSettled = isSettled || isSettledThere
        }
        if !isSettled { await onward?(event.notice) }
    }

    /// Tells other processes, and nobody here.
    func forward(_ notice: SessionNotice) async {
        await state.withLock { $0.onward }?(notice)
    }

    /// Tells every loop of something that another process has told.
    func receive(_ event: SessionEvent) {
        if case .resumed(let session, let event, let ticket, let successor) = event {
            return resume(event, of: session, to: successor, ticket)
        }
        let loops = state.withLock { state in
            state.early?.append(event)
            return state.loopsInOrder
        }
        for bound in loops { bound.runLater { $0.apply(event) } }
    }

    /// Sends what is left of a stream of this process to another one.
    private func resume(
        _ event: EventID,
        of session: SessionID,
        to successor: EventID?,
        _ ticket: UInt64
    ) {
        guard event.process == process else { return }
        guard let archive = archive(event.loopIndex) else { return }
        archive.runLater { [self] archive in
            archive.forward(event, of: session, to: successor, ticket, over: self)
        }
    }

    /// The streams that one loop keeps; `nil` if there is no such loop.
    func archive(_ index: Int) -> LoopBound<StreamArchive>? {
        state.withLock { $0.archives[index] }
    }

    /// Shares what happens with other processes, from now on and what is kept of before.
    ///
    /// A failure is logged, and the process goes on by itself: a client is not told that its session
    /// has ended or changed here only.
    func share(
        by store: any SessionStore,
        _ changes: ChangeAnnouncer,
        logger: Logger
    ) async {
        changes.beginSharing()
        setOnward { notice in
            do throws(SessionStoreError) {
                try await store.put(notice)
            } catch {
                logger.error("\(error)")
            }
        }
        do throws(SessionStoreError) {
            try await store.follow { [self] notice in
                if let event = SessionEvent(notice) {
                    receive(event)
                } else if let announcement = ChangeAnnouncer.Announcement(notice) {
                    changes.receive(announcement)
                }
            }
        } catch {
            logger.error("\(error)")
        }
    }
}
