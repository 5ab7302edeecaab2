import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("How a server is stopped")
struct StopTests {
    @Test func `It is not ready first, and serves on until the delay has passed`() async throws {
        try await withServer({ $0.drainDelaySeconds = 1 }) { server in
            let idle = try server.connect()
            #expect(try idle.exchange(.get("/readyz")).status == 200)
            async let stopped: Void = server.server.stop()
            try await eventually {
                (try? server.exchange(.get("/readyz")))?.status == 503
            }
            let list = Request.message(.modern("tools/list"), token: try token())
            let probe = try server.exchange(.get("/healthz"))
            #expect(probe.status == 200)
            #expect(probe["Connection"] == "close")
            for client in [try server.connect(), idle] {
                let answer = try client.exchange(list)
                #expect(answer.status == 200)
                #expect(answer["Connection"] == "close")
                #expect(try client.socket.receiveAll() == [])
            }
            await stopped
            #expect(throws: RawClient.Failure.self) { try server.connect() }
        }
    }
}
