import Libuv
import PostgresClient
import Synchronization
import TestSupport
import Testing
import TodosPostgres

@Suite("What processes tell each other of sessions", .needsPostgreSQL)
struct SessionRowTests {
    private func row(_ content: String, topic: String? = "log-level") -> SessionRow {
        SessionRow(session: "s", topic: topic, content: content, expiresAt: Int64(Int32.max))
    }

    /// What a process that starts now is told, be it twice: its listening may begin just then, and what
    /// others have said a moment ago is told for that reason too.
    private func kept(by replica: Replica) async throws -> Set<String> {
        let rows = Mutex<[SessionRow]>([])
        try await replica.store.followSessions { row in rows.withLock { $0.append(row) } }
        return Set(rows.withLock { $0.map(\.content) })
    }

    @Test func `A later row takes the place of one about the same topic`() async throws {
        try await Replica.with(2, at: PostgresCluster.emptySchema()) { replicas in
            for number in 1...5 {
                try await replicas[number % 2].store.putSession(row("\(number)"))
            }
            try await replicas[0].store.putSession(row("other", topic: "end"))
            try await replicas[1].store.putSession(row("once", topic: nil))
            let kept = try await kept(by: replicas[1])
            #expect(kept == ["5", "other"])
        }
    }

    @Test(arguments: [nil, "before"])
    func `A write whose answer is lost is sent again and replaces nothing newer`(
        before: String?
    ) async throws {
        let cluster = try PostgresCluster.shared.get()
        let proxy = try CuttingProxy(to: cluster.port)
        defer { proxy.close() }
        let schema = try cluster.makeSchema()
        try await Replica.with(1, at: cluster.url(schema: schema, port: proxy.port)) { cut in
            try await Replica.with(1, at: cluster.url(schema: schema)) { others in
                let (slow, other) = (cut[0], others[0])
                if let before { try await other.store.putSession(row(before)) }
                proxy.hold()
                proxy.lose(.answer, at: [0] + Array("session_put_".utf8))
                let putting = Task { try await slow.store.putSession(row("old")) }
                try await eventually { proxy.lostAnswerCount == 1 }
                // It is there by now, and its writer does not know.
                try await other.store.putSession(row("new"))
                proxy.release()
                try await putting.value
                #expect(proxy.cutCount == 1)
                let kept = try await kept(by: other)
                #expect(kept == ["new"])
            }
        }
    }

    @Test(arguments: [CuttingProxy.Loss.request, .answer])
    func `A write that is sent again is done`(loss: CuttingProxy.Loss) async throws {
        let cluster = try PostgresCluster.shared.get()
        let proxy = try CuttingProxy(to: cluster.port)
        defer { proxy.close() }
        let url = try cluster.url(schema: cluster.makeSchema(), port: proxy.port)
        try await Replica.with(1, at: url) { replicas in
            try await replicas[0].store.putSession(row("before"))
            proxy.lose(loss, at: [0] + Array("session_put_".utf8))
            try await replicas[0].store.putSession(row("after"))
            #expect(proxy.cutCount == 1)
            let kept = try await kept(by: replicas[0])
            #expect(kept == ["after"])
        }
    }
}
