internal import MCP

/// What one loop knows of legacy sessions beyond their sealed ids: what their clients have changed,
/// and which of their requests are being answered here.
///
/// Not `Sendable`: belongs to the loop. Sessions whose clients change nothing leave no trace.
final class LoopSessions {
    /// Sessions that are remembered at once; those that end soonest are forgotten first.
    static let entryCountMax = 16_384

    private struct Entry {
        let expirySeconds: Int64
        var isEnded = false
        var logLevel: LogLevel?
        var resourceURIs: Set<String> = []
    }

    /// A request of a session, as the session's client names it.
    private struct CallKey: Hashable {
        let session: SessionID
        let request: RequestID
    }

    /// A request of the server that a client has to answer.
    private struct Question {
        let session: SessionID
        let answer: (ClientResponse) -> Void
    }

    private var entries: [SessionID: Entry] = [:]
    private var calls: [CallKey: PendingCall] = [:]
    private var questions: [RequestID: Question] = [:]

    /// Streams of other processes that are read here, by their tickets.
    private var remoteStreams: [UInt64: (session: SessionID, stream: RemoteStream)] = [:]

    /// Told when a session ends or what it listens for changes.
    var didChange: (SessionID) -> Void = { _ in }

    // What dispatching depends on.

    /// - Returns: `nil` if the session has ended.
    func state(of session: LegacySession) -> SessionState? {
        guard let entry = entries[session.id] else {
            return SessionState(version: session.version, capabilities: session.capabilities)
        }
        guard !entry.isEnded else { return nil }
        return SessionState(
            version: session.version,
            capabilities: session.capabilities,
            logLevel: entry.logLevel ?? .sessionDefault,
            subscriptionCount: entry.resourceURIs.count
        )
    }

    func isEnded(_ session: SessionID) -> Bool {
        entries[session]?.isEnded == true
    }

    /// The resources that a session has subscribed to.
    func resourceURIs(of session: SessionID) -> Set<String> {
        entries[session]?.resourceURIs ?? []
    }

    // What happens.

    /// - Returns: Whether nobody else needs to hear of it: it was an answer to a question of this
    ///   loop, or took back a call of it.
    @discardableResult
    func apply(_ event: SessionEvent) -> Bool {
        switch event {
        case .ended(let session):
            change(session) { entry in
                entry.isEnded = true
                entry.resourceURIs = []
            }
            let open = calls.filter { $0.key.session == session.id }.map(\.value)
            for call in open { call.cancel() }
        case .changed(let session, .logLevel(let level)):
            change(session) { $0.logLevel = level }
        case .changed(let session, .subscribe(let uri)):
            change(session) { $0.resourceURIs.insert(uri) }
        case .changed(let session, .unsubscribe(let uri)):
            change(session) { $0.resourceURIs.remove(uri) }
        case .answered(let session, let response):
            guard let question = questions[response.id], question.session == session else {
                return false
            }
            questions[response.id] = nil
            question.answer(response)
            return true
        case .cancelled(let session, let request):
            guard let call = calls[CallKey(session: session, request: request)] else {
                return false
            }
            call.cancel()
            return true
        case .resumed:
            // For the archive of one loop: the relay knows which.
            break
        case .continued(let session, let ticket, let part):
            guard let (owner, stream) = remoteStreams[ticket], owner == session else { break }
            stream.receive(part)
            if stream.isOver { remoteStreams[ticket] = nil }
            return true
        }
        return false
    }

    private func change(_ session: LegacySession, _ body: (inout Entry) -> Void) {
        makeRoom()
        body(&entries[session.id, default: Entry(expirySeconds: session.expirySeconds)])
        didChange(session.id)
    }

    /// Forgets an eighth of the sessions where there are too many: a client whose session is
    /// forgotten finds it with its defaults, or alive again if it had ended it.
    private func makeRoom() {
        guard entries.count >= Self.entryCountMax else { return }
        let soonest = entries.sorted { $0.value.expirySeconds < $1.value.expirySeconds }
        for (id, _) in soonest.prefix(Self.entryCountMax / 8) { entries[id] = nil }
    }

    /// Forgets what has expired.
    func tick(nowSeconds: Int64) {
        for (ticket, read) in remoteStreams {
            read.stream.tick()
            if read.stream.isOver { remoteStreams[ticket] = nil }
        }
        guard !entries.isEmpty else { return }
        entries = entries.filter { nowSeconds < $0.value.expirySeconds }
    }

    // Requests that are being answered.

    func begin(_ call: PendingCall, of session: SessionID) {
        calls[CallKey(session: session, request: call.call.requestID)] = call
    }

    func end(_ call: PendingCall, of session: SessionID) {
        let key = CallKey(session: session, request: call.call.requestID)
        if calls[key] === call { calls[key] = nil }
    }

    // Streams of other processes.

    /// Hears what is sent of a stream of a session.
    ///
    /// - Returns: The ticket to ask for it with.
    func read(_ stream: RemoteStream, of session: SessionID) -> UInt64 {
        let ticket = UInt64.random(in: .min ... .max)
        remoteStreams[ticket] = (session, stream)
        return ticket
    }

    // Requests of the server.

    func expectAnswer(
        to request: RequestID,
        from session: SessionID,
        _ answer: @escaping (ClientResponse) -> Void
    ) {
        questions[request] = Question(session: session, answer: answer)
    }

    func forgetQuestion(_ request: RequestID) {
        questions[request] = nil
    }
}
