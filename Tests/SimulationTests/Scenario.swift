import HTTPTransport
import Martlet
import ProtocolTestSupport

/// What is the same from the beginning of a run to its end.
struct Scenario {
    let seed: UInt64
    let loopCount: Int
    let agentCount: Int
    let workspaceCount: Int
    let moveCount: Int

    /// How the store behaves at first.
    let weather: StoreWeather
    let limits: HTTPServerLimits
    let clockSkewSeconds: Int64
    let requestsPerSubject: RateLimit
    let streamsPerSubjectMax: Int
    let drainDelaySeconds: Int
    let drainSeconds: Int

    /// The move at which the server is asked to stop, if that is in the middle.
    let stopMove: Int?

    /// Whether some clients read little by little, what the kernel keeps for them being little too.
    let hasSluggishClients: Bool

    /// Agents that speak the legacy protocol, in the order of all.
    let areLegacy: [Bool]

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
        self.seed = seed
        loopCount = draw(1...2)
        agentCount = draw(1...4)
        workspaceCount = draw(1...2)
        moveCount = draw(60...220)
        weather = .random(using: &generator)
        var limits = HTTPServerLimits()
        limits.headSeconds = draw(1...6)
        limits.bodySeconds = draw(1...6)
        // Beyond the wheel of deadlines, once in a while.
        limits.idleSeconds = draw(0...3) == 0 ? draw(120...280) : draw(3...15)
        limits.responseSeconds = draw(2...8)
        limits.streamKeepAliveSeconds = draw(2...6)
        limits.writeStallSeconds = draw(2...6)
        limits.lingerSeconds = draw(1...3)
        limits.newcomerSeconds = draw(1...2)
        limits.receiveAheadByteCountMax =
            [400, 4_000, 65_536].randomElement(using: &generator) ?? 0
        limits.sendQueueHighWaterMark = [1, 3_000, 262_144].randomElement(using: &generator) ?? 0
        self.limits = limits
        clockSkewSeconds = draw(0...1) == 0 ? 0 : 60
        requestsPerSubject =
            draw(0...3) == 0 ? RateLimit(perSecond: 1, burst: draw(3...8)) : .unlimited
        drainDelaySeconds = draw(0...1) == 0 ? 0 : draw(1...4)
        drainSeconds = draw(1...9)
        stopMove = draw(0...2) == 0 ? nil : draw(10...moveCount)
        hasSluggishClients = draw(0...2) == 0
        streamsPerSubjectMax = draw(0...2) == 0 ? draw(1...3) : 100
        areLegacy = (0..<agentCount).map { _ in draw(0...1) == 0 }
    }
}
