import Libuv
import PostgresClient
import TestSupport
import Testing

@Suite(
    "Connections to PostgreSQL",
    .enabled(if: PostgresCluster.reasonToSkip == nil, "PostgreSQL is not installed")
)
struct PostgresPoolTests {
    private func cluster() throws -> PostgresCluster { try PostgresCluster.shared.get() }

    @Test(arguments: [1, 3])
    func `Every request gets its own answer, however many there are`(
        connectionCount: Int
    ) async throws {
        let limits = PostgresLimits(connectionCountMax: connectionCount, requestSeconds: 60)
        let echo = PostgresStatement("SELECT $1::text", name: "echo", to: "echo")
        try await PoolRig.with(cluster().url(), limits, preparing: PostgresPreparation([echo])) {
            rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        let rows = try await rig.run([echo(PostgresValue("é\"\(number)"))]).get()
                        #expect(rows.map { $0.text(0, 0) } == ["é\"\(number)"])
                    }
                }
                try await group.waitForAll()
            }
            let count = try await rig.text(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE pid IN (SELECT pid FROM pg_stat_activity WHERE query LIKE '%$1::text%')
                """
            )
            #expect(try #require(Int(count)) <= connectionCount)
        }
    }

    @Test func `A statement that is refused is undone with those before it, and hurts no others`()
        async throws
    {
        let table = "refusal_\(UInt32.random(in: .min ... .max))"
        try await PoolRig.with(cluster().url(), PostgresLimits(connectionCountMax: 1)) { rig in
            _ = try await rig.run([
                PostgresStatement("CREATE TABLE \(table) (n BIGINT)", to: "create")()
            ]).get()
            let insert = PostgresStatement("INSERT INTO \(table) VALUES ($1)", to: "insert")
            let divide = PostgresStatement("SELECT 1 / $1::bigint", to: "divide")
            async let good = rig.run([insert(PostgresValue(1))])
            async let bad = rig.run([
                insert(PostgresValue(2)), divide(PostgresValue(0)), insert(PostgresValue(3)),
            ])
            async let alsoGood = rig.run([insert(PostgresValue(4))])
            let answers = await [good, alsoGood]
            for answer in answers { #expect(throws: Never.self) { try answer.get() } }
            let refused = await bad
            let error = try #require(throws: PostgresError.self) { try refused.get() }
            #expect(error.sqlState == "22012")
            #expect(error.operation == "divide")
            #expect(!error.isTransient)
            let sum = try await rig.text("SELECT sum(n) FROM \(table)")
            #expect(sum == "5")
        }
    }

    @Test(arguments: [
        (PostgresPreparation.Place.unshared, 1), (.everywhere, 1), (.nowhere, 0),
    ])
    func `Statements are prepared where they shall be, and answer the same everywhere`(
        place: PostgresPreparation.Place,
        count: Int
    ) async throws {
        let echo = PostgresStatement("SELECT $1::text", name: "echo", to: "echo")
        let preparation = PostgresPreparation([echo], place)
        let limits = PostgresLimits(connectionCountMax: 1)
        try await PoolRig.with(cluster().url(), limits, preparing: preparation) { rig in
            let rows = try await rig.run([echo(PostgresValue("tea"))]).get()
            #expect(rows.map { $0.text(0, 0) } == ["tea"])
            let prepared = try await rig.text(
                "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'echo%'"
            )
            #expect(prepared == "\(count)")
        }
    }

    @Test func `Statements that differ are never prepared under one name`() {
        let one = PostgresStatement("SELECT 1", name: "get", to: "get")
        let other = PostgresStatement("SELECT 2", name: "get", to: "get")
        #expect(one.name != other.name)
        #expect(one.name == PostgresStatement("SELECT 1", name: "get", to: "read").name)
    }

    @Test func `Requests survive that all connections are ended`() async throws {
        let limits = PostgresLimits(connectionCountMax: 2, requestSeconds: 60)
        let cluster = try cluster()
        let name = "ended_\(UInt32.random(in: .min ... .max))"
        let url = cluster.url() + "&application_name=\(name)"
        try await PoolRig.with(url, limits) { rig in
            _ = try await rig.text("SELECT 1")
            async let slow = rig.text("SELECT 'slow' FROM pg_sleep(1)")
            // As often as a request is sent again: all the connections, and then the one that it is on.
            // Of several that end one after the other it could be on each.
            for condition in ["", "AND query LIKE '%slow%'"] {
                _ = try cluster.run(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = '\(name)' \(condition)
                    """
                )
                let answer = try await rig.text("SELECT 'again'")
                #expect(answer == "again")
            }
            let answer = try await slow
            #expect(answer == "slow")
            #expect(
                rig.events.all.contains { event in
                    if case .failed(let error) = event { return error.isAmbiguous }
                    return false
                }
            )
        }
    }

    @Test func `What is not answered in time is given up, and the next is`() async throws {
        let limits = PostgresLimits(connectionCountMax: 1, requestSeconds: 1)
        try await PoolRig.with(cluster().url(), limits) { rig in
            let error = try #require(await rig.failure("SELECT pg_sleep(3600)"))
            #expect(error.cause == .noAnswer(seconds: 1))
            #expect(error.isAmbiguous)
            let answer = try await rig.text("SELECT 'alive'")
            #expect(answer == "alive")
        }
    }

    @Test func `So many wait for a connection, and one more is refused`() async throws {
        let limits = PostgresLimits(
            connectionCountMax: 1,
            waitingCountMax: 2,
            requestSeconds: 1
        )
        // Nobody listens there, so that they wait for as long as they may.
        try await PoolRig.with("postgres://martlet@127.0.0.1:1/postgres", limits) { rig in
            let answers = await withTaskGroup(of: PostgresError?.self) { group in
                for _ in 0..<3 { group.addTask { await rig.failure("SELECT 1") } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let refused = answers.filter { $0?.cause == .tooManyWaiting(countMax: 2) }
            #expect(refused.count == 1)
            #expect(answers.count { $0 != nil } == 3)
        }
    }

    @Test func `How many wait for a connection can be seen from other threads`() async throws {
        var answers: [Task<PostgresError?, Never>] = []
        var gauge: WaitingGauge?
        let limits = PostgresLimits(connectionCountMax: 1, requestSeconds: 60)
        // Nobody listens there.
        try await PoolRig.with("postgres://martlet@127.0.0.1:1/postgres", limits) { rig in
            answers = (0..<3).map { _ in Task { await rig.failure("SELECT 1") } }
            try await eventually { rig.waiting.count == 3 }
            gauge = rig.waiting
        }
        for answer in answers {
            let error = await answer.value
            #expect(error?.cause == .closed)
        }
        #expect(gauge?.count == 0)
    }

    @Test(arguments: ["ada\0eve", "\0", "\u{10FFFF}", "\u{10FFFF}0\0\u{10FFFF}1", "\u{10FFFE}é"])
    func `Every text comes back as it was sent`(text: String) async throws {
        try await PoolRig.with(cluster().url()) { rig in
            let echo = try await rig.text("SELECT $1::text", PostgresValue(text))
            #expect(Array(echo.utf8) == Array(text.utf8))
            let array = PostgresValue(array: ["", text])
            let element = try await rig.text("SELECT ($1::text[])[2]", array)
            #expect(Array(element.utf8) == Array(text.utf8))
        }
    }

    @Test func `A host is looked up`() async throws {
        try await PoolRig.with(cluster().url(host: "localhost")) { rig in
            let answer = try await rig.text("SELECT 'found'")
            #expect(answer == "found")
        }
    }

    @Test(arguments: [
        ("no-such-host.invalid", "no-such-host.invalid"),
        ("no-such-host.invalid,127.0.0.1", nil),
    ])
    func `A host that is not found is named, unless there is another`(
        hosts: String,
        named: String?
    ) async throws {
        let limits = PostgresLimits(requestSeconds: 2)
        let cluster = try cluster()
        let list = hosts.split(separator: ",").map { "\($0):\(cluster.port)" }
        let url = "postgres://martlet:loopback@\(list.joined(separator: ","))/postgres"
        try await PoolRig.with(url, limits) { rig in
            let error = await rig.failure("SELECT 1")
            #expect((error == nil) == (named == nil))
            if let named {
                let error = try #require(error)
                #expect("\(error)".contains(named))
            }
        }
    }

    @Test(arguments: [
        ("postgres://martlet:hunter2@127.0.0.1:PORT/postgres", "password"),
        ("postgres://martlet:hunter2@127.0.0.1:1/postgres", "refused"),
        ("postgres://martlet:loopback@127.0.0.1:PORT/nowhere", "nowhere"),
        ("postgres://martlet:loopback@127.0.0.1:PORT/postgres?sslmode=require", "SSL"),
    ])
    func `Who cannot get in is told why, and not the password`(
        url: String,
        word: String
    ) async throws {
        let limits = PostgresLimits(requestSeconds: 1)
        let url = url.replacing("PORT", with: "\(try cluster().port)")
        try await PoolRig.with(url, limits) { rig in
            let error = try #require(await rig.failure("SELECT 1"))
            #expect("\(error)".contains(word))
            #expect(!"\(error)".contains("hunter2"))
            #expect(!error.isAmbiguous)
            #expect(error.isTransient)
            // Said once, however often it was tried.
            #expect(rig.events.all.count == 1)
        }
    }

    @Test func `After the end everything is refused`() async throws {
        try await PoolRig.with(cluster().url()) { rig in
            _ = try await rig.text("SELECT 1")
            await rig.close()
            let error = await rig.failure("SELECT 1")
            #expect(error?.cause == .closed)
        }
    }
}
