import HTTPTransport
import Libuv
import TestSupport
import Testing

@Suite("Before a drain begins")
struct DrainDelayTests {
    @Test func `Answers end their connections, and new connections are served`() async throws {
        try await withServer(loopCount: 2) { server in
            let idle = try server.connect()
            #expect(try idle.exchange(request("GET", "/echo"))["connection"] == nil)
            let waiting = try server.connect()
            try waiting.send(request("GET", "/gate"))
            await server.script.gate.wait(forArrivals: 1)

            // Without a delay this returns when every loop knows.
            await server.announceDrain(forSeconds: 0)
            let newcomer = try server.connect()
            for client in [newcomer, idle] {
                let answer = try client.exchange(request("GET", "/echo"))
                #expect(answer.text == "GET /echo ")
                #expect(answer["connection"] == "close")
                #expect(try client.receiveRest() == [])
                client.socket.close()
            }
            server.script.gate.open()
            #expect(try waiting.receiveResponse()["connection"] == "close")
            waiting.socket.close()
        }
    }

    @Test func `Idle connections stay open until the delay has passed`() async throws {
        try await withServer { server in
            let idle = try server.connect()
            #expect(try idle.exchange(request("GET", "/echo")).status == 200)
            await server.announceDrain(forSeconds: 0)
            #expect(!idle.socket.hasInput(withinMilliseconds: 100))
            async let drained: Void = server.drain(withinSeconds: 60)
            #expect(try idle.receiveRest() == [])
            idle.socket.close()
            await drained
        }
    }

    @Test func `A connection that has just been opened may still send its first request`()
        async throws
    {
        try await withServer {
            $0.newcomerSeconds = 1_000_000
        } _: { server in
            let newcomer = try server.connect()
            try await eventually { server.connectionCount == 1 }
            async let drained: Void = server.drain(withinSeconds: 60)
            try await eventually { (try? RawClient(to: server.address)) == nil }
            let answer = try newcomer.exchange(request("GET", "/echo"))
            #expect(answer.text == "GET /echo ")
            #expect(answer["connection"] == "close")
            newcomer.socket.close()
            await drained
        }
    }

    @Test func `A connection on which nothing has ever come is closed soon`() async throws {
        try await withServer {
            $0.newcomerSeconds = 2
        } _: { server in
            let silent = try server.connect()
            try await eventually { server.connectionCount == 1 }
            async let drained: Void = server.drain(withinSeconds: 60)
            #expect(try silent.receiveRest() == [])
            silent.socket.close()
            await drained
        }
    }

    @Test func `The delay is over at once when it has to be`() async throws {
        try await withServer(loopCount: 2) { server in
            async let announced: Void = server.announceDrain(forSeconds: 3_600)
            let client = try server.connect()
            try await eventually {
                (try? client.exchange(request("GET", "/echo")))?["connection"] == "close"
            }
            await server.endAtOnce()
            await announced
        }
    }

    @Test func `A drain that has to end at once closes what has no answer`() async throws {
        try await withServer(loopCount: 2) { server in
            let client = try server.connect()
            try client.send(request("GET", "/never"))
            await server.script.journal.wait(for: .body)
            async let drained: Void = server.drain(withinSeconds: 3_600)
            await server.script.journal.wait(for: .serverDrains)
            await server.endAtOnce()
            await drained
            #expect(server.connectionCount == 0)
            #expect(try client.receiveRest() == [])
            // What begins to drain afterwards does not wait either.
            await server.announceDrain(forSeconds: 3_600)
            await server.drain(withinSeconds: 3_600)
        }
    }
}
