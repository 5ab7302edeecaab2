internal import AccessControl
internal import Bytes
internal import MCP

// The streams that a client listens to, and its legacy session.
extension StdioSession {
    func listen(
        _ request: ListenRequest,
        by principal: Principal,
        _ message: Span<UInt8>,
        _ answer: (ByteBuffer?) -> Void
    ) {
        guard !isInUse(request.id) else { return refuse(message, .idInUse, answer) }
        guard admitStream(of: principal) else {
            _ = audit?.note(message, by: principal, .tooManyStreams)
            return refuse(message, .tooMany("subscriptions"), answer)
        }
        _ = listen(request, by: principal)
    }

    private func listen(_ request: ListenRequest, by principal: Principal) -> StdioOutlet {
        let outlet = makeOutlet(request)
        listens[request.id] = outlet
        add(.subscription(request), principal, outlet)
        return outlet
    }

    /// Counts one more subscription, unless that were too many.
    func admitStream(of principal: Principal) -> Bool { census.admit(principal.subject) }

    /// Begins a subscription that was admitted: tells of tasks, and at once where each of them stands.
    func listen(_ request: ListenRequest, by principal: Principal, _ desk: TaskDesk) async {
        guard isServing else { return census.release(principal.subject) }
        let outlet = listen(request, by: principal)
        for id in request.filter.taskIDs {
            guard let task = await desk.task(id), !outlet.isCongested else { continue }
            var message = ByteBuffer()
            request.encode(task, into: &message)
            outlet.send(message.span)
        }
    }

    private var isServing: Bool {
        switch phase {
        case .serving, .paused: true
        case .draining, .over: false
        }
    }

    func makeOutlet(_ request: ListenRequest?) -> StdioOutlet {
        let outlet = StdioOutlet(request, on: output) { [unowned self] outlet in
            outlets[ObjectIdentifier(outlet)] = nil
            if let id = outlet.id { listens[id] = nil }
        }
        outlets[ObjectIdentifier(outlet)] = outlet
        return outlet
    }

    func add(
        _ audience: ChangeListener.Audience,
        _ principal: Principal,
        _ outlet: StdioOutlet
    ) {
        let listener = ChangeListener(audience, principal, outlet)
        subscriptions.add(listener)
        subscriptions.open(listener)
    }
}
