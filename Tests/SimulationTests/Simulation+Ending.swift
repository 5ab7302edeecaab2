import HTTPTransport
import Martlet
import ProtocolTestSupport

// How a run ends, and what must hold then.
extension Simulation {
    /// Everybody gets an answer, the server stops, and the store has what it should.
    func finish() throws {
        store.setWeather(.fair)
        trace.note("the end begins")
        try comeBack()
        // What the store is silent on is answered by the limit on a call.
        for _ in 0...scenario.limits.responseSeconds {
            store.advance()
            try pass(milliseconds: 1_000)
        }
        try stop()
        let seconds =
            scenario.drainDelaySeconds + scenario.drainSeconds + CallCensus.stopSecondsMax
        let end = machine.milliseconds + Int64(seconds) * 1_000
        // Each of its timers may come late by as much as time passes at once.
        while !server.hasStopped, machine.milliseconds < end + 3_000 {
            store.advance()
            try pass(milliseconds: 100)
        }
        try demand(server.hasStopped, "the server does not stop")
        for conversation in conversations { try conversation.sip(.max, at: moment, store) }
        removeEnded()
        try demand(conversations.isEmpty, "\(conversations.map(\.name)) are open after the end")
        try connectInVain()
        try checkWrites()
    }

    /// Whoever has lost the stream of a session asks for the rest.
    private func comeBack() throws {
        for agent in agents {
            guard let session = agent.session, session.isAway, session.canAskForStream else {
                continue
            }
            _ = try comeBack(to: session, of: agent, nil)
            try look()
        }
    }

    private func connectInVain() throws {
        try connect(.attentive)
        try demand(conversations.isEmpty, "somebody is let in after the end")
    }

    /// What was acknowledged is there once, and nothing is there twice.
    private func checkWrites() throws {
        for write in writes {
            let countMax = store.truth { $0.countMax(of: write.identity) }
            for title in write.titles {
                let count = store.truth { $0.addedCount(title) }
                try demand(count <= countMax, "\(title) was added \(count) times")
                try demand(count > 0 || !write.isAcknowledged, "\(title) is not there")
            }
        }
    }
}
