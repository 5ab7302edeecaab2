import HTTPTransport
import Libuv
import TestSupport
import Testing

@Suite("How streams end")
struct StreamLifeTests {
    private func begin(_ path: String, on server: TestServer) throws -> HTTPTestClient {
        let client = try server.connect()
        try client.send(request("GET", path))
        try client.receiveChunkedStreamHead()
        return client
    }

    @Test func `A client that has closed its half may end its stream with it`() async throws {
        try await withServer { server in
            let client = try begin("/stream/theirs/begin/gate/one/end", on: server)
            client.socket.finishSending()
            #expect(try client.receiveRest() == [])
            try await server.waitUntilEmpty()
            #expect(server.script.journal.count(of: .abandoned) == 1)
        }
    }

    @Test func `A client that has closed its half may read on to the end of the stream`()
        async throws
    {
        try await withServer { server in
            let client = try begin("/stream/begin/gate/one/turn/two/end", on: server)
            client.socket.finishSending()
            try server.turn()
            #expect(!client.socket.hasInput(withinMilliseconds: 0))
            server.script.gate.open()
            try client.receive("3\r\none\r\n3\r\ntwo\r\n")
            try client.receiveEndOfConnection()
            try await server.waitUntilEmpty()
            #expect(server.script.journal.count(of: .abandoned) == 0)
        }
    }

    @Test func `A stream may begin after its client has closed its half`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/gate/begin/one/end"))
            client.socket.finishSending()
            await server.script.gate.wait(forArrivals: 1)
            try server.turn()
            server.script.gate.open()
            try client.receiveStreamHead("transfer-encoding: chunked", "connection: close")
            try client.receive("3\r\none\r\n")
            try client.receiveEndOfConnection()
            try await server.waitUntilEmpty()
        }
    }

    @Test func `A client that has gone is noticed when nobody takes what is sent`() async throws {
        try await withServer { server in
            let client = try begin("/stream/begin/gate/flood", on: server)
            client.socket.close()
            try server.turn()
            server.script.gate.open()
            await server.script.journal.wait(for: .abandoned)
            try await server.waitUntilEmpty()
            #expect(server.script.journal.count(of: .abandoned) == 1)
        }
    }

    @Test func `A stream that its client resets is abandoned once`() async throws {
        try await withServer { server in
            let client = try begin("/stream/begin/one/gate/two/end", on: server)
            client.socket.reset()
            await server.script.journal.wait(for: .abandoned)
            try await server.waitUntilEmpty()
            server.script.gate.open()
            try server.turn()
            #expect(server.script.journal.count(of: .abandoned) == 1)
        }
    }

    /// A stream whose client has closed its half and then reset the connection, of which the server
    /// knows only the first: it reads no more.
    private func beginUnknownToBeReset(_ path: String, on server: TestServer) throws {
        let client = try begin(path, on: server)
        client.socket.finishSending()
        try server.turn()
        client.socket.reset()
    }

    @Test func `A stream whose failure is met while it is written to is abandoned once`()
        async throws
    {
        try await withServer { server in
            try beginUnknownToBeReset("/stream/begin/gate/one/two", on: server)
            try await eventually { server.connectionCount == 1 }
            server.script.gate.open()
            await server.script.journal.wait(for: .abandoned)
            try await server.waitUntilEmpty()
            #expect(server.script.journal.count(of: .abandoned) == 1)
        }
    }

    @Test(arguments: ["one/two/end", "end"])
    func `A stream that has ended is not abandoned, though what it said was not sent`(
        rest: String
    ) async throws {
        try await withServer { server in
            try beginUnknownToBeReset("/stream/begin/gate/\(rest)", on: server)
            try await eventually { server.connectionCount == 1 }
            server.script.gate.open()
            try await server.waitUntilEmpty()
            #expect(server.script.journal.count(of: .abandoned) == 0)
        }
    }

    @Test func `1,000 streams that are reset leave nothing behind`() async throws {
        try await withServer(loopCount: 2) {
            $0.streamKeepAliveSeconds = 3
        } _: { server in
            let port = try #require(server.address.port)
            let before = OpenSockets.count(boundToPort: port)
            for round in 0..<10 {
                let paths = ["/stream/begin/one", "/early/begin", "/put-off/turn/begin/gate/one"]
                let clients = try (0..<100).map { try begin(paths[$0 % 3], on: server) }
                // A client that has closed its half is only found out by writing to it.
                for (index, client) in clients.enumerated() {
                    if (index + round) % 2 == 0 { client.socket.finishSending() }
                    client.socket.reset()
                }
                server.script.gate.open()
            }
            try await server.waitUntilEmpty()
            try await eventually { OpenSockets.count(boundToPort: port) == before }
            #expect(server.script.journal.count(of: .abandoned) == 1_000)
        }
    }
}

@Suite("Streams of a server that drains")
struct StreamDrainTests {
    @Test func `A handler is told, and ends what would not end`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/begin/one") + request("GET", "/echo"))
            try client.receiveChunkedStreamHead()
            try client.receive("3\r\none\r\n")
            async let drained: Void = server.drain(withinSeconds: 60)
            try client.receive("3\r\nbye\r\n")
            try client.receiveEndOfConnection()
            client.socket.close()
            await drained
            #expect(server.connectionCount == 0)
            #expect(server.script.journal.events == [.head, .body, .begun, .serverDrains])
        }
    }

    @Test func `A stream that ends by itself is let finish, and its connection ends then`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/begin/forever/gate/two/end"))
            try client.receiveChunkedStreamHead()
            async let drained: Void = server.drain(withinSeconds: 60)
            await server.script.journal.wait(for: .serverDrains)
            server.script.gate.open()
            try client.receive("3\r\ntwo\r\n")
            try client.receiveEndOfConnection()
            client.socket.close()
            await drained
            #expect(server.script.journal.count(of: .abandoned) == 0)
        }
    }

    @Test func `A stream that begins while the server drains is told as well`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/gate/begin/one"))
            await server.script.gate.wait(forArrivals: 1)
            async let drained: Void = server.drain(withinSeconds: 60)
            await server.script.journal.wait(for: .serverDrains)
            server.script.gate.open()
            try client.receiveStreamHead("transfer-encoding: chunked", "connection: close")
            try client.receive("3\r\none\r\n3\r\nbye\r\n")
            try client.receiveEndOfConnection()
            client.socket.close()
            await drained
            #expect(server.script.journal.count(of: .serverDrains) == 2)
        }
    }

    @Test func `A stream that does not end in time is cut off and abandoned`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/begin/forever/one"))
            try client.receiveChunkedStreamHead()
            await server.drain(withinSeconds: 1)
            #expect(server.connectionCount == 0)
            #expect(
                server.script.journal.events == [.head, .body, .begun, .serverDrains, .abandoned]
            )
            #expect(try client.receiveRest() == Array("3\r\none\r\n".utf8))
        }
    }
}
