import ProtocolTestSupport
import Todos

// What agents ask for.
extension Simulation {
    func makeRequest(of agent: Agent) throws -> SimulatedRequest {
        let areGood = agent.credentials.areGood(
            atSeconds: machine.wallSeconds,
            clockSkewSeconds: scenario.clockSkewSeconds
        )
        // Most agents know when they need a new token.
        if !areGood, draw(0...3) > 0 { try renewCredentials(of: agent) }
        let errand = chooseErrand(of: agent)
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

    /// The next write to ask for again, if its key is remembered for certain.
    private func takeRetry(of agent: Agent) -> Write? {
        agent.retries.removeAll { write in
            latestWallSeconds - (write.firstSentSeconds ?? 0) >= IdempotencyKey.lifetimeSeconds - 1
        }
        return agent.retries.isEmpty ? nil : agent.retries.removeFirst()
    }

    private func newWrite(of agent: Agent) -> Write {
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
        case .endSession(let session): session
        case .write, .list, .tools: draw(0...3) == 0 ? agent.session : nil
        default: nil
        }
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
            RequestText(
                "DELETE",
                "/mcp",
                [
                    .init(name: "Mcp-Session-Id", value: session.id),
                    .init(name: "Authorization", value: "Bearer \(token ?? "")"),
                ]
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
        case .unknownMethod: .modern("nothing/here", id: id)
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
        case .stranger, .health, .readiness, .nonsense, .endSession:
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
