import ProtocolTestSupport

/// Somebody who has a token and works on a list, on any number of connections.
final class Agent {
    /// A to-do that it has added and been told of.
    struct OwnTodo {
        let id: Int
        var title: String
    }

    let name: String
    let workspace: String
    private(set) var credentials: Credentials

    /// To-dos that nobody is changing at the moment.
    var todos: [OwnTodo] = []

    /// Writes of which nobody knows whether they were carried out, and which can be repeated.
    var retries: [Write] = []

    /// Keys under which a to-do was added, as it was told.
    var usedKeys: [String] = []

    /// Whether it knows of nothing but the legacy protocol.
    let isLegacy: Bool

    /// Its session of the legacy protocol, and those before that may still have a stream.
    private(set) var session: Session?
    private(set) var sessions: [Session] = []

    /// Streams of changes.
    var streams = StreamShare()

    /// The ids of its requests are its own.
    private(set) var requestCount = 0

    /// Requests that have no answer.
    var waitingCount = 0
    private var writeCount = 0

    /// What the server has let in, where that is limited.
    var share = Share()

    init(
        _ name: String,
        in workspace: String,
        isLegacy: Bool,
        atSeconds now: Int64
    ) throws {
        self.name = name
        self.isLegacy = isLegacy
        self.workspace = workspace
        credentials = try Credentials(
            of: name,
            in: workspace,
            notBeforeSeconds: now - 86_400,
            expirySeconds: now + 3_600
        )
    }

    /// Gets a token from now on, for a while.
    func renewCredentials(atSeconds now: Int64, using generator: inout SeededGenerator) throws {
        credentials = try Credentials(
            of: name,
            in: workspace,
            notBeforeSeconds: now,
            expirySeconds: now + .random(in: 1...7_200, using: &generator)
        )
    }

    func begin(_ session: Session) {
        self.session = session
        sessions.append(session)
    }

    /// It uses a session no longer.
    func leave(_ session: Session) {
        if self.session === session { self.session = nil }
    }

    /// The server had a turn.
    func meet(_ store: SimulatedStore, at moment: Moment) {
        let listCount = store.truth { $0.changeCount(in: workspace) }
        for session in sessions { session.meet(listCount: listCount, at: moment) }
    }

    /// Everybody has read what came of the turn: so many streams of changes are open.
    func endTurn(streamCount: Int, at moment: Moment) throws {
        let countMax = moment.scenario.streamsPerSubjectMax
        try demand(streamCount <= countMax, "\(name) has \(streamCount) streams at once")
        share.endTurn(at: moment)
        streams.endTurn(moment.turn)
        for session in sessions { try session.endTurn(at: moment) }
    }

    func nextRequestID() -> String {
        requestCount += 1
        return "\(name)-\(requestCount)"
    }

    func nextText(_ kind: String) -> String {
        writeCount += 1
        return "\(kind)-\(name)-\(writeCount)"
    }
}
