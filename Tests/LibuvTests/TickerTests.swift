import Libuv
import TestSupport
import Testing

@Suite("Ticker")
struct TickerTests {
    @Test func `A ticker ticks until it is closed, and not once more`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<String>()
            loops[0].submit { [loop = loops[0]] in
                let first = Countdown(from: 3)
                first.ticker = Ticker(on: loop, everyMilliseconds: 1) {
                    journal.note("first")
                    first.count -= 1
                    if first.count == 0 {
                        first.ticker?.close()
                        first.ticker = nil
                    }
                }
                _ = Ticker(on: loop, everyMilliseconds: 1) { journal.note("second") }
            }
            await journal.wait(for: "second", count: 20)
            #expect(journal.count(of: "first") == 3)
        }
    }
}

private final class Countdown {
    var count: Int
    var ticker: Ticker?

    init(from count: Int) {
        self.count = count
    }
}
