/// Which failures are worth a line: each cause once in a while.
///
/// A value without a clock: times are milliseconds of a clock that never goes back.
package struct FailureLog<Cause: Hashable & Sendable>: Sendable {
    private let intervalMilliseconds: UInt64
    private var reported: [Cause: UInt64] = [:]

    package init(intervalSeconds: Int) {
        intervalMilliseconds = KeyRefresh.milliseconds(intervalSeconds)
    }

    /// Whether the cause was not reported within the interval; it then counts as reported now.
    package mutating func admits(_ cause: Cause, at now: UInt64) -> Bool {
        reported = reported.filter { now < $0.value + intervalMilliseconds }
        guard reported[cause] == nil else { return false }
        reported[cause] = now
        return true
    }
}
