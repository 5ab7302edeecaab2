import Martlet

/// How often each timer of the server has fired: what it knows of time.
///
/// All loops begin at the same moment and are turned together, so that one clock stands for all.
struct ServerClock {
    private let tickMilliseconds: Int64
    private var nextTick: Int64
    private var nextMeasurement: Int64

    /// What the deadlines of connections count.
    private(set) var tick = 0
    private var load: LoopLoad

    /// Whether the loops came so late to their timers that requests are refused.
    var isOverloaded: Bool { load.isExcessive }

    init(_ scenario: Scenario, atMilliseconds now: Int64) {
        tickMilliseconds = Int64(scenario.limits.tickMilliseconds)
        nextTick = now + tickMilliseconds
        nextMeasurement = now + Int64(LoopLoad.intervalMilliseconds)
        load = LoopLoad(delayMillisecondsMax: 1_000)
    }

    /// The loops are turned: a timer that is due fires once, however long it has been due.
    ///
    /// So what a process sleeps through counts one tick, and nobody is cut off for it.
    mutating func turn(atMilliseconds now: Int64) {
        if now >= nextTick {
            tick += 1
            nextTick = now + tickMilliseconds
        }
        if now >= nextMeasurement {
            load.fire(atMilliseconds: UInt64(now))
            nextMeasurement = now + Int64(LoopLoad.intervalMilliseconds)
        }
    }
}
