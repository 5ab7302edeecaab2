import HTTPTransport
import Synchronization
import TestSupport
import Testing

@Suite("Deadlines of streams")
struct StreamDeadlineTests {
    @Test(arguments: ["/stream/begin", "/stream/quiet/begin"])
    func `A stream is asked for a sign of life after 15 ticks of silence, again and again`(
        path: String
    ) async throws {
        try await withServer {
            $0.streamKeepAliveSeconds = 15
            $0.responseSeconds = 3
        } _: { server in
            let client = try server.connect()
            try client.send(request("GET", path))
            try client.receiveChunkedStreamHead()
            await server.script.journal.wait(for: .silent, count: 4)
            let ticks = server.script.ticksOfSilences
            for (earlier, later) in zip(ticks, ticks.dropFirst()) {
                // The two clocks of a loop are never further apart than one tick.
                #expect(15...17 ~= later - earlier)
            }
            if path == "/stream/begin" {
                try client.receive("2\r\n:\n\r\n2\r\n:\n\r\n2\r\n:\n\r\n2\r\n:\n\r\n")
            } else {
                #expect(!client.socket.hasInput(withinMilliseconds: 0))
            }
            #expect(server.script.journal.count(of: .deadline) == 0)
        }
    }

    @Test func `A stream that says something in time is not asked, however long it lasts`()
        async throws
    {
        try await withServer {
            $0.streamKeepAliveSeconds = 3
            $0.responseSeconds = 3
            $0.idleSeconds = 3
            $0.writeStallSeconds = 3
        } _: { server in
            let client = try server.connect()
            let ticks = String(repeating: "/tick/x", count: 30)
            try client.send(request("GET", "/stream/begin\(ticks)/end"))
            try client.receiveChunkedStreamHead()
            try client.receive(String(repeating: "1\r\nx\r\n", count: 30) + "0\r\n\r\n")
            #expect(server.script.journal.events == [.head, .body, .begun])
        }
    }

    @Test func `A connection is idle again once its stream has ended`() async throws {
        try await withServer {
            $0.streamKeepAliveSeconds = 1_000_000
            $0.idleSeconds = 3
        } _: { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/begin/turn/end"))
            try client.receiveChunkedStreamHead()
            try client.receiveEndOfConnection()
            #expect(server.script.journal.count(of: .abandoned) == 0)
        }
    }

    @Test func `A response that is overdue may go on instead`() async throws {
        try await withServer {
            $0.responseSeconds = 3
            $0.streamKeepAliveSeconds = 3
        } _: { server in
            let client = try server.connect()
            try client.send(request("GET", "/overdue-stream"))
            try client.receiveChunkedStreamHead()
            try client.receive("2\r\n:\n\r\n2\r\n:\n\r\n")
            #expect(server.script.journal.count(of: .deadline) == 1)
        }
    }

    @Test(arguments: ["/stream/begin/flood", "/stream/turn/begin/flood", "/stream/begin/fill"])
    func `A client that does not read is cut off, whether or not the stream goes on`(
        path: String
    ) async throws {
        try await withServer {
            $0.writeStallSeconds = 20
        } _: { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send(request("GET", path))
            await server.script.journal.wait(for: .abandoned)
            try await server.waitUntilEmpty()
            let events = server.script.journal.events.filter { $0 != .congested }
            #expect(events == [.head, .body, .begun, .abandoned])
            client.socket.close()
        }
    }

    /// Reads as long as much waits to be sent, and to the end once nothing more will be said.
    private func readSlowly(_ path: String, on server: TestServer) async throws -> [UInt8] {
        let client = try server.connect()
        try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        var last: [UInt8] = []
        while true {
            // The kernel takes about a million at a time, so that there is always something left.
            try await eventually {
                server.script.queuedByteCount.load(ordering: .relaxed) > 1_500_000
            }
            let bytes = try client.socket.receive()
            if bytes.isEmpty { return last }
            last = (last + bytes).suffix(5)
        }
    }

    @Test func `A client that reads slowly is not cut off while what waits is below the mark`()
        async throws
    {
        try await withServer {
            $0.writeStallSeconds = ScriptedStream.pressTickCount * 2 / 3
            $0.sendQueueHighWaterMark = 2 * ScriptedStream.pressByteCount
        } _: { server in
            let last = try await readSlowly("/stream/begin/press/end", on: server)
            #expect(last == Array("0\r\n\r\n".utf8))
            #expect(server.script.journal.events == [.head, .body, .begun])
        }
    }

    @Test func `A client that reads slowly is cut off while what waits is above the mark`()
        async throws
    {
        try await withServer {
            $0.writeStallSeconds = 100
            $0.sendQueueHighWaterMark = 10_000
        } _: { server in
            let last = try await readSlowly("/stream/begin/press/end", on: server)
            #expect(last != Array("0\r\n\r\n".utf8))
            #expect(server.script.journal.events == [.head, .body, .begun, .abandoned])
        }
    }
}
