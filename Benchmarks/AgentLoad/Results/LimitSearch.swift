/// Finds the highest rate that a server holds: doubles while it does, then halves the gap.
public struct LimitSearch: Sendable {
    public private(set) var highestHeld: Double?
    public private(set) var lowestMissed: Double?
    private let start: Double
    private let tolerance: Double

    /// - Parameters:
    ///   - start: The first rate to try, above zero.
    ///   - tolerance: How far apart the two rates may be in the end, as a part of the lower one.
    public init(start: Double, tolerance: Double) {
        precondition(start > 0 && tolerance > 0, "a search begins somewhere and ends")
        self.start = start
        self.tolerance = tolerance
    }

    /// The next rate to try; `nil` once the limit is known well enough.
    public var next: Double? {
        switch (highestHeld, lowestMissed) {
        case (nil, nil): return start
        case (let held?, nil): return held * 2
        case (nil, let missed?):
            // What is not held at all is not looked for among fractions of a call.
            return missed > 1 ? missed / 2 : nil
        case (let held?, let missed?):
            return missed - held > tolerance * held ? (held + missed) / 2 : nil
        }
    }

    /// Notes whether the server held a rate.
    public mutating func note(_ rate: Double, isHeld: Bool) {
        if isHeld {
            highestHeld = max(highestHeld ?? 0, rate)
        } else {
            lowestMissed = min(lowestMissed ?? .infinity, rate)
        }
    }
}

/// What it means to hold a rate.
public struct LimitCriterion: Sendable {
    /// The latency that calls may have, by percentile.
    public var percentile: Double
    public var microsecondsMax: UInt64

    public init(percentile: Double, microsecondsMax: UInt64) {
        self.percentile = percentile
        self.microsecondsMax = microsecondsMax
    }

    /// Why a run did not hold its rate; `nil` if it did.
    public func fault(of result: RunResult) -> String? {
        let summary = result.summary
        if summary.calls == 0 { return "no call was made" }
        if summary.refused + summary.failed > 0 {
            let kind = result.failures.first?.kind ?? "unknown"
            return "\(count(summary.refused + summary.failed)) refused or failed: \(kind)"
        }
        let latency = result.summary.latency.microseconds(atPercentile: percentile) ?? .max
        guard latency > microsecondsMax else { return nil }
        return "\(percentileName(percentile)) of \(duration(latency))"
    }
}
