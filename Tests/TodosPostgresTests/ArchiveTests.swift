import TestSupport
import Testing
import Todos
import TodosPostgres

@Suite("An archive of a database that others write to", .needsPostgreSQL)
struct ArchiveTests {
    private func stored(_ id: Int64) -> StoredTodo {
        StoredTodo(
            Todo(
                storedID: id,
                title: "\(id)",
                isCompleted: id.isMultiple(of: 2),
                createdBy: "ada",
                createdAt: 1,
                updatedAt: 2
            ),
            issuer: "https://a"
        )
    }

    private func restore(_ ids: ClosedRange<Int64>, by replica: Replica) async throws {
        let restoration = TodoRestoration(
            ids.map { stored($0) },
            identity: .kept(whenTaken: .refuse)
        )
        _ = try await replica.write(.restore(restoration))
    }

    @Test func `It is one moment's state, whatever is written while it is read`() async throws {
        let url = try PostgresCluster.emptySchema()
        try await Replica.with(2, at: url) { replicas in
            let (one, other) = (replicas[0], replicas[1])
            try await restore(1...1_000, by: one)
            try await restore(1_001...2_000, by: one)
            let reader = try await one.store.archive(of: nil)
            var entries = try await reader.next()
            #expect(entries.count < 2_000)
            _ = try await one.write(.delete(id: 1_500))
            _ = try await other.write(.complete(id: 1_999))
            _ = try await other.add("later")
            _ = try await other.add("elsewhere", in: "office")
            while case let more = try await reader.next(), !more.isEmpty { entries += more }
            await reader.close()
            #expect(
                entries == (1...2_000).map { .todo(stored($0), workspace: "home") } + [
                    .end(workspace: "home", lastID: 2_000)
                ]
            )
            // The connection is given back.
            for _ in 0..<8 { try await one.store.archive(of: "nobody's").close() }
            #expect(try await one.store.todoCount(in: nil) == 2_001)
        }
    }

    @Test func `What is restored is heard by other processes, once`() async throws {
        let url = try PostgresCluster.emptySchema()
        try await Replica.with(2, at: url) { replicas in
            let (one, other) = (replicas[0], replicas[1])
            try await restore(1...10, by: one)
            try await restore(1...10, by: one)
            try await restore(11...12, by: one)
            try await eventually {
                other.heard.all.reduce(into: Set()) { $0.formUnion($1.ids) } == Set(1...12)
            }
            #expect(other.heard.all.flatMap(\.ids).count == 12)
            #expect(other.heard.all.allSatisfy { $0.lists == [.open, .completed] })
            #expect(one.heard.all.isEmpty)
        }
    }
}
