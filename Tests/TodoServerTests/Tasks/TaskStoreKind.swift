import Foundation
import Libuv
import Martlet
import PostgresClient
import TestSupport
import Testing
import TodoServer
import TodosPostgres
import TodosSQLite

/// A name and a way to an empty store of tasks: what the contract is tested with.
struct TaskStoreKind: Sendable, CustomTestStringConvertible {
    let testDescription: String

    /// Calls the closure with a store that is there for as long as the call.
    let withStore: @Sendable (_ body: (any TaskStore) async throws -> Void) async throws -> Void

    static let all =
        [memory, sqlite] + (PostgresCluster.reasonToSkip == nil ? [postgres] : [])

    private static let memory = TaskStoreKind(testDescription: "memory") { body in
        try await body(MemoryTaskStore())
    }

    private static let sqlite = TaskStoreKind(testDescription: "SQLite") { body in
        try await withTemporaryDirectory { directory in
            let store = try SQLiteTodoStore(.init(path: directory + "/todos.db")) {
                Issue.record("\($0)")
            }
            defer { store.close() }
            try await body(DatabaseTaskStore(store))
        }
    }

    private static let postgres = TaskStoreKind(testDescription: "PostgreSQL") { body in
        let cluster = try PostgresCluster.shared.get()
        let url = try PostgresURL(cluster.url(schema: cluster.makeSchema()))
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let store = try await PostgresTodoStore.open(.init(url: url), on: group) {
            Issue.record("\($0)")
        }
        do {
            try await body(DatabaseTaskStore(store))
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}

/// Calls the closure with the path of a directory that is there for as long as the call.
func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("tasks-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: directory) } }
    try await body(directory.path)
}

extension TaskOwner {
    static let ada = TaskOwner(
        subject: Subject(issuer: "https://issuer.example", name: "ada"),
        workspace: "default"
    )
}

extension TaskRecord {
    /// A task that begins.
    static func new(
        _ id: String = "x",
        of owner: TaskOwner = .ada,
        at milliseconds: Int64 = 1_000,
        arguments: String = #"{"depth":"\u0000é😀"}"#
    ) -> TaskRecord {
        TaskRecord(
            id: TaskID(id),
            owner: owner,
            tool: "dig",
            arguments: RawJSON(unchecked: ByteBuffer(arguments)),
            createdAtMilliseconds: milliseconds,
            lifetimeMilliseconds: 500,
            pollIntervalMilliseconds: 100
        )
    }

    func changed(to status: Status, _ message: String? = nil) -> TaskRecord {
        var changed = self
        _ = changed.change(to: status, message: message, atMilliseconds: 1_200)
        return changed
    }
}

extension TaskQuota {
    static func wide(at milliseconds: Int64 = 1_000) -> TaskQuota {
        TaskQuota(countMax: 100, perSubjectCountMax: 100, nowMilliseconds: milliseconds)
    }
}
