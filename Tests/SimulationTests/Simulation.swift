import Libuv
import ProtocolTestSupport

/// One run: a server, its clients and its store, with every move drawn from a seed.
final class Simulation {
    /// Clients at once, at most.
    static let conversationCountMax = 8

    let scenario: Scenario
    let trace = Trace()
    let machine: SimulatedMachine
    let store: SimulatedStore
    let server: SimulatedServer
    let agents: [Agent]
    var generator: SeededGenerator
    var conversations: [Conversation] = []

    /// Those over which nothing passes any longer, and of which the server does not know.
    var vanished: [Conversation] = []
    private var conversationCount = 0
    private var clock: ServerClock

    /// When the server was asked to stop.
    private var stoppingSince: Int64?
    private(set) var moment: Moment

    /// The latest time of day that the store can have seen.
    private(set) var latestWallSeconds: Int64

    /// The to-dos that agents wanted to be added, each once.
    var writes: [Write] = []
    private(set) var moveCount = 0

    /// - Throws: Whatever keeps the server from serving.
    private init(seed: UInt64) throws {
        scenario = Scenario(seed: seed)
        generator = SeededGenerator(seed: seed ^ 0x30_3E5)
        machine = try SimulatedMachine(seed: seed, loopCount: scenario.loopCount)
        store = SimulatedStore(scenario, trace)
        let now = machine.wallSeconds
        do {
            server = try SimulatedServer(scenario, store: store, on: machine, trace)
            agents = try (0..<scenario.agentCount).map { [scenario] index in
                let workspace = "team\(index % scenario.workspaceCount)"
                return try Agent(
                    "agent\(index)",
                    in: workspace,
                    isLegacy: scenario.areLegacy[index],
                    atSeconds: now
                )
            }
        } catch {
            _ = machine.switchOff()
            throw error
        }
        clock = ServerClock(scenario, atMilliseconds: machine.milliseconds)
        latestWallSeconds = now
        moment = Moment(
            scenario: scenario,
            turn: 0,
            milliseconds: machine.milliseconds,
            wallSeconds: now,
            tick: 0,
            hasTicked: false,
            isOverloaded: false,
            stage: .serving,
            wasStopping: false
        )
    }

    /// What a run came to.
    struct Outcome {
        let trace: Trace
        let moveCount: Int
        let requestCount: Int

        /// What was not as it must be.
        let failure: (any Error)?
    }

    static func run(seed: UInt64) throws -> Outcome {
        let simulation = try Simulation(seed: seed)
        var failure: (any Error)?
        do {
            try simulation.play()
            try simulation.finish()
        } catch {
            failure = error
        }
        simulation.leaveMachine(&failure)
        return Outcome(
            trace: simulation.trace,
            moveCount: simulation.moveCount,
            requestCount: simulation.agents.reduce(0) { $0 + $1.requestCount },
            failure: failure
        )
    }

    private func play() throws {
        for move in 0..<scenario.moveCount {
            if move == scenario.stopMove { try stop() }
            // Now and then several things happen before the server has its turn.
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                moveCount += 1
                try makeMove()
            }
            store.advance()
            try look()
            if server.hasStopped { return }
        }
    }

    // What passes.

    /// The server has its turn, and everybody sees what came of it.
    func look() throws {
        let tick = clock.tick
        clock.turn(atMilliseconds: machine.milliseconds)
        latestWallSeconds = max(latestWallSeconds, machine.wallSeconds)
        moment = Moment(
            scenario: scenario,
            turn: moment.turn + 1,
            milliseconds: machine.milliseconds,
            wallSeconds: machine.wallSeconds,
            tick: clock.tick,
            hasTicked: clock.tick > tick,
            isOverloaded: clock.isOverloaded,
            stage: stage,
            wasStopping: moment.stage > .serving
        )
        try machine.settle()
        for conversation in conversations { conversation.meet(moment) }
        for agent in agents { agent.meet(store, at: moment) }
        for conversation in conversations where conversation.pace == .attentive {
            try conversation.receive(at: moment, store)
        }
        removeEnded()
        for agent in agents {
            let streamCount = conversations.count { $0.agent === agent && $0.hasOpenStream }
            try agent.endTurn(streamCount: streamCount, at: moment)
        }
    }

    /// Forgets conversations that are over, but for those of which the server does not know.
    func removeEnded() {
        vanished += conversations.filter(\.hasVanished)
        conversations.removeAll(where: \.isOver)
    }

    /// How far the end has come, at most: timers come late, and never early.
    private var stage: Moment.Stage {
        guard let stoppingSince else { return .serving }
        let delay = Int64(scenario.drainDelaySeconds) * 1_000
        let passed = machine.milliseconds - stoppingSince
        if passed < delay { return .leaving }
        return passed < delay + Int64(scenario.drainSeconds) * 1_000 ? .draining : .cuttingOff
    }

    /// Time passes as it does, nothing being late.
    func pass(milliseconds: Int64) throws {
        trace.note("\(milliseconds) ms pass")
        var rest = milliseconds
        while rest > 0 {
            let step = min(rest, 500)
            machine.pass(milliseconds: step)
            try look()
            rest -= step
        }
    }

    /// The process does not run for a while.
    func sleep(milliseconds: Int64) {
        trace.note("\(milliseconds) ms are slept through")
        machine.pass(milliseconds: milliseconds)
    }

    func setWallClock(bySeconds seconds: Int64) {
        trace.note("the time of day is set by \(seconds) s")
        machine.setWallClock(by: seconds * 1_000)
    }

    func stop() throws {
        guard stoppingSince == nil else { return }
        trace.note("the server is asked to stop")
        stoppingSince = machine.milliseconds
        server.beginStopping()
        try look()
    }

    // Who comes.

    /// Somebody connects who reads little by little, the kernel keeping little for him.
    func connectSluggishly() throws {
        // Whoever has connected is accepted first.
        try look()
        try server.narrowConnection {
            try connect(.sluggish)
            try look()
        }
    }

    func connect(_ pace: Conversation.Pace) throws {
        let agent = agents[Int.random(in: agents.indices, using: &generator)]
        _ = try connect(pace, of: agent)
    }

    /// - Returns: `nil` if nobody is let in, as the server stops.
    func connect(_ pace: Conversation.Pace, of agent: Agent) throws -> Conversation? {
        let name = "c\(conversationCount)"
        conversationCount += 1
        do {
            let conversation = try Conversation(
                name,
                of: agent,
                pace,
                to: server.address,
                at: moment,
                trace
            )
            conversations.append(conversation)
            return conversation
        } catch {
            try demand(moment.stage >= .draining || stage >= .draining, "\(name) cannot connect")
            trace.note("\(name) cannot connect")
            return nil
        }
    }

    private func leaveMachine(_ failure: inout (any Error)?) {
        for conversation in conversations where !conversation.isOver {
            conversation.leave(at: moment)
        }
        for conversation in vanished { conversation.leaveVanished(at: moment) }
        store.close()
        server.removeSocket()
        do {
            if failure != nil { server.beginStopping() }
            for _ in 0..<40 where !server.hasStopped {
                machine.pass(milliseconds: 1_000)
                try machine.settle()
            }
            try machine.settle()
        } catch {
            failure = failure ?? error
        }
        let isClean = machine.switchOff()
        if failure == nil, !isClean { failure = Violation("something is left open on a loop") }
    }
}
