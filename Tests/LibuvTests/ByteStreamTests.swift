import Libuv
import TestSupport
import Testing

@Suite("Byte stream")
struct ByteStreamTests {
    /// Far more than the kernel buffers on both sides together.
    private static let large: [UInt8] = (0..<306).flatMap {
        [UInt8](repeating: UInt8(truncatingIfNeeded: $0 * 7), count: 65_537)
    }

    @Test func `What the socket does not take is queued and arrives byte for byte`() async throws {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address, bufferByteCount: 4_096)
            await server.journal.wait(for: .accept)
            let queued = try await server.write(
                [Self.large, Array("end".utf8)],
                then: .finishWriting
            )
            #expect(queued > 10_000_000)
            #expect(await server.loopQueuedByteCount > 0)

            let received = try client.receiveAll()
            #expect(received.count == Self.large.count + 3)
            #expect(received == Self.large + Array("end".utf8))
            await server.journal.wait(for: .drain)
            #expect(await server.queuedByteCount == 0)
            #expect(await server.loopQueuedByteCount == 0)
            #expect(server.journal.count(of: .drain) == 1)
        }
    }

    @Test func `Writes keep their order, whether the kernel takes them at once or not`()
        async throws
    {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address, bufferByteCount: 4_096)
            await server.journal.wait(for: .accept)
            let parts = (0..<200).map { [UInt8](repeating: UInt8($0), count: 40_000) }
            for part in parts { try await server.write([part]) }
            try await server.write([], then: .finishWriting)
            #expect(try client.receiveAll() == Array(parts.joined()))
        }
    }

    @Test func `Every write that leaves something queued says so, and the last one that it is all`()
        async throws
    {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address, bufferByteCount: 4_096)
            await server.journal.wait(for: .accept)
            let middle = Array("middle".utf8)
            let end = Array("end".utf8)
            try await server.write([Self.large, middle, end], then: .finishWriting)
            #expect(server.journal.events == [.accept])
            #expect(try client.receiveAll() == Self.large + middle + end)
            await server.journal.wait(for: .drain)
            #expect(server.journal.events == [.accept, .partialDrain, .partialDrain, .drain])
        }
    }

    @Test func `Closing drops what is queued, and close is the last event`() async throws {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address, bufferByteCount: 4_096)
            await server.journal.wait(for: .accept)
            let queued = try await server.write([Self.large], then: .close)
            #expect(queued > 0)
            await server.journal.wait(for: .close)
            #expect(server.journal.events == [.accept, .close])
            #expect(await server.loopQueuedByteCount == 0)
            #expect(try client.receiveAll().count < Self.large.count)
        }
    }

    @Test func `A stream that is closed ignores whatever is still asked of it`() async throws {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address)
            await server.journal.wait(for: .accept)
            await server.close()
            #expect(try await server.write([[1, 2, 3]], then: .finishWriting) == 0)
            try await server.resumeReading()
            await server.pauseReading()
            await server.close()
            #expect(await server.peerAddress == nil)
            await server.journal.wait(for: .close)
            #expect(try await server.write([[1, 2, 3]], then: .close) == 0)
            #expect(server.journal.events == [.accept, .close])
            #expect(try client.receiveAll() == [])
        }
    }

    @Test func `Bytes, then the end, are told in this order`() async throws {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address)
            try client.send("last words")
            client.finishSending()
            await server.journal.wait(for: .end)
            #expect(await server.receivedBytes == Array("last words".utf8))
            #expect(server.journal.events == [.accept, .read, .end])
            try await server.write([Array("heard".utf8)], then: .finishWriting)
            #expect(try client.receiveAll() == Array("heard".utf8))
        }
    }

    @Test func `A reset by the peer is a failure that says so`() async throws {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address)
            await server.journal.wait(for: .accept)
            client.reset()
            await server.journal.wait(for: .close)
            #expect(server.journal.events == [.accept, .failure, .close])
            let failure = try #require(await server.failure)
            #expect(
                failure.description
                    == "cannot read from a connection: connection reset by peer (ECONNRESET)"
            )
        }
    }

    @Test func `A peer that goes away fails the writes that are queued for it`() async throws {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address, bufferByteCount: 4_096)
            await server.journal.wait(for: .accept)
            await server.pauseReading()
            #expect(try await server.write([Self.large]) > 0)
            client.reset()
            await server.journal.wait(for: .close)
            let failure = try #require(await server.failure)
            #expect(failure.operation == "write to a connection")
            #expect(["EPIPE", "ECONNRESET"].contains(failure.name))
            #expect(await server.queuedByteCount == 0)
        }
    }

    @Test func `A stream that does not read lets its peer wait, and loses nothing`() async throws {
        try await withStreamServer { server in
            let client = try RawClient(to: server.address, bufferByteCount: 4_096)
            await server.journal.wait(for: .accept)
            await server.pauseReading()
            var sentCount = 0
            while client.canSend(withinMilliseconds: 50), sentCount < Self.large.count {
                sentCount += try client.sendWithoutWaiting(Self.large[sentCount...].prefix(65_536))
            }
            #expect(sentCount < Self.large.count)
            #expect(server.journal.count(of: .read) == 0)

            try await server.resumeReading()
            try client.send(Array(Self.large[sentCount...]))
            client.finishSending()
            await server.journal.wait(for: .end)
            #expect(await server.receivedBytes == Self.large)
        }
    }

    @Test func `A UNIX domain socket carries bytes both ways and has no peer address`()
        async throws
    {
        try await withSocketPath { path in
            try await withStreamServer(at: .unix(path: path)) { server in
                let client = try RawClient(to: server.address)
                try client.send("ping")
                await server.journal.wait(for: .read)
                #expect(await server.peerAddress == nil)
                try await server.write([Array("pong".utf8)], then: .finishWriting)
                #expect(try client.receiveAll() == Array("pong".utf8))
            }
        }
    }
}
