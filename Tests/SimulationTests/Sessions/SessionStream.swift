import ProtocolTestSupport

/// The stream of a legacy session, by one connection.
final class SessionStream {
    let session: Session
    private let request: SimulatedRequest

    /// Whether it was asked to go on with another one, and whether that was kept for certain.
    let isResumed: Bool
    var hasTakenOver = false

    /// Whether its client reads all there is whenever there is something.
    let isPrompt: Bool
    private let begunAtTurn: Int
    private let loss: Loss?
    private var life: StreamLife
    private var eventCount = 0

    init(
        _ request: SimulatedRequest,
        of session: Session,
        isResumed: Bool,
        isPrompt: Bool,
        losing loss: Loss?,
        at moment: Moment
    ) {
        self.request = request
        self.session = session
        self.isResumed = isResumed
        self.isPrompt = isPrompt
        self.loss = loss
        begunAtTurn = moment.turn
        life = StreamLife(request, at: moment)
    }

    var id: String { request.id }
    var credentials: Credentials? { request.credentials }

    /// Whether there is an event by which to come back to it.
    var isPrimed: Bool { eventCount > 0 }

    /// How its client loses it now, if it does.
    var dueLoss: Loss? {
        switch loss?.point {
        case .priming: loss
        case .events(let count) where eventCount >= count: loss
        case .events, .head, nil: nil
        }
    }

    func isOver(at moment: Moment) -> Bool {
        moment.hasTicked && life.isOver(at: moment)
    }

    /// Whether it was resumed just now, and told what is left of the one before it.
    func isCatchingUp(at moment: Moment) -> Bool {
        isResumed && begunAtTurn == moment.turn
    }

    func didHear(at moment: Moment) {
        life.didHear(at: moment)
    }

    /// Takes what is said in this turn, or in an earlier one if it is read late.
    func take(_ event: StreamEvent, at moment: Moment) throws {
        try session.see(event, of: id)
        session.lastEventID = event.id
        eventCount += 1
        guard eventCount > 1 else {
            return try demand(event.data.isEmpty, "\(id): the stream begins with \(event.data)")
        }
        let json = try JSONTree(event.data)
        try demand(
            json["method"]?.string == "notifications/resources/updated"
                && json["params"]?["uri"]?.string == ChangeStream.uri,
            "\(id): nobody wants to know \(event)"
        )
        guard isPrompt else { return session.news.takeLate() }
        do {
            try session.news.take(isCatchingUp: isCatchingUp(at: moment))
        } catch {
            throw Violation("\(id): \(error), and \(event) is told")
        }
    }

    /// Whoever reads has read all there is.
    func check(at moment: Moment) throws {
        try demand(isPrimed, "\(id): the stream cannot be resumed")
        try life.check(at: moment)
    }

    /// The server has ended it; `moment` is `nil` if it is not known when.
    func end(at moment: Moment?) throws {
        try session.end(self, at: moment)
    }

    /// The client has lost it.
    func lose(_ connection: LostConnection, at moment: Moment) {
        session.lose(self, connection, at: moment)
    }
}
