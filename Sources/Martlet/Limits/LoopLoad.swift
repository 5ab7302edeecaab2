/// Whether a loop has more to do than it can, by how late it comes to a timer.
///
/// A turn of the loop answers everybody who has asked by then, so what a client waits is at least
/// how long turns take. One long turn is an accident; two in a row, each longer than the limit, are
/// a queue that grows. From then on requests are refused at once, which costs less than to answer
/// them, until a turn is short again.
///
/// A value without a clock: it is told when the timer fires.
package struct LoopLoad: Hashable, Sendable {
    /// From one firing of the timer to the next, where nothing delays it.
    package static let intervalMilliseconds: UInt64 = 100

    private let delayMillisecondsMax: UInt64
    private var firedAt: UInt64?
    private var wasLate = false

    /// By how much the timer came late the last time.
    package private(set) var delayMilliseconds: UInt64 = 0

    /// Whether requests are to be refused.
    package private(set) var isExcessive = false

    /// - Parameter delayMillisecondsMax: How late the timer may come; 0 is no limit.
    package init(delayMillisecondsMax: UInt64) {
        self.delayMillisecondsMax = delayMillisecondsMax
    }

    /// The timer fires.
    package mutating func fire(atMilliseconds now: UInt64) {
        defer { firedAt = now }
        guard let firedAt else { return }
        let passed = now &- firedAt
        delayMilliseconds =
            passed > Self.intervalMilliseconds ? passed - Self.intervalMilliseconds : 0
        guard delayMillisecondsMax > 0 else { return }
        let isLate = delayMilliseconds > delayMillisecondsMax
        isExcessive = isLate && wasLate
        wasLate = isLate
    }
}
