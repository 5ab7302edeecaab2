import Libuv
import PostgresClient
import TestSupport
import Testing
import Todos
import TodosPostgres

@Suite("Opening a database in PostgreSQL", .needsPostgreSQL)
struct OpeningTests {
    /// Why a database cannot be opened.
    private func failure(of url: String) async throws -> PostgresStoreError? {
        let parsed = try PostgresURL(url)
        do throws(PostgresStoreError) {
            try await Self.open(parsed)
            return nil
        } catch {
            return error
        }
    }

    private static func open(_ url: PostgresURL) async throws(PostgresStoreError) {
        var configuration = PostgresTodoStore.Configuration(url: url)
        configuration.limits.requestSeconds = 2
        let group: EventLoopGroup
        do throws(LibuvError) {
            group = try EventLoopGroup(count: 1)
        } catch {
            preconditionFailure("\(error)")
        }
        defer { group.stop() }
        let store = try await PostgresTodoStore.open(configuration, on: group) { _ in }
        await store.close()
    }

    @Test(arguments: [true, false])
    func `Several processes that find an empty database make its tables once`(
        hasAdvisoryLocks: Bool
    ) async throws {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        let url = cluster.url(schema: schema)
        for _ in 0..<2 {
            try await Replica.with(5, at: url) {
                $0.usesAdvisoryLocks = hasAdvisoryLocks
            } _: { replicas in
                for replica in replicas { _ = try await replica.add("x") }
            }
        }
        let version = try cluster.run("SELECT count(*), max(version) FROM \(schema).martlet_schema")
        #expect(version == "1|2\n")
    }

    @Test(arguments: [true, false])
    func `Tables of the version before are brought up to date, with what is in them`(
        hasAdvisoryLocks: Bool
    ) async throws {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        let url = cluster.url(schema: schema)
        #expect(try await failure(of: url) == nil)
        _ = try cluster.run(
            """
            SET search_path = \(schema);
            ALTER TABLE martlet_task DROP COLUMN change, DROP COLUMN origin, DROP COLUMN changed_at;
            DROP TABLE martlet_task_word;
            INSERT INTO martlet_task VALUES
                ('x', 'i', 's', 'w', 't', '{}', 1, 1, 2, 1, 'working', FALSE, NULL, NULL, 1, 0, 7);
            UPDATE martlet_schema SET version = 1
            """
        )
        try await Replica.with(3, at: url) {
            $0.usesAdvisoryLocks = hasAdvisoryLocks
        } _: { _ in
            let rows = try cluster.run("SELECT id, change, process FROM \(schema).martlet_task")
            #expect(rows == "x|0|7\n")
        }
        let version = try cluster.run("SELECT version FROM \(schema).martlet_schema")
        #expect(version == "2\n")
    }

    @Test func `A schema of a newer release is left alone`() async throws {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        let url = cluster.url(schema: schema)
        #expect(try await failure(of: url) == nil)
        _ = try cluster.run("UPDATE \(schema).martlet_schema SET version = 99")
        let error = try #require(try await failure(of: url))
        guard case .newerSchema(_, version: 99) = error else {
            Issue.record("\(error)")
            return
        }
        #expect("\(error)".contains("99"))
    }

    @Test func `A database that cannot hold every text is refused`() async throws {
        let cluster = try PostgresCluster.shared.get()
        let name = "latin_\(UInt32.random(in: .min ... .max))"
        _ = try cluster.run(
            """
            CREATE DATABASE \(name) ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0
            """
        )
        let url = cluster.url().replacing("/postgres?", with: "/\(name)?")
        let error = try await failure(of: url)
        guard case .notUTF8 = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `Who may make no tables is told so`() async throws {
        let cluster = try PostgresCluster.shared.get()
        let name = "guest_\(UInt32.random(in: .min ... .max))"
        let schema = try cluster.makeSchema()
        _ = try cluster.run("CREATE ROLE \(name) LOGIN PASSWORD 'loopback'")
        _ = try cluster.run("GRANT USAGE ON SCHEMA \(schema) TO \(name)")
        let url = cluster.url(schema: schema).replacing("//martlet:", with: "//\(name):")
        let error = try #require(try await failure(of: url))
        guard case .unprepared = error else {
            Issue.record("\(error)")
            return
        }
        #expect("\(error)".contains("permission denied"))
    }

    @Test func `A database that is not there is told with what to do`() async throws {
        let error = try #require(
            try await failure(of: "postgres://martlet:hunter2@127.0.0.1:1/postgres")
        )
        guard case .unreachable = error else {
            Issue.record("\(error)")
            return
        }
        #expect("\(error)".contains("must run"))
        #expect(!"\(error)".contains("hunter2"))
    }
}
