import AgentLoad
import Testing

@Suite("Responses, as agents read them")
struct ResponseMessageTests {
    private static let plain =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        + "Mcp-Session-Id: abc\r\n\r\n{}"
    private static let chunked =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
        + "transfer-encoding: chunked\r\n\r\n5\r\ndata:\r\nA;x=y\r\n 1\n\ndata:2\r\n0\r\n\r\n"

    private func parse(_ text: String) throws -> ResponseMessage? {
        try parse(Array(text.utf8)[...])
    }

    private func parse(_ bytes: ArraySlice<UInt8>) throws -> ResponseMessage? {
        let bytes = Array(bytes)
        return try ResponseMessage.parse(bytes.span)
    }

    @Test(arguments: [plain, chunked])
    func `A response is incomplete up to its last byte`(text: String) throws {
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(try parse(bytes[..<count]) == nil, "\(count) bytes")
        }
        #expect(try parse(bytes[...])?.byteCount == bytes.count)
    }

    @Test func `A body of known length is a range, and the fields are read`() throws {
        let message = try #require(try parse(Self.plain))
        let bytes = Array(Self.plain.utf8)
        #expect(message.status == 200)
        #expect(message.isPersistent)
        #expect(!message.isEventStream)
        #expect(message.body == .range((bytes.count - 2)..<bytes.count))
        let sessionID = try #require(message.sessionID)
        #expect(String(decoding: bytes[sessionID], as: UTF8.self) == "abc")
    }

    @Test func `Chunks are put together`() throws {
        let message = try #require(try parse(Self.chunked))
        #expect(message.isEventStream)
        #expect(message.body == .decoded(Array("data: 1\n\ndata:2".utf8)))
    }

    @Test func `What the server says of the connection and of coming again is heard`() throws {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Busy\r\nRetry-After: 7\r\n"
            + "Connection: close\r\nContent-Length: 0\r\n\r\n"
        let message = try #require(try parse(text))
        #expect(message.status == 503)
        #expect(message.retryAfterSeconds == 7)
        #expect(!message.isPersistent)
    }

    @Test(arguments: [
        "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    ])
    func `What is no response is malformed`(text: String) {
        #expect(throws: FailureKind.malformedResponse) { try parse(text) }
    }
}
