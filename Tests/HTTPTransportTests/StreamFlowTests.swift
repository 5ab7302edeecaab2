import HTTPTransport
import Synchronization
import TestSupport
import Testing

@Suite("Backpressure on streams")
struct StreamFlowTests {
    /// The bytes of `/stream/…/fill/end`: 200 chunks of 50,000 bytes and the last.
    private static let filledByteCount =
        ScriptedStream.fillByteCount + 200 * "c350\r\n\r\n".utf8.count + "0\r\n\r\n".utf8.count

    @Test(arguments: [262_144, 300], ["/stream/begin/fill/end", "/stream/turn/begin/fill/end"])
    func `What waits is bounded where the handler heeds it, and a slow reader gets it all`(
        highWaterMark: Int,
        path: String
    ) async throws {
        try await withServer {
            $0.sendQueueHighWaterMark = highWaterMark
        } _: { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            await server.script.journal.wait(for: .congested)
            try client.receiveStreamHead("transfer-encoding: chunked", "connection: close")
            #expect(try client.receiveRest().count == Self.filledByteCount)
            let queuedByteCountMax = server.script.queuedByteCountMax.load(ordering: .relaxed)
            #expect(queuedByteCountMax > highWaterMark)
            // One piece above the mark, with its framing, and the head before it.
            #expect(queuedByteCountMax < highWaterMark + 51_000)
            #expect(server.script.journal.count(of: .drained) > 0)
            #expect(server.script.journal.count(of: .abandoned) == 0)
        }
    }

    @Test(arguments: [262_144, 300])
    func `A stream above the mark that the kernel takes at once goes on by itself`(
        highWaterMark: Int
    ) async throws {
        try await withServer {
            $0.sendQueueHighWaterMark = highWaterMark
        } _: { server in
            let client = try server.connect()
            let ahead = String(repeating: request("GET", "/echo"), count: 3)
            let last = "GET /stream/begin/fill/end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            try client.send(ahead + last)
            for _ in 1...3 { #expect(try client.receiveResponse().text == "GET /echo ") }
            try client.receiveStreamHead("transfer-encoding: chunked", "connection: close")
            #expect(try client.receiveRest().count == Self.filledByteCount)
        }
    }

    @Test func `While a stream goes on the server stops reading, and loses nothing`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect(bufferByteCount: 4_096)
            try client.send(request("GET", "/stream/begin/gate/end"))
            try client.receiveChunkedStreamHead()
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
            try client.receive("0\r\n\r\n")
            try client.send(Array(ahead[sentCount...]))
            for _ in 1...40 {
                #expect(try client.receiveResponse().text == "\(content.utf8.count)")
            }
        }
    }
}
