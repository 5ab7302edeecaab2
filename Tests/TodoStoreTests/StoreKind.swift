import Foundation
import Testing
import Todos
import TodosSQLite

/// A name and a way to an empty store: what the contract is tested with.
struct StoreKind: Sendable, CustomTestStringConvertible {
    let testDescription: String

    /// Calls the closure with a store that is there for as long as the call.
    let withStore: @Sendable (_ body: (any TodoStore) async throws -> Void) async throws -> Void

    static let all = [memory, sqlite]

    static let memory = StoreKind(testDescription: "memory") { body in
        try await body(MemoryTodoStore())
    }

    static let sqlite = StoreKind(testDescription: "SQLite") { body in
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("todos-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: directory) } }
        let path = directory.appendingPathComponent("todos.db").path
        let store = try SQLiteTodoStore(.init(path: path)) { Issue.record("\($0)") }
        defer { store.close() }
        try await body(store)
    }
}
