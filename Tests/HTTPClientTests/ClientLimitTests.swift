import Bytes
import HTTPClient
import TestSupport
import Testing

@Suite("Limits of what a server may cost a client")
struct ClientLimitTests {
    /// How a body of so many bytes may be framed (RFC 9112 §6).
    enum Framing: CaseIterable {
        case length, chunks, connection

        func reply(byteCount: Int) -> ScriptedServer.Reply {
            let body = String(repeating: "x", count: byteCount)
            switch self {
            case .length: return .init(200, body)
            case .chunks:
                let size = String(byteCount, radix: 16)
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                return .init(wire: "\(head)\(size)\r\n\(body)\r\n0\r\n\r\n")
            case .connection:
                return .init(wire: "HTTP/1.1 200 OK\r\n\r\n\(body)", then: .finishWriting)
            }
        }
    }

    @Test(arguments: Framing.allCases)
    func `A body of n bytes is taken and one of n + 1 refused, however framed`(
        framing: Framing
    ) async throws {
        try await withAgent { request in
            framing.reply(byteCount: request.target == "/longer" ? 50_001 : 50_000)
        } limits: {
            $0.bodyByteCountMax = 50_000
        } _: { agent, server in
            let answer = try await agent.get("\(server.url)/")
            #expect(answer.body.count == 50_000)
            let failure = await agent.failure(of: "\(server.url)/longer")
            #expect(failure == .bodyTooLong(byteCountMax: 50_000))
        }
    }

    @Test func `A body that never ends is refused where the limit is`() async throws {
        let wire =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "5\r\nhello\r\n", count: 300)
        try await withAgent { _ in
            .init(wire: wire)
        } limits: {
            $0.bodyByteCountMax = 1_000
        } _: { agent, server in
            #expect(await agent.failure(of: server.url) == .bodyTooLong(byteCountMax: 1_000))
        }
    }

    @Test func `A length beyond the limit is refused before the body comes`() async throws {
        let wire = "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"
        try await withAgent { _ in
            .init(wire: wire)
        } limits: {
            $0.bodyByteCountMax = 1_000
        } _: { agent, server in
            #expect(await agent.failure(of: server.url) == .bodyTooLong(byteCountMax: 1_000))
        }
    }

    @Test func `What follows a body that is longer than it says is not taken`() async throws {
        let wire = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdefgh"
        try await withAgent { _ in
            .init(wire: wire)
        } limits: {
            $0.bodyByteCountMax = 3
        } _: { agent, server in
            let answer = try await agent.get(server.url)
            #expect(String(validating: answer.body.span) == "abc")
        }
    }

    @Test func `A transfer coding that was not asked for is counted after decoding`() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
        let size = String(Self.compressedZeros.count, radix: 16)
        let wire =
            Array("\(head)\(size)\r\n".utf8) + Self.compressedZeros + Array("\r\n0\r\n\r\n".utf8)
        try await withAgent { _ in
            .init(wire: wire)
        } limits: {
            $0.bodyByteCountMax = 19_999
        } _: { agent, server in
            #expect(await agent.failure(of: server.url) == .bodyTooLong(byteCountMax: 19_999))
        }
    }

    @Test func `A head of n bytes is taken and one of n + 1 refused`() async throws {
        let start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: "
        let filling = String(repeating: "x", count: 2_000 - start.utf8.count - 4)
        try await withAgent { request in
            let more = request.target == "/longer" ? "x" : ""
            return .init(wire: "\(start)\(filling)\(more)\r\n\r\n")
        } limits: {
            $0.headByteCountMax = 2_000
        } _: { agent, server in
            let answer = try await agent.get("\(server.url)/")
            #expect(answer.statusCode == 200)
            let failure = await agent.failure(of: "\(server.url)/longer")
            #expect(failure == .headTooLong(byteCountMax: 2_000))
        }
    }

    @Test(arguments: [
        "HTTP/1.1 100 Continue\r\nX: y\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n",
    ])
    func `Interim responses count towards the head, however many`(interim: String) async throws {
        let wire = String(repeating: interim, count: 200)
        try await withAgent { _ in
            .init(wire: wire)
        } limits: {
            $0.headByteCountMax = 2_000
        } _: { agent, server in
            #expect(await agent.failure(of: server.url) == .headTooLong(byteCountMax: 2_000))
        }
    }

    @Test func `Trailers count towards the head`() async throws {
        let wire =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
            + String(repeating: "X-Trailer: y\r\n", count: 200)
        try await withAgent { _ in
            .init(wire: wire)
        } limits: {
            $0.headByteCountMax = 2_000
        } _: { agent, server in
            #expect(await agent.failure(of: server.url) == .headTooLong(byteCountMax: 2_000))
        }
    }

    @Test func `A server that never answers has so much time`() async throws {
        try await withAgent { _ in
            .silence
        } limits: {
            $0.totalSeconds = 1
        } _: { agent, server in
            let failure = await agent.failure(of: server.url)
            #expect(failure == .timedOut(totalSeconds: 1, connectSeconds: 600))
            #expect(await server.requests.count == 1)
        }
    }

    @Test func `A request that waits for others has so much time, too`() async throws {
        try await withAgent { _ in
            .silence
        } limits: {
            $0.totalSeconds = 1
            $0.transferCountMax = 1
        } _: { agent, server in
            let url = server.url
            async let first = agent.failure(of: url)
            async let second = agent.failure(of: url)
            let failures = await [first, second]
            let timeout = HTTPClientError.Reason.timedOut(totalSeconds: 1, connectSeconds: 600)
            #expect(failures == [timeout, timeout])
        }
    }

    /// 20,000 times the digit 0, as Python's `gzip.compress(b"0" * 20000, 9, mtime=0)`.
    private static let compressedZeros: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x31, 0x01, 0x00,
        0x00, 0x00, 0xc2, 0xa0, 0x4a, 0xeb, 0x9f, 0xce, 0x1a, 0x1e, 0x40, 0x01, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0xf0, 0x60, 0xbd, 0x0f, 0x1b, 0x8c, 0x20, 0x4e, 0x00, 0x00,
    ]
}
