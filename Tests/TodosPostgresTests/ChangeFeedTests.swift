import PostgresClient
import TestSupport
import Testing
import Todos
import TodosPostgres

@Suite("What other processes change", .needsPostgreSQL)
struct ChangeFeedTests {
    typealias Source = PostgresTodoStore.Configuration.ChangeSource

    private func withReplicas(
        _ source: Source,
        named name: String? = nil,
        _ body: (Replica, Replica) async throws -> Void
    ) async throws {
        var url = try PostgresCluster.emptySchema()
        if let name { url += "&application_name=\(name)" }
        try await Replica.with(2, at: url) {
            $0.changes = source
        } _: { replicas in
            try await body(replicas[0], replicas[1])
        }
    }

    /// Two replicas, the second of which listens through a proxy.
    private func withReplica(
        _ schema: String,
        listeningThrough proxy: CuttingProxy,
        _ body: (Replica, Replica) async throws -> Void
    ) async throws {
        let cluster = try PostgresCluster.shared.get()
        let url = cluster.url(schema: schema)
        let listenURL = try PostgresURL(cluster.url(schema: schema, port: proxy.port))
        try await Replica.with(1, at: url) { ones in
            try await Replica.with(1, at: url) {
                $0.changes = .listening
                $0.listenURL = listenURL
            } _: { others in
                try await body(ones[0], others[0])
            }
        }
    }

    /// What was heard of a workspace, taken together.
    private func sum(
        _ heard: [TodoChange],
        in workspace: String = "home"
    ) -> (ids: Set<Int64>, lists: TodoChange.Lists) {
        heard.filter { $0.workspace == workspace }.reduce(into: ([], [])) { sum, change in
            sum.ids.formUnion(change.ids)
            sum.lists.formUnion(change.lists)
        }
    }

    @Test(arguments: [Source.listening, .polling])
    func `Every change is heard by the others, once, and not by oneself`(
        source: Source
    ) async throws {
        try await withReplicas(source) { one, other in
            _ = try await one.write(.addAll(titles: (1...5).map { try TodoTitle("\($0)") }))
            try await eventually { sum(other.heard.all).ids == [1, 2, 3, 4, 5] }
            #expect(sum(other.heard.all).lists == .open)

            _ = try await other.write(.complete(id: 2))
            _ = try await other.write(.complete(id: 4))
            try await eventually { sum(one.heard.all).ids == [2, 4] }
            #expect(sum(one.heard.all).lists == [.open, .completed])

            let consent = TodoClearing(.count(2))
            _ = try await one.write(.deleteCompleted(consent), in: "home")
            try await eventually { sum(other.heard.all).lists.contains(.completed) }
            _ = try await one.add("elsewhere", in: "office")
            try await eventually { sum(other.heard.all, in: "office").ids == [1] }

            // Looks that come later tell nothing again.
            _ = try await one.write(.delete(id: 1))
            try await eventually { other.heard.all.count == 4 }
            _ = try await one.write(.delete(id: 3))
            try await eventually { other.heard.all.count >= 5 }
            #expect(other.heard.all.count == 5)
            #expect(sum(one.heard.all).ids == [2, 4])
        }
    }

    @Test(arguments: [Source.listening, .polling])
    func `What changes nothing is not heard`(source: Source) async throws {
        try await withReplicas(source) { one, other in
            _ = try await one.add("x", key: "k")
            _ = try await one.add("x", key: "k")
            _ = try await one.write(.delete(id: 7))
            _ = try await one.write(.complete(id: 1))
            _ = try await one.write(.complete(id: 1))
            // What one look finds is told newest first: once another has come, all of it was told.
            for count in 1...2 {
                _ = try await one.add("last", in: "office")
                try await eventually { sum(other.heard.all, in: "office").ids.count == count }
            }
            // Those of one transaction may come as one.
            #expect((1...2).contains(other.heard.all.count { $0.workspace == "home" }))
            #expect(sum(other.heard.all).ids == [1])
        }
    }

    @Test func `What was changed while nobody could listen is heard afterwards`() async throws {
        // The servers of other tests use the same cluster, and go on listening.
        let name = "deaf_\(UInt32.random(in: .min ... .max))"
        try await withReplicas(.listening, named: name) { one, other in
            _ = try await one.add("first")
            try await eventually { sum(other.heard.all).ids == [1] }
            // Ends the one that listens, and writes before it can have come back.
            _ = try PostgresCluster.shared.get().run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE query LIKE 'LISTEN%' AND application_name = '\(name)'
                """
            )
            _ = try await one.add("second")
            try await eventually { sum(other.heard.all).ids == [1, 2] }
        }
    }

    @Test func `What was changed before anybody listened is heard, once`() async throws {
        let cluster = try PostgresCluster.shared.get()
        let schema = try cluster.makeSchema()
        let proxy = try CuttingProxy(to: cluster.port)
        defer { proxy.close() }
        // The server listens, and this process does not know, nor hears anything.
        proxy.hold()
        proxy.lose(.answer, at: Array("LISTEN".utf8))
        try await withReplica(schema, listeningThrough: proxy) { one, other in
            try await eventually { proxy.lostAnswerCount == 1 }
            for number in 1...3 { _ = try await one.add("\(number)") }
            #expect(other.heard.all.isEmpty)
            proxy.release()
            try await eventually { sum(other.heard.all).ids == [1, 2, 3] }
            _ = try await one.add("last", in: "office")
            try await eventually { sum(other.heard.all, in: "office").ids == [1] }
            #expect(
                other.heard.all.filter { $0.workspace == "home" }.map(\.ids).joined().count == 3
            )
        }
    }

    @Test func `A long list of ids is told whole`() async throws {
        try await withReplicas(.listening) { one, other in
            let titles = try (1...1_000).map { try TodoTitle("\($0)") }
            for _ in 0..<3 { _ = try await one.write(.addAll(titles: titles)) }
            try await eventually { sum(other.heard.all).ids.count == 3_000 }
            for id in stride(from: Int64(2), through: 3_000, by: 2) {
                async let one = one.write(.complete(id: id))
                _ = try await one
            }
            try await eventually { sum(other.heard.all).lists == [.open, .completed] }
        }
    }
}
