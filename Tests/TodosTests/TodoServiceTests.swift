import Testing
import Todos

@Suite("To-do service")
struct TodoServiceTests {
    private let ada = TodoCaller(workspace: "home", issuer: "https://a", subject: "ada")
    private let eve = TodoCaller(workspace: "elsewhere", issuer: "https://a", subject: "eve")

    private func makeService() -> TodoService {
        TodoService(executor: CountingExecutor(), store: MemoryTodoStore())
    }

    @Test func `A to-do can be added, listed, renamed, completed and deleted`() async throws {
        let service = makeService()
        let added = try await service.add(title: "a", idempotencyKey: nil, by: ada, now: 1)
        #expect(try await service.list(for: ada).todos == [added])
        #expect(try await service.todo(added.id, for: ada) == added)

        let renamed = try await service.updateTitle(
            of: added.id,
            to: "b",
            idempotencyKey: nil,
            by: ada,
            now: 2
        )
        #expect(renamed.title == "b")
        let completed = try await service.complete(
            added.id,
            idempotencyKey: nil,
            by: ada,
            now: 3
        )
        #expect(completed.isCompleted)
        let deleted = try await service.delete(added.id, idempotencyKey: nil, by: ada, now: 4)
        #expect(deleted == completed)
        #expect(try await service.list(for: ada).todos.isEmpty)
    }

    @Test func `A broken rule is told in a sentence and changes nothing`() async throws {
        let service = makeService()
        let error = await #expect(throws: TodoError.title(.empty)) {
            try await service.add(title: " ", idempotencyKey: nil, by: ada, now: 1)
        }
        #expect(error?.description == "The title is empty; send 1 to 255 characters.")
        await #expect(throws: TodoError.idempotencyKey(.invisibleCharacter)) {
            try await service.add(title: "a", idempotencyKey: "a b", by: ada, now: 1)
        }
        await #expect(throws: TodoError.query(.limitOutOfRange(101))) {
            try await service.list(limit: 101, for: ada)
        }
        #expect(try await service.list(for: ada).todos.isEmpty)
    }

    @Test func `An id of another workspace is as unknown as one that never was`() async throws {
        let service = makeService()
        let todo = try await service.add(title: "a", idempotencyKey: nil, by: ada, now: 1)
        let unknown = TodoError.noSuchTodo(id: todo.id)

        await #expect(throws: unknown) { try await service.todo(todo.id, for: eve) }
        await #expect(throws: unknown) {
            try await service.complete(todo.id, idempotencyKey: nil, by: eve, now: 2)
        }
        await #expect(throws: unknown) {
            try await service.updateTitle(
                of: todo.id,
                to: "b",
                idempotencyKey: nil,
                by: eve,
                now: 2
            )
        }
        await #expect(throws: unknown) {
            try await service.delete(todo.id, idempotencyKey: nil, by: eve, now: 2)
        }
        #expect(try await service.list(for: ada).todos == [todo])
    }

    @Test func `A retry under the same idempotency key returns the first to-do`() async throws {
        let service = makeService()
        let first = try await service.add(title: "a", idempotencyKey: "k", by: ada, now: 1)
        let second = try await service.add(title: "a", idempotencyKey: "k", by: ada, now: 2)
        #expect(second == first)
        await #expect(throws: TodoError.store(.idempotencyKeyReused)) {
            try await service.add(title: "b", idempotencyKey: "k", by: ada, now: 3)
        }
        #expect(try await service.list(for: ada).todos == [first])
    }

    @Test func `What the client is told of a failure says nothing of its cause`() {
        for failure in [
            TodoStoreError.unavailable(reason: "/secret/path"), .failed(reason: "/secret/path"),
        ] {
            #expect(!TodoError.store(failure).description.contains("secret"))
            #expect(failure.description.contains("secret"))
        }
    }

    @Test func `The service runs on the executor it was given`() async throws {
        let executor = CountingExecutor()
        let service = TodoService(executor: executor, store: MemoryTodoStore())
        _ = try await service.list(for: ada)
        #expect(executor.jobCount > 0)
    }
}
