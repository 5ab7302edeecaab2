import ProtocolTestSupport
import Todos

// Whether an answer is the one that a request must have.
extension SimulatedRequest {
    /// Looks whether an answer is right; `wait` is what the server waited for before, or `nil` if the
    /// answer is read late.
    func judge(
        _ response: ReceivedResponse,
        after wait: ConnectionWait?,
        at moment: Moment,
        _ store: SimulatedStore
    ) throws {
        agent.waitingCount -= 1
        do {
            if response.status == 429 {
                try judgeRefusal(of: response, isPrompt: wait != nil, at: moment)
                giveUp()
            } else if mayBeRefused(with: response.status) {
                // Who has no session is somebody all the same.
                if response.status == 404 { try admit(at: moment) }
                giveUp()
            } else {
                try demand(mayBeServed, "it was served")
                if errand.needsCredentials { try admit(at: moment) }
                try judgeAnswer(response, after: wait, at: moment, store)
            }
        } catch {
            let answer = "\(response.status) \(response.text)"
            throw Violation("\(error): \(id), \(errand), was answered \(answer)")
        }
    }

    private func judgeAnswer(
        _ response: ReceivedResponse,
        after wait: ConnectionWait?,
        at moment: Moment,
        _ store: SimulatedStore
    ) throws {
        switch errand {
        case .stranger, .listen: throw Violation("it must be something else")
        case .health: try demand(response.status == 200, "the server lives")
        case .readiness:
            let status = moment.wasStopping ? 503 : 200
            try demand(response.status == status || wait == nil, "it must be \(status)")
        case .nonsense:
            try demand(response.status == 400 && response.endsConnection, "it must be the end")
        case .unknownMethod:
            guard case .error(-32_601) = try Said(response, to: id) else {
                throw Violation("there is no such method")
            }
        case .tools:
            guard case .result(let result) = try Said(response, to: id) else {
                throw Violation("there is a list")
            }
            try demand(result["tools"]?.elements.count == 7, "tools are missing")
        case .beginSession:
            _ = try Said(response, to: id)
            guard let session = response["Mcp-Session-Id"] else { throw Violation("no session") }
            // Who reads late cannot tell how long it is good.
            if wait != nil { agent.session = Session(session, atSeconds: moment.wallSeconds) }
        case .endSession(let session):
            try demand(response.status == 204, "the session has not ended")
            session.hasEnded = true
            if agent.session === session { agent.session = nil }
        case .list(let version):
            let said = try Said(response, to: id)
            try judgeList(said, since: version, after: wait, at: moment, store)
        case .write(let write):
            let said = try Said(response, to: id)
            try write.judge(said, to: id, after: wait, at: moment, store)
        }
    }

    private func judgeList(
        _ said: Said,
        since version: Int,
        after wait: ConnectionWait?,
        at moment: Moment,
        _ store: SimulatedStore
    ) throws {
        switch said {
        case .result(let list):
            let shown = list["todos"]?.elements ?? []
            let isTrue = store.truth { truth in
                truth.hasBeen(agent.workspace, since: version) { todos in
                    let page = todos.prefix(TodoQuery.limitDefault)
                    return page.count == shown.count
                        && zip(page, shown).allSatisfy { $0.isShown(by: $1) }
                }
            }
            try demand(isTrue, "the list was never like that since version \(version)")
        case .complaint(Said.unavailable), .error(-32_603):
            return
        case .complaint(let text):
            try Said.judgeTimeout(text, of: id, after: wait, at: moment)
        case .error(let code):
            throw Violation("\(code) is no answer to a list")
        }
    }

    /// Looks whether a stream is the right answer, and which it is.
    func judgeStream(
        _ response: ReceivedResponse,
        _ changeCount: Int,
        at moment: Moment
    ) throws -> Conversation.OpenStream {
        try demand(response.status == 200 && response.isStream && mayBeServed, "\(id): no stream")
        switch errand {
        case .listen:
            agent.waitingCount -= 1
            try admit(at: moment)
            return .changes(ChangeStream(self, at: moment, changeCount: changeCount))
        case .write(let write) where write.wantsProgress: return .call(CallStream(self))
        default: throw Violation("\(id): nobody asked for a stream")
        }
    }

    // Whether the agent may do so much.

    private func admit(at moment: Moment) throws(Violation) {
        try agent.share.admit(
            sentAt: begunAt,
            answeredAt: moment.milliseconds,
            within: moment.scenario.requestsPerSubject
        )
    }

    private func judgeRefusal(
        of response: ReceivedResponse,
        isPrompt: Bool,
        at moment: Moment
    ) throws {
        guard let seconds = response["Retry-After"].flatMap({ Int($0) }), seconds > 0 else {
            throw Violation("nobody knows when to ask again")
        }
        // Who reads late cannot tell what it had asked by then.
        guard isPrompt else { return }
        try agent.share.refuse(
            at: moment.milliseconds,
            waitingCount: agent.waitingCount,
            within: moment.scenario.requestsPerSubject
        )
    }

    // What becomes of it without an answer.

    /// Its connection is gone, and nobody will answer it.
    func lose(at moment: Moment) {
        agent.waitingCount -= 1
        if isHeadSent { agent.share.lose(at: moment.milliseconds) }
        giveUp()
    }

    private func giveUp() {
        if case .write(let write) = errand { write.fail() }
    }
}
