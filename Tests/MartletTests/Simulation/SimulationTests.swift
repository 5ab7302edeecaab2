import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

/// Seeded traffic: requests in pieces, pipelined, half-closed, reset and given up, on many
/// connections at once.
///
/// A seed gives the same moves again:
///
///     MARTLET_SIMULATION_SEEDS=4711 swift test --no-parallel --filter SimulationTests
///
/// `MARTLET_SIMULATION_SEEDS=1000-9999` runs a range. What the kernel makes of the moves, and when
/// each loop sees them, is not the seed's: a failure may take a few runs to come back.
@Suite("Simulated traffic")
struct SimulationTests {
    private static let moveCount = 600
    private static let clientCountMax = 12

    private static let seeds = SimulationSeeds.chosen(orElse: 1...40)

    @Test(arguments: seeds)
    func `Every request gets its own answer and nobody else's, whatever others do`(
        seed: UInt64
    ) async throws {
        var generator = SeededGenerator(seed: seed)
        try await withServer(loopCount: 2) {
            // Whoever is refused and sends the rest of its request slowly is not hung up on.
            $0.transport.lingerSeconds = 3_000
        } _: { server in
            var clients: [SimulatedClient] = []
            for move in 0..<Self.moveCount {
                clients.removeAll { $0.isClosed }
                let isNew = Int.random(in: 0..<10, using: &generator) == 0
                if clients.isEmpty || isNew && clients.count < Self.clientCountMax {
                    clients.append(try SimulatedClient("s\(seed)m\(move)", on: server))
                }
                let index = Int.random(in: clients.indices, using: &generator)
                try clients[index].move(using: &generator)
                // Half-way the gate opens, and what waited is answered all at once.
                if move == Self.moveCount / 2 { server.gate.open() }
            }
            for client in clients where !client.isClosed { try client.end() }
            let last = try server.exchange(.call("whoami"), token: token("last"))
            #expect(last.toolText == "last in default")
        }
    }

    // Each waits a second for clients that have sent half a request.
    @Test(arguments: seeds.prefix(10))
    func `A server that stops in the middle of it all stops`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        try await withServer({ $0.drainSeconds = 1 }) { server in
            var clients: [SimulatedClient] = []
            for move in 0..<Int.random(in: 1..<Self.moveCount / 4, using: &generator) {
                clients.removeAll { $0.isClosed }
                if clients.count < Self.clientCountMax {
                    clients.append(try SimulatedClient("s\(seed)m\(move)", on: server))
                }
                let index = Int.random(in: clients.indices, using: &generator)
                try clients[index].move(using: &generator)
            }
            server.gate.open()
            await server.server.stop()
            // Stopping again is nothing, and nobody is let in any more.
            await server.server.stop()
            #expect(throws: (any Error).self) {
                try server.exchange(.call("whoami"), token: token())
            }
        }
    }
}
