import TestSupport
import Testing
import Todos
import TodosPostgres

@Suite("Several processes on one PostgreSQL", .needsPostgreSQL)
struct SharedDatabaseTests {
    @Test func `What one has acknowledged the others see, at once`() async throws {
        try await Replica.with(2, at: PostgresCluster.emptySchema()) { replicas in
            for number in 1...20 {
                let result = try await replicas[number % 2].add("\(number)")
                let seen = try await replicas[(number + 1) % 2].store.todo(
                    Int64(number),
                    in: "home"
                )
                #expect(seen == result.todo)
            }
        }
    }

    @Test func `Ids follow each other whoever gives them, and workspaces count apart`()
        async throws
    {
        try await Replica.with(3, at: PostgresCluster.emptySchema(), loopCount: 2) { replicas in
            let places = try await withThrowingTaskGroup(of: (String, Int64).self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let workspace = "w\(number % 4)"
                        let result = try await replicas[number % 3].add("x", in: workspace)
                        return (workspace, try #require(result.todo).id)
                    }
                }
                return try await group.reduce(into: [:]) { places, place in
                    places[place.0, default: []].append(place.1)
                }
            }
            #expect(places.count == 4)
            for ids in places.values { #expect(ids.sorted() == Array(1...75)) }
        }
    }

    @Test func `A retry at another process finds the first result`() async throws {
        try await Replica.with(3, at: PostgresCluster.emptySchema()) { replicas in
            let results = try await withThrowingTaskGroup(of: TodoWriteResult.self) { group in
                for number in 0..<60 {
                    group.addTask { try await replicas[number % 3].add("x", key: "k") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(results.map(\.outcome)).count == 1)
            #expect(results.count { !$0.isReplay } == 1)
            let titles = try await replicas[0].titles()
            #expect(titles == ["x"])
        }
    }

    @Test func `Texts that only look alike are told apart`() async throws {
        let (one, other) = ("caf\u{E9}", "cafe\u{301}")
        #expect(one == other)
        try await Replica.with(1, at: PostgresCluster.emptySchema()) { replicas in
            async let first = replicas[0].add("x", in: one)
            async let second = replicas[0].add("y", in: other)
            let ids = try await [first.todo?.id, second.todo?.id]
            #expect(ids == [1, 1])
            let titles = try await replicas[0].titles(in: other)
            #expect(titles == ["y"])
        }
    }

    @Test func `A write that PostgreSQL refuses does not take others down with it`()
        async throws
    {
        try await Replica.with(1, at: PostgresCluster.emptySchema()) { replicas in
            async let good = replicas[0].add("good")
            let replica = replicas[0]
            // More than an index of PostgreSQL takes, and nothing that compresses.
            let name = (0..<4_000).map { _ in "\(UInt8.random(in: .min ... .max))," }.joined()
            let bad = Task { try await replica.add("bad", in: name) }
            async let alsoGood = replicas[0].add("good")
            let ids = try await [good.todo?.id, alsoGood.todo?.id]
            #expect(Set(ids) == [1, 2])
            await #expect(throws: TodoStoreError.self) { try await bad.value }
        }
    }

    @Test func `Ids that are used up are an error of that write alone`() async throws {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        try await Replica.with(1, at: cluster.url(schema: schema)) { replicas in
            _ = try await replicas[0].add("first")
            _ = try cluster.run(
                "UPDATE \(schema).martlet_workspace SET last_todo_id = 9223372036854775806"
            )
            let last = try await replicas[0].add("last")
            #expect(last.todo?.id == .max)
            let replica = replicas[0]
            let full = Task { try await replica.add("one too many") }
            async let elsewhere = replicas[0].add("elsewhere", in: "office")
            #expect(try await elsewhere.todo?.id == 1)
            await #expect(throws: TodoStoreError.self) { try await full.value }
        }
    }

    @Test func `What has expired is deleted`() async throws {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        func count(_ table: String) throws -> String {
            try cluster.run("SELECT count(*) FROM \(schema).\(table)")
        }
        try await Replica.with(1, at: cluster.url(schema: schema)) { replicas in
            for number in 0..<3 {
                let title = try TodoTitle("\(number)")
                let now = Int64(1_000 + number)
                _ = try await replicas[0].write(.add(title: title), key: "\(number)", now: now)
            }
            _ = try cluster.run(
                """
                UPDATE \(schema).martlet_change SET created_at = now() - INTERVAL '11 minutes'
                WHERE todo_ids = '1'
                """
            )
            await replicas[0].store.clean(nowSeconds: 1_001 + 86_400)
            #expect(try count("martlet_idempotent_write") == "1\n")
            #expect(try count("martlet_change") == "2\n")
            #expect(try count("martlet_todo") == "3\n")
        }
    }
}
