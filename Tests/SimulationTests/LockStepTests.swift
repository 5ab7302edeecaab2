import Foundation
import ProtocolTestSupport
import Testing

/// A server whose every turn, and all that happens to it, follows from a seed.
///
///     MARTLET_SIMULATION_SEEDS=4711 swift test --no-parallel --filter SimulationTests
@Suite("A server in lock-step")
struct LockStepTests {
    @Test(arguments: SimulationSeeds.chosen(orElse: 1...150))
    func `Whatever happens, every answer is true and everything ends in time`(
        seed: UInt64
    ) throws {
        let outcome = try Simulation.run(seed: seed)
        if let folder = ProcessInfo.processInfo.environment["MARTLET_SIMULATION_TRACES"] {
            try outcome.trace.all.joined(separator: "\n")
                .write(toFile: "\(folder)/\(seed)", atomically: true, encoding: .utf8)
        }
        if let failure = outcome.failure {
            Issue.record(
                """
                seed \(seed): \(failure)
                MARTLET_SIMULATION_SEEDS=\(seed) swift test --no-parallel --filter SimulationTests
                \(outcome.trace.tail(40))
                """
            )
        }
    }

    @Test(arguments: SimulationSeeds.chosen(orElse: 1...20))
    func `A seed gives the same run again, to the byte`(seed: UInt64) throws {
        let first = try Simulation.run(seed: seed).trace.all
        let second = try Simulation.run(seed: seed).trace.all
        let difference = zip(first, second).enumerated().first { $0.element.0 != $0.element.1 }
        #expect(difference == nil, "seed \(seed), line \(difference?.offset ?? 0)")
        #expect(first.count == second.count)
    }
}
