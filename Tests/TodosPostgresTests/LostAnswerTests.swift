import PostgresClient
import TestSupport
import Testing
import Todos
import TodosPostgres

@Suite("A commit whose answer is lost", .needsPostgreSQL, .serialized)
struct LostAnswerTests {
    /// `COMMIT` as the prepared statement whose name begins so is executed (Bind: no portal, the name).
    private let commit = [0] + Array("commit_".utf8)

    private func withReplica(
        seconds: Int = 60,
        _ body: (Replica, CuttingProxy, PostgresCluster) async throws -> Void
    ) async throws {
        let cluster = try PostgresCluster.shared.get()
        let proxy = try CuttingProxy(to: cluster.port)
        defer { proxy.close() }
        let url = try cluster.url(schema: cluster.makeSchema(), port: proxy.port)
        try await Replica.with(1, at: url) {
            $0.limits.requestSeconds = seconds
        } _: { replicas in
            // The workspace, and connections.
            _ = try await replicas[0].add("first")
            try await body(replicas[0], proxy, cluster)
        }
    }

    @Test(arguments: [CuttingProxy.Loss.answer, .request], [nil, "k"])
    func `It is found out whether it was done, and it is done once`(
        loss: CuttingProxy.Loss,
        key: String?
    ) async throws {
        try await withReplica { replica, proxy, _ in
            proxy.lose(loss, at: commit)
            let result = try await replica.add("second", key: key)
            #expect(proxy.cutCount == 1)
            #expect(result.todo?.id == 2)
            // What was done is told as it was done, not as a replay.
            #expect(!result.isReplay)
            #expect(result.changedIDs == [2])
            let titles = try await replica.titles()
            #expect(titles == ["first", "second"])
            let next = try await replica.add("third")
            #expect(next.todo?.id == 3)
        }
    }

    @Test(arguments: [CuttingProxy.Loss.answer, .request])
    func `The first write to a workspace is no exception`(loss: CuttingProxy.Loss) async throws {
        try await withReplica { replica, proxy, _ in
            proxy.lose(loss, at: commit)
            let result = try await replica.add("x", in: "new")
            #expect(proxy.cutCount == 1)
            #expect(result.todo?.id == 1)
            let titles = try await replica.titles(in: "new")
            #expect(titles == ["x"])
        }
    }

    @Test func `Of a batch that was taken apart, each is told of its own write`() async throws {
        let cluster = try PostgresCluster.shared.get()
        let proxy = try CuttingProxy(to: cluster.port)
        defer { proxy.close() }
        let schema = try cluster.makeSchema()
        try await Replica.with(1, at: cluster.url(schema: schema, port: proxy.port)) { replicas in
            let replica = replicas[0]
            _ = try await replica.add("first")
            // One title cannot be written and takes the batch down; another lets the next ones wait.
            try cluster.run(
                """
                CREATE FUNCTION \(schema).look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.title = 'bad' THEN RAISE EXCEPTION 'no' USING ERRCODE = '22023'; END IF;
                IF NEW.title = 'slow' THEN PERFORM pg_sleep(1); END IF;
                RETURN NEW; END $$;
                CREATE TRIGGER look BEFORE INSERT ON \(schema).martlet_todo
                FOR EACH ROW EXECUTE FUNCTION \(schema).look();
                """
            )
            // Committed by then: the slow one and the batch have been sent, and of what follows the
            // first loses its answer.
            proxy.lose(.answer, at: commit, after: 2)
            let slow = Task { try await replica.add("slow") }
            try await Task.sleep(for: .milliseconds(300))
            let one = Task { try await replica.add("one") }
            try await Task.sleep(for: .milliseconds(50))
            let bad = Task { try await replica.add("bad") }
            try await Task.sleep(for: .milliseconds(50))
            let two = Task { try await replica.add("two") }

            _ = try await slow.value
            #expect(try await one.value.todo?.title == "one")
            await #expect(throws: TodoStoreError.self) { _ = try await bad.value }
            #expect(try await two.value.todo?.title == "two")
            #expect(proxy.cutCount == 1)
            let titles = try await replica.titles()
            #expect(titles == ["first", "slow", "one", "two"])
        }
    }

    @Test func `If nobody can be asked the caller is told that nobody knows`() async throws {
        let cluster = try PostgresCluster()
        let proxy = try CuttingProxy(to: cluster.port)
        defer { proxy.close() }
        let url = try cluster.url(schema: cluster.makeSchema(), port: proxy.port)
        try await Replica.with(1, at: url) {
            $0.limits.requestSeconds = 2
        } _: { replicas in
            _ = try await replicas[0].add("first")
            proxy.hold()
            proxy.lose(.answer, at: commit)
            let replica = replicas[0]
            let adding = Task { try await replica.add("second") }
            try await eventually { proxy.lostAnswerCount == 1 }
            try cluster.command("stop")
            proxy.release()
            let error = await #expect(throws: TodoStoreError.self) { _ = try await adding.value }
            if case .unconfirmed = error {
            } else {
                Issue.record("\(String(describing: error))")
            }
            try cluster.command("start")
            let titles = try await replicas[0].titles()
            #expect(titles == ["first", "second"])
        }
    }
}
