import Testing
import Todos

@Suite("Every to-do store, read whole and restored")
struct TodoStoreArchiveTests {
    private func stored(
        _ id: Int64,
        _ title: String? = nil,
        isCompleted: Bool = false,
        by subject: String = "ada",
        of issuer: String = "https://a",
        at createdAt: Int64 = 10,
        updatedAt: Int64 = 20
    ) -> StoredTodo {
        StoredTodo(
            Todo(
                storedID: id,
                title: title ?? "\(id)",
                isCompleted: isCompleted,
                createdBy: subject,
                createdAt: createdAt,
                updatedAt: updatedAt
            ),
            issuer: issuer
        )
    }

    private func all(
        _ store: any TodoArchive,
        of workspace: String? = nil
    ) async throws -> [TodoArchiveEntry] {
        let reader = try await store.archive(of: workspace)
        var entries: [TodoArchiveEntry] = []
        do {
            while case let more = try await reader.next(), !more.isEmpty {
                #expect(more.count <= TodoArchiveReader.entryCountMax + 50)
                entries += more
            }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
        return entries
    }

    private func restore(
        _ todos: [StoredTodo],
        _ identity: TodoRestoration.Identity = .kept(whenTaken: .refuse),
        lastID: Int64 = 0,
        to store: any TodoArchive,
        in workspace: String = "home",
        key: String? = nil
    ) async throws -> TodoWriteResult {
        let write = TodoWrite.restore(
            TodoRestoration(todos, identity: identity, lastID: lastID)
        )
        return try await store.apply(write, in: workspace, key: key)
    }

    @Test(arguments: StoreKind.all)
    func `All is read in the order of names' bytes and of ids, with the last id of each`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            for workspace in ["b", "B", "~x~y", "a-b", "a", "aB"] {
                _ = try await store.add("one of \(workspace)", in: workspace)
                _ = try await store.add("two of \(workspace)", in: workspace, now: 5)
            }
            _ = try await store.apply(.complete(id: 2), in: "B", now: 9)
            _ = try await store.apply(.delete(id: 2), in: "a")
            for id in [1, 2] as [Int64] { _ = try await store.apply(.delete(id: id), in: "aB") }
            let names = try await all(store).compactMap { entry in
                if case .end(let workspace, 2) = entry { workspace } else { nil }
            }
            #expect(names == ["B", "a", "a-b", "aB", "b", "~x~y"])
            #expect(
                try await all(store, of: "B") == [
                    .todo(stored(1, "one of B", at: 1_000, updatedAt: 1_000), workspace: "B"),
                    .todo(
                        stored(2, "two of B", isCompleted: true, at: 5, updatedAt: 9),
                        workspace: "B"
                    ),
                    .end(workspace: "B", lastID: 2),
                ]
            )
            #expect(try await all(store, of: "aB") == [.end(workspace: "aB", lastID: 2)])
            #expect(try await all(store, of: "nobody's") == [])
            #expect(try await store.todoCount(in: nil) == 9)
            #expect(try await store.todoCount(in: "a") == 1)
            #expect(try await store.todoCount(in: "nobody's") == 0)
        }
    }

    @Test(arguments: StoreKind.all)
    func `An empty store is an empty archive`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let entries = try await all(store)
            #expect(entries == [])
            #expect(try await store.todoCount(in: nil) == 0)
        }
    }

    @Test(arguments: StoreKind.all)
    func `Neither long workspaces nor many short ones lose or repeat an entry`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            // Around the numbers that are read together, and more workspaces than those.
            let counts =
                [1_000, 1_001, 20, 19, 21, 1, 0, 999, 2_000] + Array(repeating: 3, count: 120)
            var expected: [TodoArchiveEntry] = []
            for (index, count) in counts.enumerated() {
                let name = "workspace-\(1_000 + index)"
                let todos = (0..<count).map { stored(Int64($0 + 1)) }
                for start in stride(from: 0, to: max(1, count), by: 1_000) {
                    let part = Array(todos.dropFirst(start).prefix(1_000))
                    let lastID = Int64(start + part.count)
                    _ = try await restore(part, lastID: lastID, to: store, in: name)
                }
                expected += todos.map { .todo($0, workspace: name) }
                expected.append(.end(workspace: name, lastID: Int64(count)))
            }
            #expect(try await all(store) == expected)
        }
    }

    @Test(arguments: StoreKind.all)
    func `A restored to-do is the same to the byte, and the next id is the one after the last`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let todos = [
                stored(3, "e\u{301}té – \u{1F9D1}\u{200D}\u{1F680} \\ \"", by: "zo\u{0}é", of: ""),
                stored(7, isCompleted: true, at: 0, updatedAt: 253_402_300_799),
            ]
            let result = try await restore(todos, lastID: 12, to: store)
            #expect(result.outcome == .restored(RestoredTodos(addedCount: 2)))
            #expect(result.changedIDs == [3, 7])
            let entries = try await all(store)
            #expect(
                entries == todos.map { .todo($0, workspace: "home") } + [
                    .end(workspace: "home", lastID: 12)
                ]
            )
            guard case .todo(let first, _) = entries[0] else { return }
            #expect(Array(first.todo.title.utf8) == Array(todos[0].todo.title.utf8))
            #expect(try await store.add("next").id == 13)
            #expect(try await store.page(TodoQuery(isCompleted: true), in: "home").todos.count == 1)
        }
    }

    @Test(arguments: StoreKind.all)
    func `Restoring again changes nothing, and goes on where it was interrupted`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let todos = (1...10).map { stored($0) }
            _ = try await restore(Array(todos.prefix(6)), to: store)
            let generation = store.generation(ofWorkspace: "home")
            let second = try await restore(todos, to: store)
            #expect(second.outcome == .restored(RestoredTodos(addedCount: 4, presentCount: 6)))
            #expect(second.changedIDs == [7, 8, 9, 10])
            let third = try await restore(todos, to: store)
            #expect(third.outcome == .restored(RestoredTodos(addedCount: 0, presentCount: 10)))
            #expect(third.changedIDs == [])
            #expect(try await store.todoCount(in: "home") == 10)
            if let generation {
                #expect(store.generation(ofWorkspace: "home") != generation)
            }
        }
    }

    @Test(arguments: StoreKind.all)
    func `A to-do that was changed, or differs in one field, stops the whole restoration`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            _ = try await restore([stored(1), stored(2)], to: store)
            let others = [
                stored(2, "other"), stored(2, isCompleted: true), stored(2, by: "grace"),
                stored(2, of: "https://b"), stored(2, at: 11), stored(2, updatedAt: 21),
            ]
            for other in others {
                let result = try await restore([stored(1), other, stored(3)], to: store)
                #expect(result.outcome == .conflict(TodoConflict(index: 1, reason: .differs)))
                #expect(result.changedIDs == [])
            }
            #expect(try await store.todoCount(in: "home") == 2)
            #expect(try await store.add("next").id == 3)
        }
    }

    @Test(arguments: StoreKind.all)
    func `Two spellings of one letter are two titles`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await restore([stored(1, "\u{E9}")], to: store)
            let result = try await restore([stored(1, "e\u{301}")], to: store)
            #expect(result.outcome == .conflict(TodoConflict(index: 0, reason: .differs)))
        }
    }

    @Test(arguments: StoreKind.all)
    func `A to-do that was deleted does not come back`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let todos = (1...3).map { stored($0) }
            _ = try await restore(todos, to: store)
            _ = try await store.apply(.delete(id: 2))
            let result = try await restore(todos, to: store)
            #expect(result.outcome == .conflict(TodoConflict(index: 1, reason: .deleted)))
            #expect(try await store.todo(2, in: "home") == nil)
        }
    }

    @Test(arguments: StoreKind.all)
    func `What was changed or deleted since is left as it is, if that is wanted`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let todos = (1...5).map { stored($0) }
            _ = try await restore(Array(todos.prefix(4)), to: store)
            _ = try await store.apply(.delete(id: 2))
            _ = try await store.apply(.complete(id: 3), now: 99)
            let result = try await restore(todos, .kept(whenTaken: .leave), to: store)
            let restored = RestoredTodos(addedCount: 1, presentCount: 2, leftCount: 2)
            #expect(result.outcome == .restored(restored))
            #expect(result.changedIDs == [5])
            #expect(try await store.todo(2, in: "home") == nil)
            #expect(try await store.todo(3, in: "home")?.isCompleted == true)
        }
    }

    @Test(arguments: StoreKind.all)
    func `New ids go on after the workspace's last, once for each key`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            _ = try await store.add("mine")
            let todos = [stored(1, "theirs"), stored(1, "and another", isCompleted: true)]
            let first = try await restore(todos, .new, to: store, key: "import-1")
            #expect(first.outcome == .added(2...3))
            #expect(first.changedIDs == [2, 3])
            let second = try await restore(todos, .new, to: store, key: "import-1")
            #expect(second.outcome == .added(2...3))
            #expect(second.isReplay)
            #expect(second.changedIDs == [])
            #expect(try await store.todoCount(in: "home") == 3)
            #expect(try await store.todo(3, in: "home")?.isCompleted == true)
            let other = try await restore(todos, .new, to: store, key: "import-2")
            #expect(other.outcome == .added(4...5))
        }
    }

    @Test(arguments: StoreKind.all)
    func `The key of new ids outlives others, and ends after 30 days`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            func add(atDay day: Int64) async throws -> Bool {
                let write = TodoWrite.restore(TodoRestoration([stored(1)], identity: .new))
                let result = try await store.apply(write, key: "k", now: day * 86_400)
                return result.isReplay
            }
            let replays = [
                try await add(atDay: 1), try await add(atDay: 30), try await add(atDay: 31),
            ]
            #expect(replays == [false, true, false])
        }
    }

    @Test(arguments: StoreKind.all)
    func `A workspace whose ids are used up takes no more`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await restore([stored(.max)], to: store)
            for identity in [TodoRestoration.Identity.new, .kept(whenTaken: .refuse)] {
                if identity == .new {
                    await #expect(throws: TodoStoreError.self) {
                        try await restore([stored(1)], identity, to: store)
                    }
                } else {
                    let result = try await restore([stored(1)], identity, to: store)
                    #expect(result.outcome == .conflict(TodoConflict(index: 0, reason: .deleted)))
                }
            }
            #expect(try await store.todoCount(in: nil) == 1)
        }
    }

    /// SQLite reports such a failure, which its tests take for one of their own.
    @Test func `Adding to a workspace in memory whose ids are used up is refused`() async throws {
        let store = MemoryTodoStore()
        _ = try await restore([stored(.max - 1)], to: store)
        let two = TodoWrite.addAll(titles: [try TodoTitle("one"), try TodoTitle("two")])
        await #expect(throws: TodoStoreError.self) { try await store.apply(two) }
        #expect(try await store.add("the last").id == .max)
        await #expect(throws: TodoStoreError.self) { try await store.add("one more") }
        #expect(try await store.todoCount(in: nil) == 2)
    }
}
