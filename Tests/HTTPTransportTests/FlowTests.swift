import HTTPTransport
import TestSupport
import Testing

@Suite("Backpressure")
struct FlowTests {
    @Test func `Answers above the high-water mark are all sent, one way or the other`()
        async throws
    {
        // The kernel takes them at once, so that nothing but the server itself can go on.
        try await withServer {
            $0.sendQueueHighWaterMark = 300
        } _: { server in
            let client = try server.connect()
            let requests = (0..<200).map { request("POST", "/echo", content: "number \($0)") }
            try client.send(requests.joined())
            for number in 0..<200 {
                #expect(try client.receiveResponse().text == "POST /echo number \(number)")
            }
            #expect(try client.exchange(request("GET", "/last")).status == 200)
        }
    }

    @Test func `A large answer reaches a slow reader whole, and the requests behind it follow`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send(
                request("GET", "/large") + request("GET", "/echo") + request("GET", "/later")
            )
            #expect(try client.receiveResponse().content.count == EchoHandler.largeByteCount)
            #expect(try client.receiveResponse().text == "GET /echo ")
            #expect(try client.receiveResponse().text == "GET /later ")
        }
    }

    @Test func `No request is looked at while the send queue is above its mark`() async throws {
        try await withServer { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send(request("GET", "/large") + request("GET", "/echo"))
            await server.script.journal.wait(for: .body)
            // Another connection is served meanwhile, and this one's second request is not.
            let other = try server.connect()
            #expect(try other.exchange(request("GET", "/echo")).status == 200)
            #expect(server.script.journal.count(of: .head) == 2)
            #expect(try client.receiveResponse().content.count == EchoHandler.largeByteCount)
            #expect(try client.receiveResponse().text == "GET /echo ")
            #expect(server.script.journal.count(of: .head) == 3)
        }
    }

    @Test func `What a client does not take is counted, until it takes it or leaves`()
        async throws
    {
        try await withServer { server in
            let reader = try server.connect()
            for round in 1...2 {
                let client = try server.connect(bufferByteCount: 4_096)
                try client.send(request("GET", "/large"))
                await server.script.journal.wait(for: .body, count: round * 2 - 1)
                // Whoever takes what he asks for is not counted.
                #expect(try reader.exchange(request("GET", "/echo")).status == 200)
                let queues = await server.sendQueues()
                #expect(queues.byteCount > EchoHandler.largeByteCount / 2)
                #expect(queues.byteCount <= EchoHandler.largeByteCount + 1_000)
                #expect(queues.pausedCount == 1)
                if round == 1 {
                    let content = try client.receiveResponse().content
                    #expect(content.count == EchoHandler.largeByteCount)
                } else {
                    client.socket.close()
                }
                try await server.waitUntilSent()
            }
            #expect(await server.sendQueues().stalledCount == 0)
        }
    }

    @Test func `While an answer is awaited the server stops reading, and loses nothing`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send(request("GET", "/gate"))
            await server.script.gate.wait(forArrivals: 1)
            let content = String(repeating: "x", count: 200_000)
            let ahead = Array(
                String(repeating: request("POST", "/size", content: content), count: 40).utf8
            )
            var sentCount = 0
            while client.socket.canSend(withinMilliseconds: 50), sentCount < ahead.count {
                sentCount += try client.socket.sendWithoutWaiting(
                    ahead[sentCount...].prefix(65_536)
                )
            }
            #expect(sentCount < ahead.count)
            #expect(server.script.journal.count(of: .head) == 1)

            server.script.gate.open()
            #expect(try client.receiveResponse().text == "GET /gate ")
            try client.send(Array(ahead[sentCount...]))
            for _ in 1...40 {
                #expect(try client.receiveResponse().text == "\(content.utf8.count)")
            }
        }
    }

    @Test func `A flood of requests behind awaited answers is answered in order`() async throws {
        try await withServer {
            $0.receiveAheadByteCountMax = 1_000
        } _: { server in
            let client = try server.connect()
            let count = 2_000
            try client.send(
                (0..<count).map { request("POST", "/later", content: "\($0)") }.joined()
            )
            for number in 0..<count {
                #expect(try client.receiveResponse().text == "POST /later \(number)")
            }
        }
    }

    @Test func `A head longer than what is received ahead of an answer is still read`()
        async throws
    {
        try await withServer {
            $0.receiveAheadByteCountMax = 10
        } _: { server in
            let client = try server.connect()
            let other = try server.connect()
            try client.send("GET /echo HTTP/1.1\r\nHost: x\r\nX: ")
            _ = try other.exchange(request("GET", "/echo"))
            #expect(try client.exchange("y\r\n\r\n").text == "GET /echo ")
        }
    }

    @Test(arguments: ["/echo", "/later", "/gate"])
    func `A client that has closed its half is answered, and then the connection ends`(
        path: String
    ) async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", path))
            client.socket.finishSending()
            if path == "/gate" {
                await server.script.gate.wait(forArrivals: 1)
                server.script.gate.open()
            }
            #expect(try client.receiveResponse().text == "GET \(path) ")
            #expect(try client.receiveRest() == [])
            try await server.waitUntilEmpty()
        }
    }

    @Test func `A client that has closed its half still gets all of a large answer`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send(request("GET", "/large"))
            client.socket.finishSending()
            #expect(try client.receiveResponse().content.count == EchoHandler.largeByteCount)
            #expect(try client.receiveRest() == [])
            try await server.waitUntilEmpty()
        }
    }
}
