import HTTPTransport
import Libuv
import ProtocolTestSupport
import TestSupport

/// One connection of an agent, which knows what it may be answered and when it may end.
final class Conversation {
    /// How a client reads.
    enum Pace {
        /// All there is, whenever something happens.
        case attentive
        /// A little, now and then.
        case sluggish
    }

    /// An answer that has begun and not ended.
    enum OpenStream {
        case changes(ChangeStream)
        case session(SessionStream)
        case call(CallStream)
    }

    let name: String
    let agent: Agent
    let pace: Pace
    let socket: RawClient
    let trace: Trace
    var reader = ResponseReader()

    /// Requests of which not everything has been sent, and those that have no answer yet, in order.
    var unsent: [SimulatedRequest] = []
    private(set) var unanswered: [SimulatedRequest] = []

    var wait: ConnectionWait

    /// Whether the server has not had a turn to accept it.
    var isNew = true

    /// The answer that goes on.
    var stream: OpenStream?

    /// Whether the server has said that it ends the connection, or has no reason to keep it.
    var mustEnd = false

    /// Whether nothing more will be sent.
    var hasFinishedSending = false

    /// Whether something was sent since the last look, and whether a stream has ended in it.
    var hasSent = false
    var hasStreamEnded = false

    private(set) var isOver = false

    /// Whether nothing passes over the connection any longer, and the server does not know.
    private(set) var hasVanished = false

    /// The request whose stream was lost with it.
    private var streamID: String?

    init(
        _ name: String,
        of agent: Agent,
        _ pace: Pace,
        to address: SocketAddress,
        at moment: Moment,
        _ trace: Trace
    ) throws {
        self.name = name
        self.agent = agent
        self.pace = pace
        self.trace = trace
        socket = try RawClient(to: address)
        wait = ConnectionWait(atTick: moment.tick)
        trace.note("\(name) connects, \(pace)")
    }

    // What the client does.

    /// Whether another request can be begun: behind those that have no answer, but nothing follows the
    /// last.
    var canBegin: Bool {
        !isOver && !mustEnd && !hasFinishedSending && unsent.isEmpty && stream == nil
            && unanswered.count < 4 && !unanswered.contains { $0.errand.endsConversation }
    }

    var hasUnsent: Bool { !isOver && !hasFinishedSending && !unsent.isEmpty }
    var isStreaming: Bool { stream != nil }

    /// That whose stream is read on it.
    var session: Session? {
        if case .session(let stream) = stream { stream.session } else { nil }
    }

    /// Whether changes are told on it for certain.
    var hasOpenStream: Bool {
        !isOver && pace == .attentive && !hasFinishedSending && stream?.id != nil
    }

    /// Whether the server has nothing to do for it.
    var isIdle: Bool { canBegin && unanswered.isEmpty }

    func begin(_ request: SimulatedRequest) {
        unsent.append(request)
        unanswered.append(request)
    }

    /// Sends so many bytes of what was begun, or as many as the kernel takes.
    func send(_ byteCount: Int) {
        guard let request = unsent.first else { return }
        let piece = request.unsent.prefix(byteCount)
        do {
            let sentCount = try socket.sendWithoutWaiting(piece)
            trace.note(piece.prefix(sentCount), "\(name) sends")
            request.didSend(sentCount)
            hasSent = true
            if request.isSent { unsent.removeFirst() }
        } catch {
            // Whether that is right is seen when the end is read.
            trace.note("\(name) cannot send")
            hasFinishedSending = true
        }
    }

    /// Sends all of what was begun.
    func sendRest() {
        send(.max)
    }

    func finishSending() {
        trace.note("\(name) finishes sending")
        hasFinishedSending = true
        socket.finishSending()
    }

    /// Goes away: with a reset, if something was not read.
    func leave(at moment: Moment) {
        trace.note("\(name) leaves")
        end(at: moment)
    }

    /// Loses the connection as a client of a session's stream does.
    func lose(_ loss: Loss, at moment: Moment) {
        switch loss.manner {
        case .close: leave(at: moment)
        case .vanish:
            trace.note("\(name) vanishes")
            hasVanished = true
            end(.vanished, at: moment)
        }
    }

    /// The server sees that the connection has vanished.
    func leaveVanished(at moment: Moment) {
        trace.note("\(name) is gone")
        socket.close()
        if let id = streamID {
            agent.streams.release(id, atTurn: moment.turn)
            for session in agent.sessions { session.lose(id, .closed, at: moment) }
        }
    }

    /// The next request that may be answered, which then is.
    func takeFirst() -> SimulatedRequest? {
        guard unanswered.first?.isHeadSent == true else { return nil }
        return unanswered.removeFirst()
    }

    func end(at moment: Moment) {
        end(.closed, at: moment)
        socket.close()
    }

    private func end(_ connection: LostConnection, at moment: Moment) {
        isOver = true
        for (index, request) in unanswered.enumerated() {
            if request.errand.isStream, index > 0 { agent.streams.doubt(request.id) }
            request.lose(connection, at: moment)
        }
        streamID = stream?.id ?? unanswered.first?.id
        if let id = stream?.id, connection == .closed {
            agent.streams.release(id, atTurn: moment.turn)
        }
        if case .session(let stream) = stream { stream.lose(connection, at: moment) }
        unanswered = []
        unsent = []
        stream = nil
    }
}

extension Conversation.OpenStream {
    /// That of its request, if it is a stream of changes.
    var id: String? {
        switch self {
        case .changes(let stream): stream.id
        case .session(let stream): stream.id
        case .call: nil
        }
    }
}

extension Errand {
    /// Whether nothing can follow it.
    fileprivate var endsConversation: Bool {
        switch self {
        case .nonsense, .listen, .openStream: true
        default: false
        }
    }
}
