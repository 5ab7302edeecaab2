import HTTPTransport
import TestSupport
import Testing

@Suite("Decisions that a handler puts off (RFC 9110 §10.1.1)")
struct DecisionTests {
    private static let head = "POST /decide HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"

    private static func chunked(_ path: String, _ content: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + content.map { "1\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
    }

    /// Has the loop go round, so that it has read whatever was sent before.
    private func turn(_ server: TestServer) throws {
        let other = try server.connect()
        #expect(try other.exchange(request("GET", "/echo")).status == 200)
    }

    @Test func `100 (Continue) is sent when the body is wanted, and not before`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(Self.head + "Expect: 100-continue\r\n\r\n")
            await server.script.gate.wait(forArrivals: 1)
            try turn(server)
            #expect(!client.socket.hasInput(withinMilliseconds: 0))
            server.script.gate.open()
            #expect(try client.receiveResponse().status == 100)
            #expect(try client.exchange("hello").text == "POST /decide hello")
        }
    }

    @Test func `A client that expects 100 and is refused late gets the refusal alone`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            let head = Self.head.replacing("/decide", with: "/decline")
            try client.send(head + "Expect: 100-continue\r\n\r\n")
            await server.script.gate.wait(forArrivals: 1)
            server.script.gate.open()
            let refusal = try client.receiveResponse()
            #expect(refusal.status == 403)
            #expect(refusal["connection"] == "close")
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A request waits wherever the network splits it, and is answered the same`()
        async throws
    {
        try await withServer { server in
            // Decided a turn after the head.
            server.script.gate.open()
            for wire in [
                request("POST", "/decide", content: "hello"), Self.chunked("/decide", "hello"),
            ] {
                let client = try server.connect()
                for split in 1..<wire.utf8.count {
                    try client.send(Array(wire.utf8.prefix(split)))
                    try turn(server)
                    try client.send(Array(wire.utf8.dropFirst(split)))
                    let answer = try client.receiveResponse()
                    #expect(answer.text == "POST /decide hello", "split at byte \(split)")
                }
            }
        }
    }

    @Test func `A body that came during the wait is read, in however many pieces`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(Self.head + "\r\nhe")
            await server.script.gate.wait(forArrivals: 1)
            for piece in ["l", "l"] {
                try turn(server)
                try client.send(piece)
            }
            try turn(server)
            #expect(server.script.journal.count(of: .body) == 3)
            server.script.gate.open()
            await server.script.journal.wait(for: .decided)
            #expect(try client.exchange("o").text == "POST /decide hello")
        }
    }

    @Test func `Requests behind one that waits are looked at after its answer, in order`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(
                request("POST", "/decide", content: "one") + request("POST", "/decline")
                    + request("GET", "/decide") + Self.chunked("/decline", "two")
                    + request("GET", "/echo")
            )
            await server.script.gate.wait(forArrivals: 1)
            try turn(server)
            #expect(server.script.journal.count(of: .head) == 2)
            server.script.gate.open()
            #expect(try client.receiveResponse().text == "POST /decide one")
            #expect(try client.receiveResponse().status == 403)
            #expect(try client.receiveResponse().text == "GET /decide ")
            #expect(try client.receiveResponse().status == 403)
            #expect(try client.receiveResponse().text == "GET /echo ")
            #expect(server.script.journal.count(of: .head) == 6)
        }
    }

    @Test func `A refused body that comes after its refusal is dropped`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(
                Self.head.replacing("/decide", with: "/decline") + "\r\nhe"
            )
            await server.script.gate.wait(forArrivals: 1)
            server.script.gate.open()
            let refusal = try client.receiveResponse()
            #expect(refusal.status == 403)
            #expect(refusal["connection"] == nil)
            #expect(try client.exchange("llo" + request("GET", "/echo")).text == "GET /echo ")
        }
    }

    @Test func `A body too long to drop ends the connection with its late refusal`()
        async throws
    {
        try await withServer {
            $0.discardedByteCountMax = 4
        } _: { server in
            let client = try server.connect()
            try client.send(request("POST", "/decline", content: "hello"))
            await server.script.gate.wait(forArrivals: 1)
            server.script.gate.open()
            let refusal = try client.receiveResponse()
            #expect(refusal.status == 403)
            #expect(refusal["connection"] == "close")
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A body above the limit is answered with 413 once it would be read`() async throws {
        try await withServer {
            $0.bodyByteCountMax = 4
        } _: { server in
            server.script.gate.open()
            for wire in [
                request("POST", "/decide", content: "hello"),
                Self.head + "Expect: 100-continue\r\n\r\n", Self.chunked("/decide", "hello"),
            ] {
                let client = try server.connect()
                #expect(try client.exchange(wire).status == 413)
                #expect(try client.receiveRest() == [])
            }
            #expect(server.script.journal.count(of: .body) == 0)
        }
    }

    @Test func `While a decision is awaited the server stops reading, and loses nothing`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect(bufferByteCount: 4_096)
            let content = String(repeating: "x", count: 900_000)
            try client.send("POST /decide HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")
            await server.script.gate.wait(forArrivals: 1)
            let body = Array((content + request("GET", "/echo")).utf8)
            var sentCount = 0
            while client.socket.canSend(withinMilliseconds: 50), sentCount < body.count {
                sentCount += try client.socket.sendWithoutWaiting(
                    body[sentCount...].prefix(65_536)
                )
            }
            #expect(sentCount < body.count)
            server.script.gate.open()
            try client.send(Array(body[sentCount...]))
            #expect(try client.receiveResponse().text == "POST /decide \(content)")
            #expect(try client.receiveResponse().text == "GET /echo ")
        }
    }

    @Test func `A client that disappears while a decision is awaited leaves nothing behind`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("POST", "/decide", content: "hello"))
            await server.script.gate.wait(forArrivals: 1)
            client.socket.reset()
            await server.script.journal.wait(for: .abandoned)
            try await server.waitUntilEmpty()

            server.script.gate.open()
            await server.script.journal.wait(for: .decided)
            try turn(server)
            #expect(server.script.journal.count(of: .abandoned) == 1)
        }
    }

    @Test func `A client that has closed its half is answered once the decision is there`()
        async throws
    {
        try await withServer { server in
            for path in ["/decide", "/decline"] {
                let client = try server.connect()
                try client.send(request("POST", path, content: "hello"))
                client.socket.finishSending()
                await server.script.gate.wait(forArrivals: 1)
                server.script.gate.open()
                let answer = try client.receiveResponse()
                #expect(answer.text == (path == "/decide" ? "POST /decide hello" : "refused"))
                #expect(try client.receiveRest() == [])
                client.socket.close()
            }
            try await server.waitUntilEmpty()
        }
    }

    @Test func `A client that has closed its half before its body was complete is let go`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(Self.head + "\r\nhe")
            await server.script.gate.wait(forArrivals: 1)
            client.socket.finishSending()
            try turn(server)
            #expect(!client.socket.hasInput(withinMilliseconds: 0))
            server.script.gate.open()
            #expect(try client.receiveRest() == [])
            await server.script.journal.wait(for: .decided)
            #expect(server.script.journal.count(of: .body) == 1)
        }
    }

    @Test func `An overdue decision is replaced, and the late one changes nothing`() async throws {
        try await withServer {
            $0.decisionSeconds = 3
        } _: { server in
            let client = try server.connect()
            let overdue = try client.exchange(request("POST", "/decide", content: "first"))
            #expect(overdue.status == 503)
            #expect(overdue["connection"] == nil)
            #expect(server.script.journal.events == [.head, .deadline])

            // The late decision comes while the next request waits for one as well.
            try client.send(request("POST", "/undecided", content: "x"))
            await server.script.journal.wait(for: .head, count: 2)
            server.script.gate.open()
            await server.script.journal.wait(for: .decided)
            #expect(try client.receiveRest() == [])
            await server.script.journal.wait(for: .abandoned)
            // Had it been taken for the second request's, that would have been answered.
            #expect(
                server.script.journal.events.filter { $0 != .decided }
                    == [.head, .deadline, .head, .deadline, .abandoned]
            )
        }
    }

    @Test func `The time for the body begins with the decision`() async throws {
        try await withServer {
            $0.decisionSeconds = 1_000_000
            $0.bodySeconds = 5
            $0.idleSeconds = 20
        } _: { server in
            let client = try server.connect()
            try client.send(Self.head + "\r\n")
            await server.script.gate.wait(forArrivals: 1)
            // Another connection's idleness measures twenty ticks.
            let clock = try server.connect()
            #expect(try clock.receiveRest() == [])
            #expect(!client.socket.hasInput(withinMilliseconds: 0))
            server.script.gate.open()
            #expect(try client.receiveResponse().status == 408)
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `Draining lets a request that waits be decided and answered`() async throws {
        try await withServer { server in
            let idle = try server.connect()
            #expect(try idle.exchange(request("GET", "/echo")).status == 200)
            let clients = [try server.connect(), try server.connect()]
            try clients[0].send(request("POST", "/decide", content: "hello"))
            try clients[1].send(request("POST", "/decline", content: "hello"))
            await server.script.gate.wait(forArrivals: 2)
            async let drained: Void = server.drain(withinSeconds: 60)
            #expect(try idle.receiveRest() == [])
            idle.socket.close()
            server.script.gate.open()
            for (client, text) in zip(clients, ["POST /decide hello", "refused"]) {
                let answer = try client.receiveResponse()
                #expect(answer.text == text)
                #expect(answer["connection"] == "close")
                #expect(try client.receiveRest() == [])
                client.socket.close()
            }
            await drained
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `Draining cuts off what is not decided in time`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("POST", "/undecided", content: "hello"))
            await server.script.journal.wait(for: .head)
            await server.drain(withinSeconds: 1)
            #expect(server.connectionCount == 0)
            #expect(server.script.journal.events == [.head, .serverDrains, .abandoned])
            #expect(try client.receiveRest() == [])
        }
    }
}
