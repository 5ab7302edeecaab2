import HTTPTransport
import Libuv
import TestSupport
import Testing

@Suite("From the first connection to the last")
struct LifetimeTests {
    @Test func `One connection more than the total is closed at once`() async throws {
        try await withServer {
            $0.connectionCountMax = 3
        } _: { server in
            let clients = try (1...3).map { _ in try server.connect() }
            for client in clients {
                #expect(try client.exchange(request("GET", "/echo")).status == 200)
            }
            #expect(try server.connect().receiveRest() == [])
            #expect(server.connectionCount == 3)
            #expect(try clients[0].exchange(request("GET", "/echo")).status == 200)

            clients[0].socket.close()
            try await eventually { server.connectionCount == 2 }
            let next = try server.connect()
            #expect(try next.exchange(request("GET", "/echo")).status == 200)
            // Kept up to here: a client that is not needed any more is closed.
            for client in clients { client.socket.close() }
        }
    }

    @Test func `One connection more than a peer may have is closed at once`() async throws {
        try await withServer(loopCount: 2) {
            $0.connectionPerPeerCountMax = 2
        } _: { server in
            let clients = try (1...2).map { _ in try server.connect() }
            for client in clients {
                #expect(try client.exchange(request("GET", "/echo")).status == 200)
            }
            #expect(try server.connect().receiveRest() == [])
            clients[1].socket.close()
            try await eventually { server.connectionCount == 1 }
            let next = try server.connect()
            #expect(try next.exchange(request("GET", "/echo")).status == 200)
            for client in clients { client.socket.close() }
        }
    }

    @Test func `Draining closes idle connections, and the port`() async throws {
        try await withServer(loopCount: 2) { server in
            let clients = try (1...10).map { _ in try server.connect() }
            for client in clients.dropLast(5) {
                #expect(try client.exchange(request("GET", "/echo")).status == 200)
            }
            try await eventually { server.connectionCount == 10 }
            async let drained: Void = server.drain(withinSeconds: 60)
            for client in clients {
                #expect(try client.receiveRest() == [])
                client.socket.close()
            }
            await drained
            #expect(server.connectionCount == 0)
            #expect(throws: RawClient.Failure.self) { try RawClient(to: server.address) }
        }
    }

    @Test func `Draining lets requests in flight finish, and says that the connection ends`()
        async throws
    {
        try await withServer { server in
            let idle = try server.connect()
            #expect(try idle.exchange(request("GET", "/echo")).status == 200)
            let waiting = try server.connect()
            try waiting.send(request("GET", "/gate") + request("GET", "/echo"))
            await server.script.gate.wait(forArrivals: 1)
            let halfway = try server.connect()
            try halfway.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe")
            await server.script.journal.wait(for: .head, count: 3)
            let unfinished = try server.connect()
            try unfinished.send("GET /ec")
            try await eventually { server.connectionCount == 4 }
            _ = try idle.exchange(request("GET", "/echo"))

            async let drained: Void = server.drain(withinSeconds: 60)
            #expect(try idle.receiveRest() == [])
            idle.socket.close()
            server.script.gate.open()
            for (client, rest, text) in [
                (waiting, "", "GET /gate "), (halfway, "llo", "POST /echo hello"),
                (unfinished, "ho HTTP/1.1\r\nHost: x\r\n\r\n", "GET /echo "),
            ] {
                let answer = try client.exchange(rest)
                #expect(answer.text == text)
                #expect(answer["connection"] == "close")
                #expect(try client.receiveRest() == [])
                client.socket.close()
            }
            await drained
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `Draining ends a connection whose refused body has been dropped`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let head = "POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
            #expect(try client.exchange(head).status == 403)
            let idle = try server.connect()
            #expect(try idle.exchange(request("GET", "/echo")).status == 200)
            async let drained: Void = server.drain(withinSeconds: 60)
            #expect(try idle.receiveRest() == [])
            try client.send("hello")
            #expect(try client.receiveRest() == [])
            client.socket.close()
            idle.socket.close()
            await drained
        }
    }

    @Test func `Draining cuts off what does not finish in time`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/never"))
            await server.script.journal.wait(for: .body)
            await server.drain(withinSeconds: 1)
            #expect(server.connectionCount == 0)
            #expect(server.script.journal.events == [.head, .body, .serverDrains, .abandoned])
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `Draining twice ends both times`() async throws {
        try await withServer { server in
            let idle = try server.connect()
            #expect(try idle.exchange(request("GET", "/echo")).status == 200)
            let client = try server.connect()
            try client.send(request("GET", "/gate"))
            await server.script.gate.wait(forArrivals: 1)
            async let first: Void = server.drain(withinSeconds: 60)
            async let second: Void = server.drain(withinSeconds: 60)
            #expect(try idle.receiveRest() == [])
            idle.socket.close()
            server.script.gate.open()
            #expect(try client.receiveResponse()["connection"] == "close")
            client.socket.close()
            await first
            await second
            await server.drain(withinSeconds: 60)
        }
    }

    @Test func `2,000 connections come and go and leave nothing behind`() async throws {
        try await withServer(loopCount: 2) { server in
            let port = try #require(server.address.port)
            let before = OpenSockets.count(boundToPort: port)
            for round in 0..<10 {
                let clients = try (0..<200).map { _ in try server.connect() }
                for (index, client) in clients.enumerated() {
                    let path = index % 3 == 0 ? "/later" : index % 3 == 1 ? "/echo" : "/refuse"
                    let answer = try client.exchange(request("POST", path, content: "x"))
                    #expect(answer.status == (path == "/refuse" ? 403 : 200))
                }
                for (index, client) in clients.enumerated() {
                    if (index + round) % 2 == 0 {
                        client.socket.close()
                    } else {
                        client.socket.reset()
                    }
                }
            }
            try await server.waitUntilEmpty()
            try await eventually { OpenSockets.count(boundToPort: port) == before }
        }
    }

    @Test func `A client that disappears while its answer is awaited leaves nothing behind`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/gate"))
            await server.script.gate.wait(forArrivals: 1)
            client.socket.reset()
            await server.script.journal.wait(for: .abandoned)
            try await server.waitUntilEmpty()

            server.script.gate.open()
            await server.script.journal.wait(for: .answered)
            let next = try server.connect()
            #expect(try next.exchange(request("GET", "/echo")).text == "GET /echo ")
            #expect(server.script.journal.count(of: .abandoned) == 1)
        }
    }

    @Test func `A client that closes while its answer is awaited leaves nothing behind`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/gate"))
            await server.script.gate.wait(forArrivals: 1)
            client.socket.close()
            server.script.gate.open()
            await server.script.journal.wait(for: .answered)
            try await server.waitUntilEmpty()
        }
    }
}
