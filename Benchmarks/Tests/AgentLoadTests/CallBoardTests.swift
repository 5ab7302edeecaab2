import AgentLoad
import Testing

@Suite("Coordinated omission")
struct CallBoardTests {
    /// What a server that stands still for a second in between makes of a rate of 1,000 calls/s.
    ///
    /// One agent; an answer takes 100 µs. The clock is a number.
    private func latencies(ofStall stall: ClosedRange<UInt64>) -> [UInt64] {
        var schedule = ArrivalSchedule(ratePerSecond: 1_000)
        var board = CallBoard(free: [0])
        var latencies: [UInt64] = []
        var answerAt: UInt64?
        var dueAt: UInt64 = 0
        func answerTime(_ begin: UInt64) -> UInt64 {
            stall.contains(begin) ? stall.upperBound + 100_000 : begin + 100_000
        }
        for now in stride(from: UInt64(0), through: 4_000_000_000, by: 50_000) {
            if answerAt == now {
                latencies.append((now - dueAt) / 1_000)
                answerAt = nil
                if let waiting = board.release(0) {
                    dueAt = waiting
                    answerAt = answerTime(now)
                }
            }
            while schedule.next <= now {
                let due = schedule.next
                schedule.advance()
                guard board.arrive(dueAt: due) != nil else { continue }
                dueAt = due
                answerAt = answerTime(now)
            }
        }
        return latencies
    }

    @Test func `Calls that were due while the server stood still count as slow, each of them`() {
        let latencies = latencies(ofStall: 1_000_000_000...2_000_000_000)
        // A generator that waits for the answer would have seen one slow call.
        #expect(latencies.filter { $0 > 500_000 }.count >= 500)
        #expect(latencies.max() == 1_000_100)
        #expect(latencies.count >= 3_900)
    }

    @Test func `Without a stall every call takes its time and no more`() {
        let latencies = latencies(ofStall: 9_000_000_000...9_000_000_000)
        #expect(Set(latencies) == [100])
        #expect(latencies.count == 4_000)
    }

    @Test func `Who has been free longest gets the next call, and the oldest call goes first`() {
        var board = CallBoard(free: [3, 1])
        #expect(board.arrive(dueAt: 10) == 3)
        #expect(board.arrive(dueAt: 20) == 1)
        #expect(board.arrive(dueAt: 30) == nil)
        #expect(board.arrive(dueAt: 40) == nil)
        #expect(board.waitingCount == 2)
        #expect(board.release(1) == 30)
        #expect(board.abandonWaiting() == [40])
        #expect(board.release(3) == nil)
        #expect(board.arrive(dueAt: 50) == 3)
    }

    @Test func `A long queue loses nothing and keeps its order`() {
        var board = CallBoard(free: [])
        for dueAt in 0..<5_000 { #expect(board.arrive(dueAt: UInt64(dueAt)) == nil) }
        for dueAt in 0..<4_000 { #expect(board.release(0) == UInt64(dueAt)) }
        #expect(board.arrive(dueAt: 5_000) == nil)
        #expect(board.abandonWaiting() == (4_000...5_000).map(UInt64.init))
    }
}
