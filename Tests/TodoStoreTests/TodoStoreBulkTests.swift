import Testing
import Todos

@Suite("Every to-do store, several to-dos at once")
struct TodoStoreBulkTests {
    private func titles(_ range: ClosedRange<Int>) throws -> [TodoTitle] {
        try range.map { number throws(TodoTitleError) in try TodoTitle("\(number)") }
    }

    private func all(_ store: any TodoStore, in workspace: String = "home") async throws -> [Todo] {
        var todos: [Todo] = []
        var after: Int64?
        repeat {
            let page = try await store.page(TodoQuery(after: after, limit: 100), in: workspace)
            todos += page.todos
            after = page.nextAfter
        } while after != nil
        return todos
    }

    /// Adds to-dos and completes those of some ids.
    private func fill(
        _ store: any TodoStore,
        _ count: Int,
        completing ids: some Sequence<Int64>
    ) async throws {
        _ = try await store.apply(.addAll(titles: titles(1...count)))
        for id in ids { _ = try await store.apply(.complete(id: id)) }
    }

    private func found(_ result: TodoWriteResult) throws -> CompletedTodos {
        guard case .needsConsent(let completed) = result.outcome else {
            Issue.record("\(result.outcome)")
            return CompletedTodos(ids: [])
        }
        #expect(result.changedIDs == [])
        return completed
    }

    @Test(arguments: StoreKind.all)
    func `To-dos that are added together have ids that follow each other`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            _ = try await store.add("first")
            let result = try await store.apply(.addAll(titles: titles(1...1_000)), now: 7)
            #expect(result.outcome == .added(2...1_001))
            #expect(result.changedIDs == Array(2...1_001))
            #expect(!result.isReplay)
            let todos = try await all(store)
            #expect(todos.map(\.title) == ["first"] + (1...1_000).map { "\($0)" })
            #expect(todos.map(\.id) == Array(1...1_001))
            #expect(todos.last?.createdAt == 7)
            #expect(todos.last?.createdBy == "ada")
            #expect(try await store.add("next").id == 1_002)
        }
    }

    @Test(arguments: StoreKind.all)
    func `To-dos that are added together by several callers do not mix`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let ranges = try await withThrowingTaskGroup(of: ClosedRange<Int64>.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let result = try await store.apply(.addAll(titles: titles(1...50)))
                        guard case .added(let ids) = result.outcome else { return 0...0 }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let todos = try await all(store)
            #expect(todos.count == 1_000)
            for ids in ranges {
                let titles = todos.filter { ids.contains($0.id) }.map(\.title)
                #expect(titles == (1...50).map { "\($0)" })
            }
        }
    }

    @Test(arguments: StoreKind.all)
    func `A retry of adding together returns the first ids and adds nothing`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let write = TodoWrite.addAll(titles: try titles(1...3))
            let first = try await store.apply(write, key: "k")
            _ = try await store.apply(.delete(id: 2))
            let second = try await store.apply(write, key: "k")
            #expect(first.outcome == .added(1...3))
            #expect(second.outcome == first.outcome)
            #expect(second.isReplay)
            #expect(second.changedIDs == [])
            await #expect(throws: TodoStoreError.idempotencyKeyReused) {
                try await store.apply(.addAll(titles: titles(1...2)), key: "k")
            }
            // Another kind of write has keys of its own.
            #expect(try await store.add("1", key: "k").id == 4)
            #expect(try await all(store).map(\.id) == [1, 3, 4])
        }
    }

    @Test(arguments: StoreKind.all)
    func `Several completed to-dos are deleted with consent only, and open ones never`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            try await fill(store, 6, completing: [2, 3, 5])
            let completed = try found(try await store.apply(.deleteCompleted(.init(.none))))
            #expect(completed.count == 3)
            #expect(!completed.hasMore)
            for count in [0, 1, 2, 4] {
                let refused = try await store.apply(.deleteCompleted(.init(.count(count))))
                #expect(try found(refused) == completed)
            }
            #expect(try await all(store).count == 6)

            let cleared = try await store.apply(.deleteCompleted(.init(.exactly(completed))))
            #expect(cleared.outcome == .cleared(count: 3, hasMore: false))
            #expect(cleared.changedIDs == [2, 3, 5])
            #expect(try await all(store).map(\.id) == [1, 4, 6])
            for id in [2, 3, 5] as [Int64] {
                #expect(try await store.todo(id, in: "home") == nil)
            }
        }
    }

    @Test(arguments: StoreKind.all)
    func `The right number is consent`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store, 3, completing: [1, 2])
            let cleared = try await store.apply(.deleteCompleted(.init(.count(2))))
            #expect(cleared.outcome == .cleared(count: 2, hasMore: false))
            #expect(try await all(store).map(\.id) == [3])
        }
    }

    @Test(arguments: StoreKind.all)
    func `One completed to-do needs no consent, and none is no error`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let nothing = try await store.apply(.deleteCompleted(.init(.none)))
            #expect(nothing.outcome == .cleared(count: 0, hasMore: false))
            #expect(nothing.changedIDs == [])
            try await fill(store, 2, completing: [2])
            let one = try await store.apply(.deleteCompleted(.init(.none)))
            #expect(one.outcome == .cleared(count: 1, hasMore: false))
            #expect(one.changedIDs == [2])
            #expect(try await all(store).map(\.id) == [1])
        }
    }

    @Test(arguments: StoreKind.all)
    func `Consent to some is none to others, be they as many`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store, 5, completing: [1, 2])
            let agreed = try found(try await store.apply(.deleteCompleted(.init(.none))))
            let clearing = TodoWrite.deleteCompleted(.init(.exactly(agreed)))

            _ = try await store.apply(.complete(id: 3))
            #expect(try found(try await store.apply(clearing)).count == 3)
            _ = try await store.apply(.delete(id: 1))
            let others = try found(try await store.apply(clearing))
            #expect(others.count == agreed.count)
            #expect(others != agreed)
            #expect(try await all(store).map(\.id) == [2, 3, 4, 5])
        }
    }

    @Test(arguments: StoreKind.all)
    func `Another workspace's completed to-dos are left alone`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await fill(store, 2, completing: [1, 2])
            let elsewhere = try await store.apply(.deleteCompleted(.init(.none)), in: "office")
            #expect(elsewhere.outcome == .cleared(count: 0, hasMore: false))
            #expect(try await all(store).count == 2)
        }
    }

    @Test(arguments: StoreKind.all)
    func `A retry of a clearing returns the first result, whatever is completed since`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            try await fill(store, 4, completing: [1, 2])
            let unasked = TodoWrite.deleteCompleted(.init(.none))
            let agreed = try found(try await store.apply(unasked, key: "k"))
            let asked = TodoWrite.deleteCompleted(.init(.exactly(agreed)))
            let first = try await store.apply(asked, key: "k")
            #expect(!first.isReplay)
            for id in [3, 4] as [Int64] { _ = try await store.apply(.complete(id: id)) }
            for again in [asked, unasked] {
                let second = try await store.apply(again, key: "k")
                #expect(second.isReplay)
                #expect(second.outcome == .cleared(count: 2, hasMore: false))
                #expect(second.changedIDs == [])
            }
            await #expect(throws: TodoStoreError.idempotencyKeyReused) {
                try await store.apply(
                    .deleteCompleted(.init(.count(2), statedCount: 2)),
                    key: "k"
                )
            }
            #expect(try await all(store).map(\.id) == [3, 4])
        }
    }

    @Test(arguments: StoreKind.all)
    func `10,000 are deleted at most, the oldest`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let count = TodoClearing.countMax + 1
            for start in stride(from: 1, through: count, by: 1_000) {
                let titles = try titles(start...min(start + 999, count))
                _ = try await store.apply(.addAll(titles: titles))
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for part in 0..<16 {
                    group.addTask {
                        for id in stride(from: Int64(part + 1), through: Int64(count), by: 16) {
                            _ = try await store.apply(.complete(id: id))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let agreed = try found(try await store.apply(.deleteCompleted(.init(.none))))
            #expect(agreed.count == 10_000)
            #expect(agreed.hasMore)
            let write = TodoWrite.deleteCompleted(.init(.exactly(agreed)))
            let cleared = try await store.apply(write, key: "k")
            #expect(cleared.outcome == .cleared(count: 10_000, hasMore: true))
            #expect(try await all(store).map(\.id) == [10_001])
            #expect(try await store.apply(write, key: "k").outcome == cleared.outcome)
        }
    }

    @Test(arguments: StoreKind.all)
    func `What was changed is told, and that nothing was`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let title = try TodoTitle("x")
            #expect(try await store.apply(.add(title: title), key: "k").changedIDs == [1])
            #expect(try await store.apply(.add(title: title), key: "k").changedIDs == [])
            #expect(
                try await store.apply(.updateTitle(id: 1, title: title)).changedIDs == []
            )
            let other = try TodoTitle("y")
            #expect(
                try await store.apply(.updateTitle(id: 1, title: other)).changedIDs == [1]
            )
            #expect(try await store.apply(.complete(id: 1)).changedIDs == [1])
            #expect(try await store.apply(.complete(id: 1)).changedIDs == [])
            #expect(try await store.apply(.complete(id: 2)).changedIDs == [])
            #expect(try await store.apply(.delete(id: 1)).changedIDs == [1])
            #expect(try await store.apply(.delete(id: 1)).changedIDs == [])
        }
    }
}
