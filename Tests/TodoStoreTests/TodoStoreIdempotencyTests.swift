import Testing
import Todos

@Suite("Every to-do store, exactly once")
struct TodoStoreIdempotencyTests {
    @Test(arguments: StoreKind.all)
    func `A retry returns the first result and adds nothing`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let write = TodoWrite.add(title: try TodoTitle("x"))
            let first = try await store.apply(write, key: "k", now: 1_000)
            let second = try await store.apply(write, key: "k", now: 2_000)

            #expect(!first.isReplay)
            #expect(second.isReplay)
            #expect(second.todo == first.todo)
            #expect(try await store.page(TodoQuery(), in: "home").todos == [first.todo])
        }
    }

    @Test(arguments: StoreKind.all)
    func `A retry returns the first result whatever has happened since`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let todo = try await store.add("x")
            let completed = try await store.apply(.complete(id: todo.id), key: "c")
            let deleted = try await store.apply(.delete(id: todo.id), key: "d")
            #expect(deleted.todo == completed.todo)
            let unknown = try await store.apply(.delete(id: 2), key: "u")
            #expect(unknown.todo == nil)
            _ = try await store.add("the second")

            #expect(try await store.apply(.delete(id: todo.id), key: "d").todo == deleted.todo)
            #expect(try await store.apply(.complete(id: todo.id), key: "c").todo == completed.todo)
            #expect(try await store.apply(.delete(id: 2), key: "u").todo == nil)
            #expect(try await store.page(TodoQuery(), in: "home").todos.map(\.id) == [2])
        }
    }

    @Test(arguments: StoreKind.all)
    func `The same key with other arguments is an error and changes nothing`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let first = try await store.add("x", key: "k")
            await #expect(throws: TodoStoreError.idempotencyKeyReused) {
                try await store.add("y", key: "k")
            }
            let second = try await store.add("z")
            _ = try await store.apply(.complete(id: first.id), key: "k")
            await #expect(throws: TodoStoreError.idempotencyKeyReused) {
                try await store.apply(.complete(id: second.id), key: "k")
            }
            let titles = try await store.page(TodoQuery(), in: "home").todos.map(\.title)
            #expect(titles == ["x", "z"])
            #expect(try await store.todo(second.id, in: "home")?.isCompleted == false)
        }
    }

    @Test(arguments: StoreKind.all)
    func `A key counts for one subject of one issuer in one workspace`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let callers = [
                TodoCaller(workspace: "home", issuer: "https://a", subject: "ada"),
                TodoCaller(workspace: "home", issuer: "https://a", subject: "grace"),
                TodoCaller(workspace: "home", issuer: "https://b", subject: "ada"),
                TodoCaller(workspace: "office", issuer: "https://a", subject: "ada"),
            ]
            let key = try IdempotencyKey("k")
            for (index, caller) in callers.enumerated() {
                let write = TodoWrite.add(title: try TodoTitle("to-do \(index)"))
                for attempt in 0..<2 {
                    let result = try await store.apply(
                        TodoWriteRequest(write, by: caller, idempotencyKey: key, now: 1_000)
                    )
                    #expect(result.todo?.title == "to-do \(index)")
                    #expect(result.isReplay == (attempt == 1))
                }
            }
            #expect(try await store.page(TodoQuery(), in: "home").todos.count == 3)
            #expect(try await store.page(TodoQuery(), in: "office").todos.count == 1)
        }
    }

    @Test(arguments: StoreKind.all)
    func `A key counts for one kind of write`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let todo = try await store.add("x", key: "k")
            #expect(try await store.apply(.complete(id: todo.id), key: "k").isReplay == false)
            #expect(try await store.apply(.delete(id: todo.id), key: "k").isReplay == false)
            #expect(try await store.todo(todo.id, in: "home") == nil)
        }
    }

    @Test(arguments: StoreKind.all)
    func `A key is kept up to, and not at, 24 hours`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let day: Int64 = 86_400
            let first = try await store.add("x", key: "k", now: 1_000)
            #expect(try await store.add("x", key: "k", now: 1_000 + day - 1) == first)
            let second = try await store.add("y", key: "k", now: 1_000 + day)
            #expect(second.id != first.id)
            // The second use begins another day.
            #expect(try await store.add("y", key: "k", now: 1_000 + 2 * day - 1) == second)
            await #expect(throws: TodoStoreError.idempotencyKeyReused) {
                try await store.add("x", key: "k", now: 1_000 + 2 * day - 1)
            }
        }
    }

    @Test(arguments: StoreKind.all)
    func `A key used at the end of time does not overflow`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let first = try await store.add("x", key: "k", now: .max - 1)
            #expect(try await store.add("x", key: "k", now: .max - 1) == first)
        }
    }

    @Test(arguments: StoreKind.all)
    func `100 retries at once add one to-do`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let todos = try await withThrowingTaskGroup(of: Todo.self) { group in
                for _ in 0..<100 { group.addTask { try await store.add("x", key: "k") } }
                return try await group.reduce(into: Set<Todo>()) { $0.insert($1) }
            }
            #expect(todos.count == 1)
            #expect(try await store.page(TodoQuery(), in: "home").todos.count == 1)
        }
    }
}
