import Foundation
import Libuv
import PostgresClient
import TestSupport
import Testing
import Todos
import TodosPostgres
import TodosSQLite

/// A name and a way to an empty store: what the contract is tested with.
struct StoreKind: Sendable, CustomTestStringConvertible {
    let testDescription: String

    /// Calls the closure with a store that is there for as long as the call.
    let withStore: @Sendable (_ body: (any TodoArchive) async throws -> Void) async throws -> Void

    static let all =
        [memory, sqlite] + (PostgresCluster.reasonToSkip == nil ? [postgres, otherDatabase] : [])

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

    static let postgres = StoreKind(testDescription: "PostgreSQL") { body in
        try await withPostgresStore(body) { _ in }
    }

    /// One that speaks PostgreSQL's protocol and lacks what not all of those have.
    static let otherDatabase = StoreKind(testDescription: "less than PostgreSQL") { body in
        try await withPostgresStore(body) { configuration in
            configuration.usesAdvisoryLocks = false
        }
    }

    private static func withPostgresStore(
        _ body: (any TodoArchive) async throws -> Void,
        _ configure: (inout PostgresTodoStore.Configuration) -> Void
    ) async throws {
        let cluster = try PostgresCluster.shared.get()
        var configuration = PostgresTodoStore.Configuration(
            url: try PostgresURL(cluster.url(schema: cluster.makeSchema()))
        )
        configuration.limits.requestSeconds = 60
        configure(&configuration)
        let group = try EventLoopGroup(count: 2)
        defer { group.stop() }
        let store = try await PostgresTodoStore.open(configuration, on: group) { event in
            Issue.record("\(event)")
        }
        do {
            try await body(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}

@Suite("The stores that are tested")
struct StoreKindTests {
    @Test(.enabled(if: PostgresCluster.reasonToSkip == nil, "PostgreSQL is not installed"))
    func `PostgreSQL is among them`() {
        #expect(StoreKind.all.contains { $0.testDescription == "PostgreSQL" })
    }
}
