import AgentLoad
import Testing

@Suite("Search for the limit")
struct LimitSearchTests {
    /// The rates that are tried against a server with a limit.
    private func rates(limit: Double, start: Double, tolerance: Double = 0.05) -> (
        [Double], Double?
    ) {
        var search = LimitSearch(start: start, tolerance: tolerance)
        var tried: [Double] = []
        while let rate = search.next {
            tried.append(rate)
            search.note(rate, isHeld: rate <= limit)
        }
        return (tried, search.highestHeld)
    }

    @Test(arguments: [37.0, 1_000, 12_345, 1_999_999])
    func `It ends within the tolerance below the limit, wherever it begins`(limit: Double) throws {
        for start in [1.0, 1_000, 50_000] {
            let (tried, found) = rates(limit: limit, start: start)
            let held = try #require(found)
            #expect(held <= limit)
            #expect(held >= limit / 1.05)
            #expect(tried.count < 40)
        }
    }

    @Test func `It doubles first and halves the gap then`() {
        #expect(
            rates(limit: 500, start: 100, tolerance: 0.2).0 == [100, 200, 400, 800, 600, 500]
        )
    }

    @Test func `A server that holds nothing has no limit`() {
        let (tried, found) = rates(limit: 0, start: 8)
        #expect(found == nil)
        #expect(tried == [8, 4, 2, 1])
    }
}
