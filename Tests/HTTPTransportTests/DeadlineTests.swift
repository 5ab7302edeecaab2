import HTTPTransport
import TestSupport
import Testing

@Suite("Deadlines")
struct DeadlineTests {
    @Test func `A client that says nothing is disconnected`() async throws {
        try await withServer {
            $0.idleSeconds = 3
        } _: { server in
            let client = try server.connect()
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A client that asks nothing more is disconnected`() async throws {
        try await withServer {
            $0.idleSeconds = 3
        } _: { server in
            let client = try server.connect()
            #expect(try client.exchange(request("GET", "/later")).status == 200)
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A disconnected client that does not close its end is not waited for`()
        async throws
    {
        try await withServer {
            $0.idleSeconds = 3
            $0.lingerSeconds = 1
        } _: { server in
            let client = try server.connect()
            #expect(try client.exchange(request("GET", "/echo")).status == 200)
            try await server.waitUntilEmpty()
            client.socket.close()
        }
    }

    @Test func `A head that comes byte by byte is answered with 408`() async throws {
        try await withServer {
            $0.headSeconds = 5
        } _: { server in
            let client = try server.connect()
            try client.send("GET /echo HTTP/1.1\r\nX: ")
            // One byte a millisecond would take a quarter of a minute to reach the limit of size.
            while !client.socket.hasInput(withinMilliseconds: 1) { try client.send("x") }
            let answer = try client.receiveResponse()
            #expect(answer.status == 408)
            #expect(answer["connection"] == "close")
            #expect(try client.receiveRest() == [])
            #expect(server.script.journal.events == [])
        }
    }

    @Test func `A head behind an answered request has the same time`() async throws {
        try await withServer {
            $0.headSeconds = 5
        } _: { server in
            let client = try server.connect()
            try client.send(request("GET", "/later") + "GET /echo")
            #expect(try client.receiveResponse().status == 200)
            #expect(try client.receiveResponse().status == 408)
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A body that comes byte by byte is answered with 408`() async throws {
        try await withServer {
            $0.bodySeconds = 5
        } _: { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
            while !client.socket.hasInput(withinMilliseconds: 1) { try client.send("x") }
            let answer = try client.receiveResponse()
            #expect(answer.status == 408)
            #expect(answer["connection"] == "close")
            #expect(try client.receiveRest() == [])
            #expect(server.script.journal.events == [.head])
        }
    }

    @Test func `A refused body that does not come ends the connection`() async throws {
        try await withServer {
            $0.lingerSeconds = 2
        } _: { server in
            let client = try server.connect()
            let head = "POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
            let refusal = try client.exchange(head)
            #expect(refusal.status == 403)
            #expect(refusal["connection"] == nil)
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `An overdue answer is replaced, and the late one reaches nobody`() async throws {
        try await withServer {
            $0.responseSeconds = 3
        } _: { server in
            let client = try server.connect()
            let overdue = try client.exchange(request("POST", "/gate", content: "first"))
            #expect(overdue.status == 504)
            #expect(overdue["connection"] == nil)
            #expect(server.script.journal.events == [.head, .body, .deadline])

            // The late answer comes while the next request is being received.
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nsec")
            await server.script.journal.wait(for: .head, count: 2)
            server.script.gate.open()
            await server.script.journal.wait(for: .answered)
            #expect(try client.exchange("ond").text == "POST /echo second")
            #expect(try client.exchange(request("GET", "/last")).text == "GET /last ")
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A handler without an answer to give loses the connection`() async throws {
        try await withServer {
            $0.responseSeconds = 3
        } _: { server in
            let client = try server.connect()
            try client.send(request("GET", "/never"))
            #expect(try client.receiveRest() == [])
            await server.script.journal.wait(for: .abandoned)
            #expect(server.script.journal.events == [.head, .body, .deadline, .abandoned])
        }
    }

    @Test func `A client that does not read its answer is cut off`() async throws {
        try await withServer {
            $0.writeStallSeconds = 3
        } _: { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send(request("GET", "/large"))
            await server.script.journal.wait(for: .body)
            try await server.waitUntilEmpty()
            try await server.waitUntilSent()
            #expect(await server.sendQueues().stalledCount == 1)
            client.socket.close()
        }
    }

    @Test func `A client that does not read gains no time by asking more`() async throws {
        try await withServer {
            $0.writeStallSeconds = 10
            $0.sendQueueHighWaterMark = 1_000_000_000
        } _: { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send(request("GET", "/large"))
            let more = Array(request("GET", "/echo").utf8)
            var askedCount = 1
            // One request at a time, each once the one before it has been read.
            try await eventually {
                do {
                    if server.script.journal.count(of: .head) == askedCount,
                        try client.socket.sendWithoutWaiting(more[...]) > 0
                    {
                        askedCount += 1
                    }
                } catch {
                    return true
                }
                return askedCount > 1 && server.connectionCount == 0
            }
            #expect(askedCount > 1)
            try await server.waitUntilEmpty()
            client.socket.close()
        }
    }

    @Test func `A last answer is sent to its end, however short the lingering`() async throws {
        try await withServer {
            $0.lingerSeconds = 1
            $0.idleSeconds = 20
        } _: { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            await server.script.journal.wait(for: .body)
            // Another connection's idleness measures twenty ticks.
            let clock = try server.connect()
            #expect(try clock.receiveRest() == [])
            #expect(try client.receiveResponse().content.count == EchoHandler.largeByteCount)
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `Limits of any size are honoured`() async throws {
        try await withServer {
            $0.headSeconds = .max
            $0.idleSeconds = .max
            $0.responseSeconds = .max
            $0.lingerSeconds = 1
        } _: { server in
            let client = try server.connect()
            try client.send(request("GET", "/gate"))
            await server.script.gate.wait(forArrivals: 1)
            let other = try server.connect()
            try other.send("GET /ec")
            // A refused body that does not come measures a tick or two.
            let clock = try server.connect()
            try clock.send("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
            #expect(try clock.receiveResponse().status == 403)
            #expect(try clock.receiveRest() == [])
            server.script.gate.open()
            #expect(try client.receiveResponse().text == "GET /gate ")
            #expect(try other.exchange("ho HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
        }
    }
}
