import Martlet
import Synchronization
import Testing

@Suite("Rate limits")
struct RateLimitTableTests {
    private static let start: UInt64 = 1_000_000

    private func table(perSecond: Int, burst: Int) -> RateLimitTable {
        RateLimitTable(RateLimit(perSecond: perSecond, burst: burst))
    }

    /// How many of `count` takes in one millisecond are allowed.
    private func admitted(
        _ count: Int,
        by table: RateLimitTable,
        _ key: String = "ada",
        at milliseconds: UInt64 = start
    ) -> Int {
        (0..<count).count { _ in table.take(key, atMilliseconds: milliseconds) == .allowed }
    }

    @Test(arguments: [1, 2, 30, 2_000, 100_000])
    func `The burst is admitted at once, and not one more`(burst: Int) {
        #expect(admitted(burst + 5, by: table(perSecond: 1, burst: burst)) == burst)
    }

    @Test(arguments: [1, 3, 10, 1_000, 10_000, 100_000])
    func `In the long run the rate is admitted`(perSecond: Int) {
        let table = table(perSecond: perSecond, burst: 1_000)
        _ = admitted(2_000, by: table)
        var count = 0
        let seconds = perSecond > 1_000 ? 2 : 20
        // Asked more often than is admitted, at every millisecond.
        for millisecond in 1...(seconds * 1_000) {
            let attempts = perSecond / 1_000 + 2
            count += admitted(attempts, by: table, at: Self.start + UInt64(millisecond))
        }
        let expected = perSecond * seconds
        #expect(count >= expected - 1 && count <= expected + expected / 100 + 1)
    }

    @Test func `Whoever waits as long as it was told is admitted`() {
        let table = table(perSecond: 1, burst: 3)
        _ = admitted(3, by: table)
        guard case .refused(let seconds) = table.take("ada", atMilliseconds: Self.start) else {
            Issue.record("the fourth of a burst of three was admitted")
            return
        }
        #expect(seconds == 1)
        #expect(admitted(1, by: table, at: Self.start + 999) == 0)
        #expect(admitted(2, by: table, at: Self.start + UInt64(seconds) * 1_000) == 1)
    }

    @Test func `A refusal takes nothing`() {
        let table = table(perSecond: 1, burst: 1)
        _ = admitted(100, by: table)
        #expect(admitted(1, by: table, at: Self.start + 1_000) == 1)
    }

    @Test func `After a rest the whole burst is there again and no more`() {
        let table = table(perSecond: 10, burst: 5)
        _ = admitted(9, by: table)
        #expect(admitted(9, by: table, at: Self.start + 500) == 5)
        #expect(admitted(9, by: table, at: Self.start + 1_000_000_000) == 5)
    }

    @Test func `Keys do not count for each other`() {
        let table = table(perSecond: 1, burst: 2)
        for number in 0..<500 {
            #expect(admitted(3, by: table, "subject \(number)") == 2)
        }
        #expect(admitted(3, by: table, "subject 0") == 0)
    }

    @Test func `Two tables do not count for each other`() {
        let (first, second) = (table(perSecond: 1, burst: 1), table(perSecond: 1, burst: 1))
        #expect(admitted(2, by: first) == 1)
        #expect(admitted(2, by: second) == 1)
    }

    @Test func `No limit admits everything`() {
        let table = RateLimitTable(.unlimited)
        #expect(admitted(10_000, by: table) == 10_000)
    }

    @Test func `A clock that begins at zero or runs for years is as good as any`() {
        for start: UInt64 in [0, 1, 4 * 365 * 86_400_000] {
            let table = table(perSecond: 1, burst: 4)
            #expect(admitted(9, by: table, at: start) == 4)
            #expect(admitted(9, by: table, at: start + 2_000) == 2)
        }
    }

    @Test func `Threads that take at once are admitted exactly the burst`() async {
        let burst = 10_000
        for round in 0..<5 {
            let table = table(perSecond: 1, burst: burst)
            let count = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { admitted(burst, by: table, "ada \(round)") }
                }
                return await group.reduce(0, +)
            }
            #expect(count == burst)
        }
    }
}
