import ProtocolTestSupport

// How clients lose the streams of their sessions, and come back.
extension Simulation {
    /// Somebody who has no stream of a session asks for it, over a connection of its own.
    func comeBackSomebody() throws {
        let deaf = agents.filter { $0.isLegacy && $0.session?.canAskForStream == true }
        guard let agent = deaf.randomElement(using: &generator), let session = agent.session else {
            return
        }
        _ = try comeBack(to: session, of: agent, .random(using: &generator))
    }

    func comeBack(to session: Session, of agent: Agent, _ loss: Loss?) throws -> Conversation? {
        guard conversations.count < Self.conversationCountMax,
            let conversation = try connect(.attentive, of: agent)
        else { return nil }
        try renewCredentialsIfNeeded(of: agent)
        let errand = Errand.openStream(session, lastEventID: session.lastEventID, loss)
        conversation.begin(makeRequest(errand, of: agent))
        conversation.sendRest()
        return conversation
    }

    /// Somebody loses a stream and those with which it comes back, and the list changes meanwhile.
    func loseStreamAgainAndAgain() throws {
        let listeners = conversations.filter { $0.session != nil }
        guard let listener = listeners.randomElement(using: &generator),
            let session = listener.session
        else { return }
        let agent = listener.agent
        for _ in 0..<draw(1...4) {
            if draw(0...2) > 0 { try changeList(of: agent.workspace) }
            for conversation in conversations where conversation.session === session {
                conversation.lose(Loss(point: .head, manner: manner), at: moment)
            }
            removeEnded()
            if draw(0...2) == 0 { try changeList(of: agent.workspace) }
            if draw(0...1) == 0 { try takeTurn() }
            guard session.canAskForStream, !session.isEnding else { return }
            let conversation = try comeBack(to: session, of: agent, .random(using: &generator))
            // Before the server has seen that somebody came.
            if draw(0...3) == 0 {
                conversation?.lose(Loss(point: .head, manner: manner), at: moment)
                removeEnded()
            }
            if draw(0...1) == 0 { try takeTurn() }
        }
    }

    private var manner: Loss.Manner { draw(0...2) == 0 ? .vanish : .close }

    private func takeTurn() throws {
        store.advance()
        try look()
    }

    private func changeList(of workspace: String) throws {
        let writers = conversations.filter {
            $0.agent.workspace == workspace && $0.canBegin && $0.pace == .attentive
        }
        guard let conversation = writers.randomElement(using: &generator) else { return }
        try renewCredentialsIfNeeded(of: conversation.agent)
        let errand = Errand.write(newWrite(of: conversation.agent))
        conversation.begin(makeRequest(errand, of: conversation.agent))
        conversation.sendRest()
    }
}
