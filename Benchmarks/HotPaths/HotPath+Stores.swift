import Foundation
import Libuv
import Todos
import TodosSQLite

extension HotPath {
    /// Where to-dos are looked up and kept.
    static let stores = [
        HotPath("Actor call, ten to-dos from memory", countedIterations: 500) { group in
            let service = TodoService(executor: group.loops[0], store: MemoryTodoStore())
            let caller = SampleStore.caller
            for number in 1...10 {
                _ = try await service.add(
                    title: "water the plants on balcony \(number)",
                    idempotencyKey: nil,
                    by: caller,
                    now: 0
                )
            }
            return { count in
                for _ in 0..<count {
                    let page = try await service.list(limit: 10, for: caller)
                    guard page.todos.count == 10 else { throw HotPathFailure("to-dos are missing") }
                }
            }
        },
        HotPath("SQLite read, ten to-dos", countedIterations: 500) { _ in
            let store = try SampleStore.open()
            try await SampleStore.add(10, to: store)
            let query = try TodoQuery(limit: 10)
            return { count in
                for _ in 0..<count {
                    let page = try await store.page(query, in: SampleCaller.workspaceName)
                    guard page.todos.count == 10 else { throw HotPathFailure("to-dos are missing") }
                }
            }
        },
        HotPath("Group commit of 64 to-dos", countedIterations: 20) { _ in
            let store = try SampleStore.open()
            try await SampleStore.add(64, to: store)
            return { count in
                for _ in 0..<count { try await SampleStore.add(64, to: store) }
            }
        },
    ]
}

/// A database in a directory that is removed when the store has closed.
private enum SampleStore {
    static let caller = TodoCaller(
        workspace: SampleCaller.workspaceName,
        issuer: FixedToken.issuer,
        subject: "bench"
    )

    static func open() throws -> SQLiteTodoStore {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-hot-path-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let path = directory.appendingPathComponent("todos.sqlite").path
        let store = try SQLiteTodoStore(SQLiteTodoStore.Configuration(path: path)) { error in
            print("SQLite: \(error)")
        }
        // The descriptors stay good; nothing is left behind however the process ends.
        try FileManager.default.removeItem(at: directory)
        return store
    }

    /// Adds to-dos from as many tasks, all of which ask before any is answered.
    static func add(_ count: Int, to store: SQLiteTodoStore) async throws {
        let request = TodoWriteRequest(
            .add(title: try TodoTitle("water the plants")),
            by: caller,
            now: 0
        )
        let addedCount = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<count {
                group.addTask { try await store.apply(request).changedIDs.count }
            }
            return try await group.reduce(0, +)
        }
        guard addedCount == count else { throw HotPathFailure("\(addedCount) were added") }
    }
}
