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
                giveUp(.refused, at: moment)
            } else if mayBeRefused(with: response.status) {
                // Who has no session, or no longer, is somebody all the same.
                if response.status == 404 || response.status == 202 { try admit(at: moment) }
                if response.status == 404, let session { agent.leave(session) }
                giveUp(.refused, at: moment)
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
        case .stranger, .listen, .openStream: throw Violation("it must be something else")
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
            if wait != nil { agent.begin(Session(session, atSeconds: moment.wallSeconds)) }
        case .endSession(let session):
            try demand(response.status == 204, "the session has not ended")
            session.hasEnded = true
            agent.leave(session)
        case .initialized(let session):
            try demand(response.status == 202 && response.text.isEmpty, "it is a notification")
            session.isInitialized = true
        case .subscribe(let session, let wish):
            guard case .result = try Said(response, to: id) else {
                throw Violation("whoever may read the list hears of it")
            }
            session.subscription.settle(wish, isDone: true)
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
        isPrompt: Bool,
        at moment: Moment
    ) throws -> Conversation.OpenStream {
        try demand(response.status == 200 && response.isStream && mayBeServed, "\(id): no stream")
        switch errand {
        case .listen:
            agent.waitingCount -= 1
            try admit(at: moment)
            return .changes(ChangeStream(self, at: moment, changeCount: changeCount))
        case .openStream(let session, let lastEventID, let loss):
            agent.waitingCount -= 1
            try admit(at: moment)
            let stream = SessionStream(
                self,
                of: session,
                isResumed: lastEventID != nil,
                isPrompt: isPrompt,
                losing: loss,
                at: moment
            )
            session.open(stream, at: moment)
            return .session(stream)
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
        if response.text.contains("too many open streams") {
            try admit(at: moment)
            try demand(errand.isStream, "it is no stream")
            guard isPrompt else { return }
            return try agent.streams.refuse(id, within: moment.scenario.streamsPerSubjectMax)
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

    private enum End {
        /// The server has not done it.
        case refused
        /// Nobody knows what it has done.
        case lost(LostConnection)
    }

    /// Its connection is gone, and nobody will answer it.
    func lose(_ connection: LostConnection, at moment: Moment) {
        agent.waitingCount -= 1
        if isHeadSent { agent.share.lose(at: moment) }
        giveUp(.lost(connection), at: moment)
    }

    private func giveUp(_ end: End, at moment: Moment) {
        switch end {
        case .refused, .lost(.closed): agent.streams.release(id, atTurn: moment.turn)
        case .lost(.vanished): break
        }
        switch (errand, end) {
        case (.write(let write), _): write.fail()
        case (.openStream(let session, _, _), .refused): session.refuse(id)
        case (.openStream(let session, _, _), .lost(let connection)):
            session.lose(id, connection, at: moment)
        case (.subscribe(let session, let wish), .refused):
            session.subscription.settle(wish, isDone: false)
        case (.subscribe(let session, let wish), .lost):
            session.subscription.settle(wish, isDone: nil)
        default: return
        }
    }
}
