import ProtocolTestSupport
import Todos

// What agents ask for.
extension Simulation {
    func makeRequest(over conversation: Conversation) throws -> SimulatedRequest {
        let agent = conversation.agent
        try renewCredentialsIfNeeded(of: agent)
        let errand =
            agent.isLegacy
            ? chooseLegacyErrand(of: agent, isIdle: conversation.isIdle) : chooseErrand(of: agent)
        return makeRequest(errand, of: agent)
    }

    /// Most agents know when they need a new token.
    func renewCredentialsIfNeeded(of agent: Agent) throws {
        let areGood = agent.credentials.areGood(
            atSeconds: machine.wallSeconds,
            clockSkewSeconds: scenario.clockSkewSeconds
        )
        if !areGood, draw(0...3) > 0 { try renewCredentials(of: agent) }
    }

    func makeRequest(_ errand: Errand, of agent: Agent) -> SimulatedRequest {
        let session = chooseSession(of: agent, for: errand)
        let id = agent.nextRequestID()
        let credentials = errand.needsCredentials ? agent.credentials : nil
        let text = text(id, errand, session, token: credentials?.token)
        if case .write(let write) = errand {
            write.firstSentSeconds = write.firstSentSeconds ?? machine.wallSeconds
        }
        if case .endSession(let session) = errand { session.isEnding = true }
        return SimulatedRequest(id, errand, of: agent, credentials, session, text, at: moment)
    }

    private func chooseErrand(of agent: Agent) -> Errand {
        switch draw(0...24) {
        case 0..<12:
            if draw(0...3) > 0, let write = takeRetry(of: agent) { return .write(write) }
            return .write(newWrite(of: agent))
        case 12..<17:
            return .list(sinceVersion: store.truth { $0.answeredVersion(of: agent.workspace) })
        case 17: return .tools
        case 18: return .unknownMethod
        case 19: return .stranger
        case 20: return .health
        case 21: return .readiness
        case 22: return draw(0...2) == 0 ? .nonsense : .listen
        case 23: return .listen
        default:
            if let session = agent.session, draw(0...1) == 0 { return .endSession(session) }
            return .beginSession
        }
    }

    /// What a client asks for that has nothing but sessions.
    private func chooseLegacyErrand(of agent: Agent, isIdle: Bool) -> Errand {
        guard let session = agent.session, !session.isEnding else {
            return [.beginSession, .beginSession, .health, .stranger]
                .randomElement(using: &generator) ?? .health
        }
        if !session.isInitialized { return .initialized(session) }
        if !session.subscription.isPossible, draw(0...1) == 0 { return .subscribe(session, .begin) }
        switch draw(0...29) {
        case 0..<11:
            if draw(0...3) > 0, let write = takeRetry(of: agent) { return .write(write) }
            return .write(newWrite(of: agent))
        case 11: return .tools
        case 12: return .unknownMethod
        case 13: return draw(0...1) == 0 ? .readiness : .nonsense
        case 14 where draw(0...2) == 0: return .endSession(session)
        case 15 where session.subscription.isSettled:
            let wish: Subscription.Wish =
                session.subscription.isCertain && draw(0...1) == 0 ? .end : .begin
            return .subscribe(session, wish)
        case 16... where isIdle && session.canAskForStream:
            let loss = Loss.random(using: &generator)
            return .openStream(session, lastEventID: session.lastEventID, loss)
        default:
            let version = store.truth { $0.answeredVersion(of: agent.workspace) }
            return .list(sinceVersion: version)
        }
    }

    /// The next write to ask for again, if its key is remembered for certain.
    private func takeRetry(of agent: Agent) -> Write? {
        agent.retries.removeAll { write in
            latestWallSeconds - (write.firstSentSeconds ?? 0) >= IdempotencyKey.lifetimeSeconds - 1
        }
        return agent.retries.isEmpty ? nil : agent.retries.removeFirst()
    }

    func newWrite(of agent: Agent) -> Write {
        let change: Write.Change
        let kind = draw(0...9)
        if kind < 4 || agent.todos.isEmpty {
            change = .add(title: agent.nextText("todo"))
        } else if kind == 4 {
            change = .addAll(titles: (0...draw(0...3)).map { _ in agent.nextText("todo") })
        } else if kind == 5 {
            if draw(0...1) == 0, let key = agent.usedKeys.randomElement(using: &generator) {
                let change = Write.Change.addUnderUsedKey(title: agent.nextText("todo"))
                return Write(change, of: agent, underUsedKey: key, using: &generator)
            }
            change = .completeNothing(id: 1_000_000 + draw(0...9))
        } else {
            let todo = agent.todos.remove(at: draw(0...agent.todos.count - 1))
            change =
                switch kind {
                case 6, 7: .complete(todo)
                case 8: .rename(todo, title: agent.nextText("todo"))
                default: .delete(todo)
                }
        }
        let write = Write(change, of: agent, using: &generator)
        writes.append(write)
        return write
    }

    private func chooseSession(of agent: Agent, for errand: Errand) -> Session? {
        switch errand {
        case .endSession(let session), .initialized(let session), .subscribe(let session, _),
            .openStream(let session, _, _):
            session
        case .write, .list, .tools, .unknownMethod:
            agent.isLegacy ? agent.session : chooseSession(of: agent)
        default: nil
        }
    }

    private func chooseSession(of agent: Agent) -> Session? {
        draw(0...3) == 0 ? agent.session : nil
    }

    private func text(
        _ id: String,
        _ errand: Errand,
        _ session: Session?,
        token: String?
    ) -> RequestText {
        switch errand {
        case .health: RequestText("GET", "/healthz", [])
        case .readiness: RequestText("GET", "/readyz", [])
        case .nonsense:
            RequestText("GET", "/healthz", [.init(name: "Transfer-Encoding", value: "x")])
        case .endSession(let session):
            RequestText("DELETE", "/mcp", fields(session, token: token))
        case .openStream(let session, let lastEventID, _):
            RequestText(
                "GET",
                "/mcp",
                fields(session, token: token)
                    + [.init(name: "Accept", value: "text/event-stream")]
                    + (lastEventID.map { [.init(name: "Last-Event-ID", value: $0)] } ?? [])
            )
        default:
            RequestText(
                message("\"\(id)\"", errand, session),
                token: token,
                session: session?.id,
                framing
            )
        }
    }

    private func fields(_ session: Session, token: String?) -> [Message.Field] {
        [
            .init(name: "Mcp-Session-Id", value: session.id),
            .init(name: "Authorization", value: "Bearer \(token ?? "")"),
        ]
    }

    private var framing: RequestText.Framing {
        switch draw(0...9) {
        case 0: .chunked(byteCount: draw(1...60))
        case 1: .expecting
        default: .whole
        }
    }

    private func message(_ id: String, _ errand: Errand, _ session: Session?) -> Message {
        switch errand {
        case .write(let write):
            call(write.tool, write.arguments, meta: write.meta(id), id, session)
        case .list: call("list_todos", "{}", meta: nil, id, session)
        case .tools:
            session == nil
                ? .modern("tools/list", id: id)
                : .legacy("tools/list", version: Session.version, id: id)
        case .unknownMethod:
            session == nil
                ? .modern("nothing/here", id: id)
                : .legacy("nothing/here", version: Session.version, id: id)
        case .beginSession: .initialize(Session.version, id: id)
        case .listen:
            .modern(
                "subscriptions/listen",
                params: """
                    "notifications":{"resourceSubscriptions":\
                    ["\(ChangeStream.uri)","\(ChangeStream.otherURI)"]}
                    """,
                id: id
            )
        case .initialized:
            .legacy("notifications/initialized", version: Session.version, id: nil)
        case .subscribe(_, let wish):
            .legacy(
                wish == .begin ? "resources/subscribe" : "resources/unsubscribe",
                params: #""uri":"\#(ChangeStream.uri)""#,
                version: Session.version,
                id: id
            )
        case .stranger, .health, .readiness, .nonsense, .endSession, .openStream:
            call("list_todos", "{}", meta: nil, id, nil)
        }
    }

    private func call(
        _ tool: String,
        _ arguments: String,
        meta: String?,
        _ id: String,
        _ session: Session?
    ) -> Message {
        guard session != nil else {
            let all = meta.map { "{\($0),\(Message.meta.dropFirst())" } ?? Message.meta
            return .call(tool, arguments: arguments, meta: all, id: id)
        }
        var params = #""name":"\#(tool)","arguments":\#(arguments)"#
        if let meta { params += ",\"_meta\":{\(meta)}" }
        return .legacy("tools/call", params: params, version: Session.version, id: id)
    }
}
