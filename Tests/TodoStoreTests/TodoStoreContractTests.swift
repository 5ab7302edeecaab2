import Testing
import Todos

@Suite("Every to-do store")
struct TodoStoreContractTests {
    @Test(arguments: StoreKind.all)
    func `An acknowledged to-do is in the next list`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let first = try await store.add("water the plants", now: 1_000)
            let second = try await store.add("feed the cat 🐈", now: 2_000)

            #expect(first.title == "water the plants")
            #expect(first.createdBy == "ada")
            #expect(first.createdAt == 1_000)
            #expect(first.updatedAt == 1_000)
            #expect(!first.isCompleted)
            #expect(try await store.page(TodoQuery(), in: "home").todos == [first, second])
            #expect(try await store.todo(second.id, in: "home") == second)
        }
    }

    @Test(arguments: StoreKind.all)
    func `A workspace never sees or changes another's to-dos`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let mine = try await store.add("water the plants")

            #expect(try await store.page(TodoQuery(), in: "office").todos.isEmpty)
            #expect(try await store.todo(mine.id, in: "office") == nil)
            for write in [
                TodoWrite.complete(id: mine.id), .delete(id: mine.id),
                .updateTitle(id: mine.id, title: try TodoTitle("x")),
            ] {
                #expect(try await store.apply(write, in: "office").todo == nil)
            }
            #expect(try await store.page(TodoQuery(), in: "home").todos == [mine])
        }
    }

    @Test(arguments: StoreKind.all)
    func `Ids count from 1 in each workspace, whatever happens in others`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            for id in 1...3 as ClosedRange<Int64> {
                let home = try await store.add("x", in: "home")
                let office = try await store.add("y", in: "office")
                #expect(home.id == id)
                #expect(office.id == id)
            }
        }
    }

    @Test(arguments: StoreKind.all)
    func `The id of a deleted to-do is never used again`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let first = try await store.add("x")
            #expect(try await store.apply(.delete(id: first.id)).todo == first)
            #expect(try await store.apply(.delete(id: first.id)).todo == nil)
            #expect(try await store.add("y").id > first.id)
        }
    }

    @Test(arguments: StoreKind.all)
    func `Pages neither repeat nor skip a to-do`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for number in 1...25 { _ = try await store.add("to-do \(number)") }
            for limit in [1, 4, 5, 24, 25, 26, 100] {
                var titles: [String] = []
                var after: Int64?
                repeat {
                    let query = try TodoQuery(after: after, limit: limit)
                    let page = try await store.page(query, in: "home")
                    #expect(page.todos.count <= limit)
                    titles += page.todos.map(\.title)
                    after = page.nextAfter
                } while after != nil
                #expect(titles == (1...25).map { "to-do \($0)" }, "pages of \(limit)")
            }
        }
    }

    @Test(arguments: StoreKind.all)
    func `A page begins after an id that has been deleted, or never was`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            for number in 1...4 { _ = try await store.add("\(number)") }
            _ = try await store.apply(.delete(id: 2))
            let expected: [(after: Int64, ids: [Int64])] = [
                (2, [3, 4]), (0, [1, 3, 4]), (.min, [1, 3, 4]), (4, []), (.max, []),
            ]
            for (after, ids) in expected {
                let page = try await store.page(TodoQuery(after: after), in: "home")
                #expect(page.todos.map(\.id) == ids, "after \(after)")
                #expect(page.nextAfter == nil, "after \(after)")
            }
        }
    }

    @Test(arguments: StoreKind.all)
    func `A list of one state holds all of that state and nothing else`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            for number in 1...9 { _ = try await store.add("\(number)") }
            for id in [2, 4, 6, 8] as [Int64] { _ = try await store.apply(.complete(id: id)) }

            let completed = try await store.page(
                TodoQuery(limit: 3, isCompleted: true),
                in: "home"
            )
            #expect(completed.todos.map(\.id) == [2, 4, 6])
            let rest = try await store.page(
                TodoQuery(after: completed.nextAfter, limit: 3, isCompleted: true),
                in: "home"
            )
            #expect(rest.todos.map(\.id) == [8])
            #expect(rest.nextAfter == nil)
            let open = try await store.page(TodoQuery(isCompleted: false), in: "home")
            #expect(open.todos.map(\.id) == [1, 3, 5, 7, 9])
        }
    }

    @Test(arguments: StoreKind.all)
    func `A change is returned and kept`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let todo = try await store.add("x", now: 10)
            let renamed = try await store.apply(
                .updateTitle(id: todo.id, title: try TodoTitle("y")),
                now: 20
            )
            #expect(renamed.todo?.title == "y")
            #expect(renamed.todo?.updatedAt == 20)
            #expect(renamed.todo?.createdAt == 10)
            let completed = try await store.apply(.complete(id: todo.id), now: 30).todo
            #expect(completed?.isCompleted == true)
            #expect(completed?.updatedAt == 30)
            #expect(try await store.apply(.complete(id: todo.id), now: 40).todo == completed)
            #expect(try await store.todo(todo.id, in: "home") == completed)
        }
    }

    @Test(arguments: StoreKind.all, [0, -1, 2, .max, .min] as [Int64])
    func `An unknown id changes nothing and is no error`(kind: StoreKind, id: Int64) async throws {
        try await kind.withStore { store in
            let todo = try await store.add("x")
            for write in [
                TodoWrite.complete(id: id), .delete(id: id),
                .updateTitle(id: id, title: try TodoTitle("y")),
            ] {
                #expect(try await store.apply(write).todo == nil)
            }
            #expect(try await store.todo(id, in: "home") == nil)
            #expect(try await store.page(TodoQuery(), in: "home").todos == [todo])
        }
    }

    @Test(arguments: StoreKind.all)
    func `200 adds at once are all there, with distinct ids`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in 0..<200 {
                    group.addTask { try await store.add("to-do \(number)").id }
                }
                return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
            }
            #expect(ids == Set(1...200))

            let first = try await store.page(TodoQuery(limit: 100), in: "home")
            let second = try await store.page(
                TodoQuery(after: first.nextAfter, limit: 100),
                in: "home"
            )
            #expect(Set((first.todos + second.todos).map(\.title)).count == 200)
            #expect(second.nextAfter == nil)
        }
    }

    @Test(arguments: StoreKind.all)
    func `Text is kept to the byte, and names that look like SQL are only names`(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            let workspace = "x'; DROP TABLE todo; --\u{0}\u{1F}"
            let title = "Robert'); \"--%_\\ e\u{301} é 語"
            let todo = try await store.add(title, in: workspace)
            let stored = try #require(try await store.todo(todo.id, in: workspace))
            // Swift compares text by canonical equivalence; a store keeps what was sent.
            #expect(Array(stored.title.utf8) == Array(title.utf8))
            #expect(try await store.page(TodoQuery(), in: "x'; DROP TABLE todo; --").todos == [])
        }
    }
}
