/// A limit on how often: a bucket that fills at a steady rate and is emptied one token at a time.
///
/// The whole state is one instant, the one at which the bucket will be full again (the generic cell
/// rate algorithm of ITU-T I.371). Instants are nanoseconds since an origin of the caller's choice,
/// and every sum saturates. A clock that steps back costs nobody more than one full refill.
public struct TokenBucket: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        case taken
        /// Nothing was taken. The number is whole, rounded up and at least 1, as `Retry-After`
        /// wants it (RFC 9110 §10.2.3).
        case refused(retryAfterSeconds: Int)
    }

    private let nanosecondsPerToken: UInt64
    private let nanosecondsToFill: UInt64
    private var fullAt: UInt64 = 0

    /// Makes a bucket that is full.
    ///
    /// - Parameters:
    ///   - rate: How many tokens flow in over `seconds`.
    ///   - seconds: The time that `rate` refers to.
    ///   - burst: How many tokens the bucket holds: what may be taken at once after a rest.
    /// - Precondition: All three are above zero, and `rate` is at most 10^9 per second.
    public init(rate: Int, perSeconds seconds: Int = 1, burst: Int) {
        precondition(rate > 0 && seconds > 0 && burst > 0, "a limit of nothing is a ban")
        let nanoseconds = UInt64(seconds).multipliedSaturating(by: 1_000_000_000)
        precondition(UInt64(rate) <= nanoseconds, "\(rate) tokens in \(seconds) s is no limit")
        nanosecondsPerToken = nanoseconds / UInt64(rate)
        nanosecondsToFill = nanosecondsPerToken.multipliedSaturating(by: UInt64(burst))
    }

    /// Takes one token if there is one.
    ///
    /// - Parameter now: Nanoseconds since the caller's origin.
    /// - Returns: Whether it did, and if not, when to ask again.
    public mutating func take(atNanoseconds now: UInt64) -> Outcome {
        let fullLatest = now.addedSaturating(nanosecondsToFill)
        fullAt = min(max(fullAt, now), fullLatest)
        let fullNext = fullAt.addedSaturating(nanosecondsPerToken)
        guard fullNext <= fullLatest else {
            let seconds = (fullNext - fullLatest).dividedRoundingUp(by: 1_000_000_000)
            return .refused(retryAfterSeconds: Int(clamping: max(1, seconds)))
        }
        fullAt = fullNext
        return .taken
    }

    /// Whether the bucket is full, so that forgetting it changes nothing.
    public func isFull(atNanoseconds now: UInt64) -> Bool {
        fullAt <= now
    }
}

extension UInt64 {
    fileprivate func addedSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflowed) = addingReportingOverflow(other)
        return overflowed ? .max : sum
    }

    fileprivate func multipliedSaturating(by other: UInt64) -> UInt64 {
        let (product, overflowed) = multipliedReportingOverflow(by: other)
        return overflowed ? .max : product
    }

    fileprivate func dividedRoundingUp(by divisor: UInt64) -> UInt64 {
        self / divisor + (self % divisor == 0 ? 0 : 1)
    }
}
