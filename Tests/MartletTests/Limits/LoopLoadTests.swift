import Martlet
import Testing

@Suite("How late a loop is")
struct LoopLoadTests {
    /// What the load says after each of these turns, in milliseconds from timer to timer.
    private func excess(_ turns: [UInt64], max: UInt64 = 200) -> [Bool] {
        var load = LoopLoad(delayMillisecondsMax: max)
        var now: UInt64 = 5_000
        load.fire(atMilliseconds: now)
        return turns.map { turn in
            now += turn
            load.fire(atMilliseconds: now)
            return load.isExcessive
        }
    }

    @Test func `Requests are refused when two turns in a row are later than the limit`() {
        #expect(excess([100, 301, 301, 301]) == [false, false, true, true])
    }

    @Test func `A delay of exactly the limit is none`() {
        #expect(excess([300, 300, 300]) == [false, false, false])
        #expect(excess([301, 300, 301]) == [false, false, false])
    }

    @Test func `One turn in time is enough to serve again`() {
        #expect(excess([400, 400, 100, 400]) == [false, true, false, false])
    }

    @Test func `A single long turn refuses nobody, however long it was`() {
        #expect(excess([60_000, 100, 60_000, 100]) == [false, false, false, false])
    }

    @Test func `Without a limit nobody is refused`() {
        #expect(excess([9_000, 9_000, 9_000], max: 0) == [false, false, false])
    }

    @Test func `The delay is what passed beyond the interval`() {
        var load = LoopLoad(delayMillisecondsMax: 0)
        load.fire(atMilliseconds: 1_000)
        #expect(load.delayMilliseconds == 0)
        load.fire(atMilliseconds: 1_250)
        #expect(load.delayMilliseconds == 150)
        load.fire(atMilliseconds: 1_300)
        #expect(load.delayMilliseconds == 0)
    }
}
