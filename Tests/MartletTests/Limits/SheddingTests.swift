import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Limit on calls that run at once")
struct SheddingTests {
    @Test func `As many calls run as may, and the next is refused at once and without running`()
        async throws
    {
        try await withServer(loopCount: 2, { $0.callCountMax = 3 }) { server in
            let token = try token()
            let running = try (0..<3).map { _ in try server.connect() }
            for client in running { try client.send(.message(.call("wait"), token: token)) }
            await server.gate.wait(forArrivals: 3)

            let refused = try server.exchange(.call("write"), token: token)
            #expect(refused.status == 503)
            #expect(refused["Retry-After"] == "1")
            #expect(server.journal.count(of: "written") == 0)
            let legacy = Message.legacy("tools/call", params: #""name":"write""#)
            #expect(try server.exchange(legacy, token: token).status == 503)
            // What runs nothing is served.
            #expect(try server.exchange(.modern("tools/list"), token: token).status == 200)

            server.gate.open()
            for client in running { #expect(try client.receive().status == 200) }
            #expect(try server.exchange(.call("write"), token: token).status == 200)
        }
    }

    @Test func `A call that its client has left makes room once its tool has ended`() async throws {
        try await withServer({ $0.callCountMax = 1 }) { server in
            let token = try token()
            let client = try server.connect()
            try client.send(.message(.call("wait"), token: token))
            await server.gate.wait(forArrivals: 1)
            #expect(try server.exchange(.call("write"), token: token).status == 503)
            client.socket.close()
            await server.journal.wait(for: "cancelled")
            #expect(try server.exchange(.call("write"), token: token).status == 503)
            server.gate.open()
            await server.journal.wait(for: "finished")
            try await eventually {
                (try? server.exchange(.call("write"), token: token).status) == 200
            }
        }
    }
}
