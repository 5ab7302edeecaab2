internal import AccessControl
internal import Libuv
internal import MCP

/// Who listens on one loop, and what they have to be told.
///
/// The first change after a quiet second is told at once; those that follow within the second are
/// told together at its end, each once, so that a busy list costs its listeners one notification a
/// second.
///
/// Not `Sendable`: belongs to the loop.
final class LoopSubscriptions {
    /// Listeners that are told in one turn of the loop; the sockets get their turn in between.
    private static let toldCountMax = 256

    private let loop: EventLoop
    private let announcer: ChangeAnnouncer
    private var dispatcher: Dispatcher
    private let sessions: LoopSessions
    private let census: StreamCensus
    private let sessionStreams: SessionStreams

    /// `nil` where no tool runs as a task.
    private let tasks: TaskKeeper?
    private var receiver: Int?

    private var listeners: [ObjectIdentifier: ChangeListener] = [:]

    /// How many streams there are.
    var count: Int { listeners.count }

    /// Who has to be told of what; listeners of a session are filed anew when it subscribes.
    private var audience: [ServerChange: Set<ObjectIdentifier>] = [:]
    private var filters: [ObjectIdentifier: SubscriptionFilter] = [:]

    private var due: [ChangeListener] = []
    private var hasToldThisSecond = false
    private var timer: OneShotTimer?

    init(
        on loop: EventLoop,
        _ announcer: ChangeAnnouncer,
        _ dispatcher: Dispatcher,
        _ sessions: LoopSessions,
        _ census: StreamCensus,
        _ sessionStreams: SessionStreams,
        _ tasks: TaskKeeper?
    ) {
        self.loop = loop
        self.announcer = announcer
        self.dispatcher = dispatcher
        self.sessions = sessions
        self.census = census
        self.sessionStreams = sessionStreams
        self.tasks = tasks
    }

    /// Takes part in what is announced.
    ///
    /// - Precondition: Called once, on the loop's thread.
    func start() {
        receiver = announcer.join(self, on: loop)
        timer = OneShotTimer(on: loop) { [unowned self] in
            takeAnnouncements()
            tellSome()
        }
        sessions.didChange = { [unowned self] session in refile(session) }
    }

    func close() {
        timer?.close()
        timer = nil
        if let receiver { announcer.leave(receiver) }
        receiver = nil
    }

    /// Takes a listener in, which the census has counted.
    ///
    /// The stream of a session is ``open(_:)`` before it hears anything.
    func add(_ listener: ChangeListener) {
        let id = ObjectIdentifier(listener)
        listeners[id] = listener
        file(id, filter(of: listener))
        announcer.addListener()
        listener.outlet.didLoseClient = { [weak self, weak listener] in
            if let self, let listener { remove(listener) }
        }
        listener.outlet.didDrain = { [weak self, weak listener] in
            if let self, let listener { tell(listener) }
        }
        listener.outlet.serverStops = { [weak self, weak listener] in
            if let self, let listener { interrupt(listener) }
        }
        listener.acknowledge()
    }

    /// The stream of a session hears from now on, and those before it no longer.
    func open(_ listener: ChangeListener) {
        guard case .session(let session) = listener.audience,
            listeners[ObjectIdentifier(listener)] != nil
        else { return }
        // The client may have gone while nobody knew what came before.
        listener.streamNumber =
            listener.isCounted
            ? sessionStreams.open(session.id) : sessionStreams.openLeft(session.id)
        tell(listener)
    }

    /// The client of a session's stream is gone and may come back.
    func leave(_ listener: ChangeListener) {
        guard listeners[ObjectIdentifier(listener)] != nil else { return }
        if case .session(let session) = listener.audience, let number = listener.streamNumber {
            sessionStreams.leave(number, of: session.id)
        }
        discount(listener)
    }

    /// The client of a session's stream goes on with another one.
    ///
    /// - Returns: What has not been told.
    func handOver(_ listener: ChangeListener) -> [ServerChange] {
        catchUp()
        remove(listener)
        return listener.takeUntold()
    }

    /// Notes what has been announced so far for those who listen so far, who are told soon.
    func catchUp() {
        takeAnnouncements()
        if !due.isEmpty { timer?.start(afterMilliseconds: 0) }
    }

    /// Ends a listener's stream in order.
    func end(_ listener: ChangeListener) {
        remove(listener)
        listener.end()
    }

    /// Ends a listener's connection for no fault of the client's; the stream of a session goes on
    /// taking note for a client that comes back.
    private func interrupt(_ listener: ChangeListener) {
        guard case .session = listener.audience else { return end(listener) }
        listener.outlet.interrupt()
    }

    private func remove(_ listener: ChangeListener) {
        let id = ObjectIdentifier(listener)
        guard listeners.removeValue(forKey: id) != nil else { return }
        unfile(id)
        if case .session(let session) = listener.audience, let number = listener.streamNumber {
            sessionStreams.close(number, of: session.id)
        }
        announcer.removeListener()
        discount(listener)
    }

    private func discount(_ listener: ChangeListener) {
        guard listener.isCounted else { return }
        listener.isCounted = false
        census.release(listener.principal.subject)
    }

    /// Ends all streams, and asks another dispatcher about those that begin, and what those are told
    /// whose clients come back.
    func adopt(_ dispatcher: Dispatcher) {
        for listener in listeners.values { interrupt(listener) }
        self.dispatcher = dispatcher
    }

    /// Ends the streams of all for whom `isOver` holds.
    func endAll(where isOver: (ChangeListener) -> Bool) {
        for listener in listeners.values.filter(isOver) { end(listener) }
    }

    // What happens.

    /// Something was announced, perhaps within the work of another connection: it is told in a turn
    /// of its own.
    func wake() {
        guard !hasToldThisSecond else { return }
        hasToldThisSecond = true
        timer?.start(afterMilliseconds: 0)
    }

    /// A second has passed.
    func tick() {
        hasToldThisSecond = false
        takeAnnouncements()
        if !due.isEmpty { hasToldThisSecond = true }
        tellSome()
    }

    private func takeAnnouncements() {
        guard let receiver else { return }
        guard !listeners.isEmpty else {
            _ = announcer.take(receiver)
            return
        }
        var told: [ObjectIdentifier: ChangeListener] = [:]
        for announcement in announcer.take(receiver) {
            for id in audience[announcement.change] ?? [] {
                guard let listener = listeners[id],
                    announcement.workspace == nil
                        || announcement.workspace == listener.principal.workspace.name
                else { continue }
                listener.note(announcement.change)
                told[id] = listener
            }
        }
        due.append(contentsOf: told.values)
    }

    private func tellSome() {
        let now = due.suffix(Self.toldCountMax)
        due.removeLast(now.count)
        for listener in now { tell(listener) }
        if !due.isEmpty { timer?.start(afterMilliseconds: 0) }
    }

    private func tell(_ listener: ChangeListener) {
        if case .session(let session) = listener.audience, let number = listener.streamNumber,
            !sessionStreams.hears(number, of: session.id)
        {
            return listener.forget()
        }
        listener.tell { change, principal in
            guard case .task(let id) = change else {
                return dispatcher.mayHear(change, principal) ? .change(change) : nil
            }
            // What has ended long ago is not at hand any longer; its listener can ask.
            guard let task = tasks?.snapshot(id, of: TaskOwner(principal)),
                dispatcher.decision(on: task, of: principal) == .allowed
            else { return nil }
            return .task(task)
        }
    }

    // Filing.

    private func filter(of listener: ChangeListener) -> SubscriptionFilter {
        switch listener.audience {
        case .subscription(let request):
            return request.filter
        case .session(let session):
            var filter = dispatcher.announcedLists
            filter.resourceURIs = sessions.resourceURIs(of: session.id)
            return filter
        }
    }

    private func file(_ id: ObjectIdentifier, _ filter: SubscriptionFilter) {
        filters[id] = filter
        let changes = filter.changes
        for change in changes { audience[change, default: []].insert(id) }
        announcer.listen(to: changes)
    }

    private func unfile(_ id: ObjectIdentifier) {
        guard let filter = filters.removeValue(forKey: id) else { return }
        let changes = filter.changes
        for change in changes {
            audience[change]?.remove(id)
            if audience[change]?.isEmpty == true { audience[change] = nil }
        }
        announcer.stopListening(to: changes)
    }

    private func refile(_ session: SessionID) {
        let concerned = listeners.filter {
            if case .session(let listened) = $0.value.audience { return listened.id == session }
            return false
        }
        for (id, listener) in concerned {
            if sessions.isEnded(session) {
                end(listener)
            } else {
                // What is announced by another thread meanwhile is not missed.
                let changes = filters[id]?.changes ?? []
                announcer.listen(to: changes)
                unfile(id)
                file(id, filter(of: listener))
                announcer.stopListening(to: changes)
            }
        }
    }
}
