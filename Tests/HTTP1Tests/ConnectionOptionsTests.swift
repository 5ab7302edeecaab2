import HTTP1
import Testing

@Suite("Connection and Expect (RFC 9112 §9.3, RFC 9110 §10.1.1)")
struct ConnectionOptionsTests {
    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close", false),
        ("HTTP/1.1", "Connection: CLOSE", false), ("HTTP/1.1", "Connection: keep-alive", true),
        ("HTTP/1.1", "Connection: keep-alive, close", false),
        ("HTTP/1.1", "Connection: x ,\tclose , y", false), ("HTTP/1.1", "Connection: closed", true),
        ("HTTP/1.1", "Connection: x\r\nConnection: close", false),
        ("HTTP/1.1", "Connection:", true), ("HTTP/1.1", "Connection: ,,close", false),
        ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: keep-alive", true),
        ("HTTP/1.0", "Connection: Keep-Alive", true), ("HTTP/1.0", "Connection: close", false),
        ("HTTP/1.0", "Connection: keep-alive\r\nConnection: close", false),
        ("HTTP/1.0", "Connection: keep-alive2", false),
    ])
    func `A connection persists by version and option, and close wins`(
        version: String,
        line: String,
        isPersistent: Bool
    ) {
        let lines = line.isEmpty ? "" : line + "\r\n"
        let head = firstHead("GET / \(version)\r\nHost: a\r\n\(lines)\r\n")
        #expect(head?.isPersistent == isPersistent)
    }

    @Test(arguments: [
        ("HTTP/1.1", "100-continue", "Content-Length: 1", true),
        ("HTTP/1.1", "100-Continue", "Transfer-Encoding: chunked", true),
        ("HTTP/1.1", "100-continue\r\nExpect: 100-continue", "Content-Length: 1", true),
        ("HTTP/1.1", "100-continue", "Content-Length: 0", false),
        ("HTTP/1.1", "100-continue", "X: y", false),
        ("HTTP/1.0", "100-continue", "Content-Length: 1", false),
        ("HTTP/1.0", "something", "Content-Length: 1", false),
    ])
    func `A client waits for 100 only in HTTP/1.1 and only before content`(
        version: String,
        expectation: String,
        line: String,
        expectsContinue: Bool
    ) {
        let wire = "POST / \(version)\r\nHost: a\r\nExpect: \(expectation)\r\n\(line)\r\n\r\n"
        #expect(firstHead(wire)?.expectsContinue == expectsContinue)
    }

    @Test(arguments: ["", "100", "200-ok", "100-continue, x", "x\r\nExpect: 100-continue"])
    func `Another expectation is refused with 417`(expectation: String) {
        let wire =
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: \(expectation)\r\nContent-Length: 1\r\n\r\n"
        let error = refusal(of: wire)
        #expect(error?.reason == .unsupportedExpectation)
        #expect(error?.reason.statusCode == 417)
    }

    @Test func `A parser is between requests until the first byte of the next`() throws {
        var parser = RequestParser()
        var head = RequestHead()
        let wire = Array("\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx\r\nG".utf8)
        var observed: [Bool] = [parser.isBetweenRequests]
        var start = 0
        for end in [2, 3, 30, 49, 50, 52, 53] {
            var position = start
            var output = RequestParser.Output.head
            while output != .needsMoreInput {
                let input = wire.span.extracting(0..<end)
                output = try parser.parse(input, at: &position, into: &head)
            }
            start = position
            observed.append(parser.isBetweenRequests)
        }
        #expect(observed == [true, true, false, false, false, true, true, false])
    }

    @Test func `A parser takes no more than 64 bytes of an idle connection`() {
        #expect(MemoryLayout<RequestParser>.size <= 64)
    }
}
