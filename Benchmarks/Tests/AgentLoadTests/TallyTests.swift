import AgentLoad
import Histogram
import Testing

@Suite("Tally")
struct TallyTests {
    @Test func `Refusals and failures are no successes, and have no latency`() {
        var tally = Tally()
        for microseconds in 1...1_000 {
            tally.note(.succeeded, of: .listTodos, microseconds: UInt64(microseconds))
        }
        tally.note(.failed(.status(500)), of: .listTodos, microseconds: 900_000)
        tally.note(.refused(.status(503)), of: .addTodo, microseconds: 900_000)
        tally.noteNeverBegun(count: 5)
        let total = tally.total
        #expect(total.succeeded == 1_000)
        #expect(total.failed == 6)
        #expect(total.refused == 1)
        #expect(total.count == 1_007)
        #expect(total.latencies.maxRecorded == 1_000)
        #expect(tally.failures == [.status(500): 1, .status(503): 1, .unanswered: 5])
    }

    @Test func `What two threads counted adds up, percentiles too`() {
        var first = Tally()
        var second = Tally()
        for _ in 0..<99 { first.note(.succeeded, of: .ping, microseconds: 10) }
        second.note(.succeeded, of: .ping, microseconds: 5_000)
        second.noteRetry(.lost)
        second.tokensSigned = 3
        first.add(second)
        #expect(first[.ping].succeeded == 100)
        #expect(first[.ping].latencies.valueAtPercentile(99) == 10)
        #expect(first[.ping].latencies.maxRecorded >= 5_000)
        #expect(first.retries == [.lost: 1])
        #expect(first.tokensSigned == 3)
    }
}
