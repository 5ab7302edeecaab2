import AgentLoad
import Testing

@Suite("Arrivals of an open loop")
struct ArrivalScheduleTests {
    private func times(_ count: Int, of schedule: ArrivalSchedule) -> [UInt64] {
        var schedule = schedule
        return (0..<count).map { _ in
            defer { schedule.advance() }
            return schedule.next
        }
    }

    @Test func `Even calls are as far apart as the rate says`() {
        let schedule = ArrivalSchedule(ratePerSecond: 1_000)
        #expect(times(4, of: schedule) == [0, 1_000_000, 2_000_000, 3_000_000])
    }

    @Test func `Schedules of several threads make one even schedule together`() {
        let thirds = (0..<3).map { index in
            ArrivalSchedule(ratePerSecond: 100, phase: Double(index) / 3)
        }
        let together = thirds.flatMap { times(4, of: $0) }.sorted()
        let whole = times(12, of: ArrivalSchedule(ratePerSecond: 300))
        for (one, other) in zip(together, whole) { #expect(max(one, other) - min(one, other) <= 1) }
    }

    @Test func `In a ramp half as many calls are due as at the full rate, the most at its end`() {
        let schedule = ArrivalSchedule(ratePerSecond: 1_000, rampNanoseconds: 2_000_000_000)
        let times = times(1_200, of: schedule)
        #expect(times.filter { $0 < 2_000_000_000 }.count == 1_000)
        #expect(times.filter { $0 < 1_000_000_000 }.count == 250)
        // Past the ramp the rate is the full one.
        #expect(times.filter { (2_000_000_000..<2_100_000_000).contains($0) }.count == 100)
    }

    @Test func `Random calls come at the rate on average, and again with the same seed`() {
        let schedule = ArrivalSchedule(ratePerSecond: 1_000, spacing: .random, seed: 7)
        let first = times(20_000, of: schedule)
        #expect(first == times(20_000, of: schedule))
        let seconds = Double(first[19_999]) / 1e9
        #expect((19.0...21.0).contains(seconds))
        let gaps = zip(first.dropFirst(), first).map { $0 - $1 }
        // Of exponential gaps 63 in a hundred are shorter than the mean.
        let shortCount = gaps.filter { $0 < 1_000_000 }.count
        #expect((12_000...13_200).contains(shortCount))
    }
}
