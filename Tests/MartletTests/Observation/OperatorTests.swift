import Martlet
import ProtocolTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("What operators may ask of a server at once, and how long they wait")
struct OperatorTests {
    /// A tool that holds its loop up until the test says so.
    private final class Hang: Sendable {
        private let isOver = Atomic<Bool>(false)

        var features: TestServer.FeatureSet {
            TestServer.FeatureSet { parts in
                ServerFeatures(tools: [
                    Tool(
                        name: "hang",
                        description: "Hangs.",
                        input: ObjectSchema([]),
                        permission: .readTodos
                    ) { _, _ in
                        parts.journal.note("hangs")
                        while !self.isOver.load(ordering: .relaxed) {}
                        return .text("over")
                    }
                ])
            }
        }

        func end() {
            isOver.store(true, ordering: .relaxed)
        }
    }

    /// Runs `body` with a server whose only loop hangs, until the body or the test is over.
    private func withHangingServer(
        tickMilliseconds: UInt64,
        _ body: (TestServer, Hang) async throws -> Void
    ) async throws {
        let hang = Hang()
        defer { hang.end() }
        try await withServer(
            features: hang.features,
            { configuration in
                MetricsTests.listen(&configuration)
                configuration.transport.tickMilliseconds = tickMilliseconds
            }
        ) { server in
            defer { hang.end() }
            let client = try server.connect()
            try client.send(.message(.call("hang"), token: token()))
            await server.journal.wait(for: "hangs")
            try await body(server, hang)
            hang.end()
            #expect(try client.receive().toolText == "over")
        }
    }

    private func connect(_ server: TestServer) throws -> Client {
        try Client(to: try #require(server.server.adminAddresses.first))
    }

    @Test func `A loop that does not answer in five ticks is told as such, each time`()
        async throws
    {
        try await withHangingServer(tickMilliseconds: 20) { server, hang in
            for path in ["/healthz", "/metrics", "/healthz"] {
                let client = try connect(server)
                for _ in 0..<2 {
                    let response = try client.exchange(.get(path))
                    #expect(response.status == 503)
                    #expect(response.text == "an event loop does not answer\n")
                }
            }
            // What no loop has a part in is answered all the while.
            #expect(try connect(server).exchange(.get("/readyz")).status == 200)
            hang.end()
            var isHealthy = false
            while !isHealthy {
                isHealthy = try connect(server).exchange(.get("/healthz")).status == 200
            }
        }
    }

    @Test func `A loop that answers in time is waited for`() async throws {
        try await withHangingServer(tickMilliseconds: 60_000) { server, hang in
            let clients = try (0..<10).map { _ in try connect(server) }
            for (index, client) in clients.enumerated() {
                try client.send(.get(index.isMultiple(of: 2) ? "/healthz" : "/metrics"))
            }
            hang.end()
            for client in clients { #expect(try client.receive().status == 200) }
        }
    }

    @Test func `Sixty-four operators are served, and the next one when one of them has gone`()
        async throws
    {
        try await withServer(MetricsTests.listen) { server in
            let clients = try (1...64).map { _ in try connect(server) }
            for client in clients { #expect(try client.exchange(.get("/readyz")).status == 200) }
            let rest = try connect(server).socket.receive()
            #expect(rest == [])
            #expect(try clients[63].exchange(.get("/readyz")).status == 200)

            clients[0].socket.close()
            // Until the server has seen that, the next one is closed as well.
            var status: Int?
            while status == nil {
                do {
                    status = try connect(server).exchange(.get("/readyz")).status
                } catch {
                    await Task.yield()
                }
            }
            #expect(status == 200)
            for client in clients { client.socket.close() }
        }
    }
}
