import Libuv
import Synchronization
import TestSupport
import Testing

@Suite("Visits to a loop that are shared")
struct SharedVisitTests {
    /// What is looked at: how often that was.
    private final class Visited {
        var count = 0
    }

    private func visit(to loop: EventLoop) -> SharedVisit<Visited, Int> {
        SharedVisit(LoopBound(Visited(), on: loop)) { visited in
            visited.count += 1
            return visited.count
        }
    }

    @Test func `However many ask while a loop hangs, it is visited once`() async throws {
        try await withLoops(1) { loops in
            let visit = visit(to: loops[0])
            let hangs = Mutex(true)
            loops[0].submit { while hangs.withLock({ $0 }) {} }
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 { group.addTask { await visit.answer() } }
                try await eventually { visit.waitingCount == 100 }
                hangs.withLock { $0 = false }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == Array(repeating: 1, count: 100))
            #expect(visit.waitingCount == 0)
        }
    }

    @Test func `Who asks after a visit gets another`() async throws {
        try await withLoops(1) { loops in
            let visit = visit(to: loops[0])
            for number in 1...3 {
                let answer = await visit.answer()
                #expect(answer == number)
            }
        }
    }
}
