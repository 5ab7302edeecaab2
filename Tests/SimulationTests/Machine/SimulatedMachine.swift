import CSimulatedKernel
import Libuv
import ProtocolTestSupport

/// A computer with one thread: its clocks go when they are told to, its random bytes follow from a
/// seed, and the event loops on it run when they are turned.
///
/// What the server does here depends on nothing else, so that it does the same every time. Used on
/// the thread that made it, which sees no other clock until ``switchOff()``.
final class SimulatedMachine {
    /// Beyond so many rounds of turns something goes round in circles.
    private static let roundCountMax = 10_000

    let loops: [EventLoop]
    private let seed: UInt64
    private var settledCount: UInt64 = 0

    /// Of the clock that never goes back.
    private(set) var milliseconds: Int64 = 1_000_000

    /// Of the time of day.
    private(set) var wallMilliseconds: Int64 = 1_900_000_000_000

    init(seed: UInt64, loopCount: Int) throws {
        self.seed = seed
        simkernel_begin(
            seed,
            milliseconds * 1_000_000,
            wallMilliseconds * 1_000_000
        )
        do {
            loops = try (0..<loopCount).map { _ in try EventLoop() }
        } catch {
            simkernel_end()
            throw error
        }
    }

    /// The thread sees the world as it is again.
    ///
    /// - Returns: Whether nothing was left open on a loop.
    func switchOff() -> Bool {
        defer { simkernel_end() }
        // All of them, whatever is found.
        return loops.map { $0.end() }.allSatisfy(\.self)
    }

    var wallSeconds: Int64 { wallMilliseconds / 1_000 }

    /// Time passes, in which nobody runs.
    func pass(milliseconds: Int64) {
        self.milliseconds += milliseconds
        setWallClock(by: milliseconds)
    }

    /// Somebody sets the time of day.
    func setWallClock(by milliseconds: Int64) {
        wallMilliseconds += milliseconds
        simkernel_set_clocks(self.milliseconds * 1_000_000, wallMilliseconds * 1_000_000)
    }

    /// Turns the loops, in an order of the seed, until none finds anything to do.
    func settle() throws {
        // Of its own each time: how many rounds one takes is the server's affair.
        settledCount += 1
        var schedule = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ settledCount)
        var quietRoundCount = 0
        for _ in 0..<Self.roundCountMax {
            for loop in loops.shuffled(using: &schedule) { loop.turn() }
            // What began to be watched in one round is seen in the next.
            quietRoundCount = loops.contains(where: \.isReady) ? 0 : quietRoundCount + 1
            if quietRoundCount == 2 { return }
        }
        throw Violation("the loops never come to rest")
    }
}
