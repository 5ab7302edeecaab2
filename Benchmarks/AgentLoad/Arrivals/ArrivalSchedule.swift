/// When the calls of an open loop are due: at a constant rate, whatever the server does.
///
/// A generator that sends the next call only when an answer has come measures few calls while the
/// server is slow, and so hides what its users would have seen (coordinated omission). Here a call
/// has its time before anything is sent, and its latency counts from there.
public struct ArrivalSchedule: Sendable {
    /// How far apart calls are.
    public enum Spacing: String, Codable, Sendable, CaseIterable {
        /// As far as the rate says, each time.
        case even
        /// At random and independently, as those of many people (a Poisson process).
        case random
    }

    /// Calls a second once the ramp is over.
    public let ratePerSecond: Double

    private let rampSeconds: Double
    private let spacing: Spacing
    private var generator: SeededGenerator

    /// The place of the next call in a schedule of one call a unit, which the ramp stretches.
    private var place: Double

    /// - Parameters:
    ///   - ratePerSecond: Above zero.
    ///   - rampNanoseconds: How long the rate rises from zero, in a straight line.
    ///   - spacing: How far apart calls are.
    ///   - phase: 0 to 1: where between two even calls the first one is, so that several schedules
    ///     make an even one together.
    ///   - seed: Of random spacing.
    public init(
        ratePerSecond: Double,
        rampNanoseconds: UInt64 = 0,
        spacing: Spacing = .even,
        phase: Double = 0,
        seed: UInt64 = 1
    ) {
        precondition(ratePerSecond > 0, "a rate is above zero")
        self.ratePerSecond = ratePerSecond
        rampSeconds = Double(rampNanoseconds) / 1e9
        self.spacing = spacing
        generator = SeededGenerator(seed: seed)
        switch spacing {
        case .even: place = phase
        case .random: place = generator.nextExponential()
        }
    }

    /// Nanoseconds from the start to the next call.
    public var next: UInt64 {
        // Under a rate that rises in a straight line the number of calls rises with the square.
        let rampCount = ratePerSecond * rampSeconds / 2
        let seconds =
            place < rampCount
            ? (2 * rampSeconds * place / ratePerSecond).squareRoot()
            : rampSeconds + (place - rampCount) / ratePerSecond
        return UInt64(seconds * 1e9)
    }

    /// Passes on to the call after.
    public mutating func advance() {
        switch spacing {
        case .even: place += 1
        case .random: place += generator.nextExponential()
        }
    }
}
