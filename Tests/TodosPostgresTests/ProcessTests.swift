import TestSupport
import Testing
import Todos
import TodosPostgres

@Suite("Tasks of several processes", .needsPostgreSQL)
struct ProcessTests {
    private let owner = StoredTask.Owner(issuer: "https://a", subject: "ada", workspace: "home")

    private let ending = StoredTask.State(
        status: "failed",
        isFinal: true,
        statusMessage: "its process has ended",
        content: nil,
        updatedAtMilliseconds: 2_000
    )

    private func begin(_ id: String, at replica: Replica) async throws {
        let task = StoredTask(
            id: id,
            owner: owner,
            tool: "dig",
            arguments: "{}",
            createdAtMilliseconds: 1_000,
            lifetimeMilliseconds: 1_000_000,
            expiresAtMilliseconds: 1_001_000,
            pollIntervalMilliseconds: 100,
            state: StoredTask.State(
                status: "working",
                isFinal: false,
                statusMessage: nil,
                content: nil,
                updatedAtMilliseconds: 1_000
            ),
            revision: 0
        )
        let quota = StoredTaskQuota(
            countMax: 100,
            perSubjectCountMax: 100,
            nowMilliseconds: 1_000
        )
        let admission = try await replica.store.insertTask(task, within: quota)
        #expect(admission == .admitted)
    }

    private func status(of id: String, at replica: Replica) async throws -> String? {
        try await replica.store.task(id, of: owner)?.state.status
    }

    @Test func `Those of a process that has ended have failed, and others have not`()
        async throws
    {
        try await Replica.with(3, at: PostgresCluster.emptySchema()) { replicas in
            try await begin("a", at: replicas[0])
            try await begin("b", at: replicas[1])
            await replicas[0].store.close()
            try await replicas[2].store.interruptAllTasks(ending)
            #expect(try await status(of: "a", at: replicas[2]) == "failed")
            #expect(try await status(of: "b", at: replicas[2]) == "working")
            #expect(try await status(of: "b", at: replicas[1]) == "working")
        }
    }

    @Test func `Those of a process that is silent have failed once another was heard for longer`()
        async throws
    {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        try await Replica.with(2, at: cluster.url(schema: schema)) { replicas in
            try await replicas[0].store.interruptAllTasks(ending)
            try await begin("silent", at: replicas[1])
            try await begin("alive", at: replicas[1])
            // As if it had been killed half a minute ago.
            _ = try cluster.run(
                """
                SET search_path = \(schema);
                INSERT INTO martlet_process VALUES (42, now() - INTERVAL '31 seconds');
                UPDATE martlet_task SET process = 42 WHERE id = 'silent'
                """
            )
            for _ in 0..<6 { await replicas[0].store.beat() }
            #expect(try await status(of: "silent", at: replicas[1]) == "working")
            for _ in 0..<3 { await replicas[0].store.beat() }
            #expect(try await status(of: "silent", at: replicas[1]) == "failed")
            #expect(try await status(of: "alive", at: replicas[1]) == "working")
        }
    }
}
