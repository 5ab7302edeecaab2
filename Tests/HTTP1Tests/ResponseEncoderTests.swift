import Bytes
import HTTP1
import Testing

@Suite("Responses (RFC 9112 §4, §6, §9.3)")
struct ResponseEncoderTests {
    private let date = IMFFixdate(secondsSinceEpoch: 784_111_777)
    private let dateLine = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    private let head = ResponseHead(.ok, fields: [.contentType: "text/plain", .vary: "Origin"])

    /// Every way to write a response with content, which must not differ.
    private func responses(
        _ head: ResponseHead,
        _ content: String,
        by encoder: ResponseEncoder
    ) -> [String] {
        var whole = ByteBuffer()
        encoder.encode(head, content: ByteBuffer(content).span, date: date, into: &whole)
        var prepared = ByteBuffer()
        let response = PreparedResponse(head, content: ByteBuffer(content))
        encoder.encode(response, date: date, into: &prepared)
        var parts = ByteBuffer()
        encoder.encodeHead(
            head,
            contentByteCount: content.utf8.count,
            date: date,
            into: &parts
        )
        if encoder.sendsContent { parts.append(content) }
        return [whole, prepared, parts].map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test func `A response to HTTP/1.1 leaves the connection open without saying so`() throws {
        let encoder = try encoder(for: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for response in responses(head, "hello", by: encoder) {
            #expect(
                response == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nVary: Origin\r\n"
                    + "Content-Length: 5\r\n" + dateLine + "\r\nhello"
            )
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "Connection: close\r\n"),
        ("GET / HTTP/1.0\r\n\r\n", "Connection: close\r\n"),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "Connection: keep-alive\r\n"),
    ])
    func `A response says what becomes of the connection where the client must know`(
        request: String,
        line: String
    ) throws {
        for response in responses(head, "hello", by: try encoder(for: request)) {
            #expect(response.hasSuffix(dateLine + line + "\r\nhello"))
        }
    }

    @Test func `A server that drains closes a connection that the client would keep`() throws {
        var encoder = try encoder(for: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(encoder.isPersistent)
        encoder.isPersistent = false
        for response in responses(head, "hello", by: encoder) {
            #expect(response.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test func `A request that could not be parsed is answered and the connection closed`() {
        let head = ResponseHead(HTTPParseError.Reason.missingHost.status)
        for response in responses(head, "", by: ResponseEncoder()) {
            #expect(
                response == "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n" + dateLine
                    + "Connection: close\r\n\r\n"
            )
        }
    }

    @Test func `HEAD is answered with the length and without the content`() throws {
        let encoder = try encoder(for: "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        for response in responses(head, "hello", by: encoder) {
            #expect(response.contains("\r\nContent-Length: 5\r\n"))
            #expect(response.hasSuffix(dateLine + "\r\n"))
        }
    }

    @Test(arguments: [HTTPStatus.noContent, .notModified])
    func `A status that allows no content has no length either`(status: HTTPStatus) throws {
        let encoder = try encoder(for: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for response in responses(ResponseHead(status), "", by: encoder) {
            #expect(
                response
                    == "HTTP/1.1 \(status.rawValue) \(status.reasonPhrase)\r\n" + dateLine + "\r\n"
            )
        }
    }

    @Test(
        arguments: [
            (
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n", .chunked, true,
                "Transfer-Encoding: chunked\r\n", ""
            ),
            (
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", .closeDelimited, false, "",
                "Connection: close\r\n"
            ),
            (
                "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", .noContent, true,
                "Transfer-Encoding: chunked\r\n", ""
            ),
        ] as [(String, ResponseEncoder.StreamFraming, Bool, String, String)]
    )
    func `A stream is chunked in HTTP/1.1 and ended by closing in HTTP/1.0`(
        request: String,
        framing: ResponseEncoder.StreamFraming,
        isPersistent: Bool,
        before: String,
        after: String
    ) throws {
        var encoder = try encoder(for: request)
        var buffer = ByteBuffer()
        let result = encoder.encodeStreamHead(
            ResponseHead(.ok, fields: [.contentType: "text/event-stream"]),
            date: date,
            into: &buffer
        )
        #expect(result == framing)
        #expect(encoder.isPersistent == isPersistent)
        #expect(
            String(decoding: buffer.bytes, as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + before + dateLine
                + after + "\r\n"
        )
    }

    @Test(arguments: [1, 9, 10, 15, 16, 17, 255, 256, 4_095, 4_096, 65_536, 1_048_576])
    func `What is written in chunks is what a parser reads`(byteCount: Int) {
        let content = String(repeating: "x", count: byteCount)
        var wire = ByteBuffer("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        ResponseEncoder.encodeChunk(ByteBuffer(content).span, into: &wire)
        ResponseEncoder.encodeChunk(ByteBuffer().span, into: &wire)
        ResponseEncoder.encodeChunk(ByteBuffer("end").span, into: &wire)
        ResponseEncoder.encodeLastChunk(into: &wire)
        #expect(transcript(of: [wire.bytes]).dropFirst() == [.body(content + "end"), .end])
        let size = String(byteCount, radix: 16)
        #expect(String(decoding: wire.bytes, as: UTF8.self).contains("\r\n\r\n\(size)\r\nx"))
    }

    @Test func `The interim response has no fields`() {
        var buffer = ByteBuffer()
        ResponseEncoder.encodeContinue(into: &buffer)
        #expect(buffer == ByteBuffer("HTTP/1.1 100 Continue\r\n\r\n"))
    }

    @Test func `A status without a name keeps the space that the grammar wants`() throws {
        let status = try #require(HTTPStatus(rawValue: 599))
        for response in responses(ResponseHead(status), "", by: ResponseEncoder()) {
            #expect(response.hasPrefix("HTTP/1.1 599 \r\n"))
        }
        #expect(HTTPStatus(rawValue: 99) == nil)
        #expect(HTTPStatus(rawValue: 600) == nil)
    }

    @Test func `Content with a status that allows none is a fault of the program`() async {
        await #expect(processExitsWith: .failure) {
            _ = PreparedResponse(ResponseHead(.noContent), content: ByteBuffer("x"))
        }
    }

    private func encoder(for request: String) throws -> ResponseEncoder {
        let wire = Array(request.utf8)
        var parser = RequestParser()
        var head = RequestHead()
        var position = 0
        let output = try parser.parse(wire.span, at: &position, into: &head)
        try #require(output == .head)
        return ResponseEncoder(answering: head)
    }
}
