import Synchronization
import Testing
import Todos

@Suite("What a to-do service tells of its changes")
struct TodoChangeTests {
    private let ada = TodoCaller(workspace: "home", issuer: "https://a", subject: "ada")

    /// A service, and what it has told so far.
    private final class Heard: Sendable {
        private let changes = Mutex<[TodoChange]>([])

        func note(_ change: TodoChange) { changes.withLock { $0.append(change) } }

        /// What was told since the last time.
        func take() -> [TodoChange] {
            changes.withLock { changes in
                defer { changes = [] }
                return changes
            }
        }
    }

    private func makeService(_ heard: Heard) -> TodoService {
        TodoService(executor: CountingExecutor(), store: MemoryTodoStore()) { heard.note($0) }
    }

    @Test func `Every change is told once, with the lists that read differently`() async throws {
        let heard = Heard()
        let service = makeService(heard)
        func expect(
            _ ids: [Int64],
            _ lists: TodoChange.Lists,
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let told = heard.take()
            #expect(told.map(\.ids) == [ids], sourceLocation: sourceLocation)
            #expect(told.map(\.lists) == [lists], sourceLocation: sourceLocation)
            #expect(told.map(\.workspace) == ["home"], sourceLocation: sourceLocation)
        }
        _ = try await service.add(title: "a", idempotencyKey: nil, by: ada, now: 1)
        expect([1], .open)
        _ = try await service.addAll(titles: ["b", "c"], idempotencyKey: nil, by: ada, now: 1)
        expect([2, 3], .open)
        _ = try await service.updateTitle(of: 1, to: "d", idempotencyKey: nil, by: ada, now: 2)
        expect([1], .open)
        _ = try await service.complete(1, idempotencyKey: nil, by: ada, now: 3)
        expect([1], [.open, .completed])
        _ = try await service.updateTitle(of: 1, to: "e", idempotencyKey: nil, by: ada, now: 4)
        expect([1], .completed)
        _ = try await service.delete(2, idempotencyKey: nil, by: ada, now: 5)
        expect([2], .open)
        let clearing = TodoClearing(.none)
        _ = try await service.deleteCompleted(clearing, idempotencyKey: nil, by: ada, now: 6)
        expect([1], .completed)
    }

    @Test func `What changes nothing is not told`() async throws {
        let heard = Heard()
        let service = makeService(heard)
        for _ in 0..<2 {
            _ = try await service.addAll(titles: ["a", "b"], idempotencyKey: "k", by: ada, now: 1)
        }
        for id in [1, 2] as [Int64] {
            _ = try await service.complete(id, idempotencyKey: nil, by: ada, now: 1)
        }
        #expect(heard.take().count == 3)

        _ = try await service.complete(1, idempotencyKey: nil, by: ada, now: 2)
        _ = try await service.updateTitle(of: 1, to: "a", idempotencyKey: nil, by: ada, now: 2)
        _ = try await service.list(for: ada)
        _ = try await service.todo(1, for: ada)
        let clearing = TodoClearing(.none)
        _ = try await service.deleteCompleted(clearing, idempotencyKey: nil, by: ada, now: 2)
        await #expect(throws: TodoError.noSuchTodo(id: 9)) {
            try await service.delete(9, idempotencyKey: nil, by: ada, now: 2)
        }
        await #expect(throws: TodoError.title(.empty)) {
            try await service.add(title: "", idempotencyKey: nil, by: ada, now: 2)
        }
        #expect(heard.take() == [])
    }

    @Test func `Titles are looked through a hundred at a time`() async throws {
        let service = makeService(Heard())
        let checked = Mutex<[Int]>([])
        let ids = try await service.addAll(
            titles: (1...250).map { "\($0)" },
            idempotencyKey: nil,
            by: ada,
            now: 1
        ) { count in
            checked.withLock { $0.append(count) }
        }
        #expect(ids == 1...250)
        #expect(checked.withLock { $0 } == [100, 200])
        for count in [0, 1_001] {
            await #expect(throws: TodoError.titleCountOutOfRange(count)) {
                try await service.addAll(
                    titles: Array(repeating: "x", count: count),
                    idempotencyKey: nil,
                    by: ada,
                    now: 1
                )
            }
        }
    }
}
