import ProtocolTestSupport

// What happens, by chance.
extension Simulation {
    func makeMove() throws {
        switch draw(0...99) {
        case 0..<8: try connectIfThereIsRoom()
        case 8..<14: try comeBackSomebody()
        case 14..<19: try loseStreamAgainAndAgain()
        case 19..<62: try sendSomething()
        case 62..<68: try sipSomething()
        case 68..<82: try passSomeTime()
        case 82..<84: sleepForAWhile()
        case 84..<86: setClock()
        case 86..<89: setStore()
        case 89..<92: try renewCredentials()
        case 92..<95: finishSomebody()
        case 95..<97: leaveSomebody()
        case 97: noticeVanished()
        default: try sendRest()
        }
    }

    func draw(_ range: ClosedRange<Int>) -> Int {
        .random(in: range, using: &generator)
    }

    private func connectIfThereIsRoom() throws {
        guard conversations.count < Self.conversationCountMax else { return }
        let isSluggish = scenario.hasSluggishClients && draw(0...2) == 0
        if isSluggish { try connectSluggishly() } else { try connect(.attentive) }
    }

    private func sendSomething() throws {
        guard let conversation = conversations.randomElement(using: &generator) else {
            return try connectIfThereIsRoom()
        }
        if conversation.canBegin, !conversation.hasUnsent || draw(0...5) == 0 {
            conversation.begin(try makeRequest(over: conversation))
        }
        guard conversation.hasUnsent else { return }
        // Most requests come in one piece, and some in many.
        switch draw(0...5) {
        case 0: conversation.send(draw(1...40))
        case 1: conversation.send(draw(1...600))
        default: conversation.sendRest()
        }
    }

    private func sendRest() throws {
        for conversation in conversations where conversation.hasUnsent { conversation.sendRest() }
    }

    /// Who reads little by little reads a little.
    private func sipSomething() throws {
        let thirsty = conversations.filter { $0.pace == .sluggish }
        guard let conversation = thirsty.randomElement(using: &generator) else { return }
        try conversation.sip(draw(0...1) == 0 ? draw(1...300) : 65_536, at: moment, store)
        removeEnded()
    }

    private func passSomeTime() throws {
        switch draw(0...9) {
        case 0..<5: try pass(milliseconds: Int64(draw(1...900)))
        case 5..<9: try pass(milliseconds: Int64(draw(1...6)) * 1_000)
        default: try pass(milliseconds: Int64(draw(1...40)) * 1_000)
        }
    }

    private func sleepForAWhile() {
        switch draw(0...2) {
        case 0: sleep(milliseconds: Int64(draw(1_000...5_000)))
        case 1: sleep(milliseconds: Int64(draw(1...120)) * 60_000)
        default: sleep(milliseconds: Int64(draw(1...72)) * 3_600_000)
        }
    }

    private func setClock() {
        let seconds: Int64 =
            switch draw(0...3) {
            case 0: Int64(draw(1...120))
            case 1: Int64(draw(1...10_000))
            default: Int64(draw(1...100)) * 3_600
            }
        setWallClock(bySeconds: draw(0...1) == 0 ? seconds : -seconds)
    }

    private func setStore() {
        let weather = StoreWeather.random(using: &generator)
        trace.note("the store is \(weather)")
        store.setWeather(weather)
    }

    private func renewCredentials() throws {
        guard let agent = agents.randomElement(using: &generator) else { return }
        try renewCredentials(of: agent)
    }

    func renewCredentials(of agent: Agent) throws {
        try agent.renewCredentials(atSeconds: machine.wallSeconds, using: &generator)
        trace.note("\(agent.name) has a token up to \(agent.credentials.expirySeconds)")
    }

    private func finishSomebody() {
        guard let conversation = conversations.randomElement(using: &generator) else { return }
        conversation.finishSending()
    }

    private func leaveSomebody() {
        guard let conversation = conversations.randomElement(using: &generator) else { return }
        conversation.leave(at: moment)
        removeEnded()
    }

    /// The server sees that a connection is gone.
    private func noticeVanished() {
        guard !vanished.isEmpty else { return }
        vanished.remove(at: draw(0...vanished.count - 1)).leaveVanished(at: moment)
    }
}
