import Martlet
import TestSupport
import Testing

@Suite("The count of calls, and the wait for their end", .timeLimit(.minutes(1)))
struct CallCensusTests {
    /// Waits in a task of its own, which does so when this returns, and notes what runs at the end.
    private func wait(for census: CallCensus, _ ends: Journal<Int>) -> Task<Void, Never> {
        Task.immediate {
            await census.waitUntilEmpty()
            ends.note(census.count)
        }
    }

    @Test func `So many calls run at once, and one that ends makes room`() {
        let census = CallCensus(countMax: 2)
        #expect(census.admit())
        #expect(census.admit())
        #expect(!census.admit())
        #expect(census.count == 2)
        census.end()
        #expect(census.admit())
        #expect(!census.admit())
    }

    @Test func `Nobody waits where nothing runs`() async {
        let census = CallCensus(countMax: 2)
        _ = census.admit()
        census.end()
        await census.waitUntilEmpty()
        #expect(census.count == 0)
    }

    @Test func `The wait is over with the last call`() async {
        let census = CallCensus(countMax: 2)
        let ends = Journal<Int>()
        _ = census.admit()
        _ = census.admit()
        let waiting = wait(for: census, ends)
        census.end()
        census.tick()
        #expect(ends.events == [])
        census.end()
        census.tick()
        await waiting.value
        #expect(ends.events == [0])
    }

    @Test func `The wait is over when the tools have had their time`() async {
        let census = CallCensus(countMax: 1)
        let ends = Journal<Int>()
        _ = census.admit()
        let waiting = wait(for: census, ends)
        for _ in 1..<CallCensus.stopSecondsMax { census.tick() }
        #expect(ends.events == [])
        census.tick()
        await waiting.value
        #expect(ends.events == [1])
    }

    @Test(arguments: [true, false])
    func `The wait can be cut short, before it begins and while it goes on`(
        isBefore: Bool
    ) async {
        let census = CallCensus(countMax: 1)
        let ends = Journal<Int>()
        _ = census.admit()
        if isBefore { census.leaveRunning() }
        let waiting = wait(for: census, ends)
        if !isBefore { census.leaveRunning() }
        await waiting.value
        #expect(ends.events == [1])
    }
}
