import Foundation
import JWT

/// Gives generated tokens to Martlet and to jwt-kit, and counts where they decide differently.
///
///     Differential [TOKENS [SEED]]
@main
struct Main {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        let count = Int(arguments.first ?? 6_000)
        let seed = arguments.dropFirst().first ?? 7_519
        var generator = SeededGenerator(seed: seed)
        var tally = Tally()

        var worlds: [World] = []
        for algorithm in SignatureAlgorithm.allCases { worlds.append(try await World(algorithm)) }
        for index in 0..<count {
            let world = worlds[index % worlds.count]
            let mutation = Mutation.all[index / worlds.count % Mutation.all.count]
            let token = mutation.apply(Draft(world.key), world, &generator)
            let martlet = world.martlet(token)
            let jwtKit = await world.jwtKit(token)
            tally.add(martlet, jwtKit, mutation.name, token)
        }
        print("\(count) tokens, seed \(seed)")
        tally.report()
        if !tally.isExplained || !tally.isComplete { exit(1) }
    }
}
