import HTTP1
import Testing

@Suite("Message framing (RFC 9112 §6)")
struct MessageFramingTests {
    private func head(_ lines: String, version: String = "HTTP/1.1") -> String {
        "POST / \(version)\r\nHost: a\r\n\(lines)\r\n\r\n"
    }

    @Test func `Content is as long as Content-Length says, and the next request follows`() {
        let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let steps = transcript(of: head("Content-Length: 3") + "abc" + get + get)
        #expect(steps.count == 7)
        #expect(steps.dropFirst().prefix(2) == [.body("abc"), .end])
        #expect(steps.suffix(4) == transcript(of: get + get)[...])
    }

    @Test(arguments: [
        ("0", 0), ("007", 7), ("9223372036854775807", Int.max), ("00000000000000000000000001", 1),
    ])
    func `A length is any decimal number that fits`(text: String, length: Int) {
        #expect(firstHead(head("Content-Length: \(text)"))?.framing == .contentLength(length))
    }

    @Test(arguments: [
        "", "-1", "+1", "1 1", "1,1", "1, 1", "0x1", "1.0", "1e3", "\u{661}", "1;", "\"1\"", "1_0",
    ])
    func `A length that is not a plain number is refused with 400`(text: String) {
        let error = refusal(of: head("Content-Length: \(text)"))
        #expect(error?.reason == .malformedContentLength)
        #expect(error?.reason.statusCode == 400)
    }

    @Test(arguments: ["9223372036854775808", "99999999999999999999999999"])
    func `A length beyond all numbers is refused with 413`(text: String) {
        #expect(refusal(of: head("Content-Length: \(text)"))?.reason.statusCode == 413)
    }

    @Test(arguments: ["Content-Length: 1", "content-length: 2", "Content-Length:"])
    func `A second Content-Length is refused with 400, even an equal one`(line: String) {
        let error = refusal(of: head("Content-Length: 1\r\n\(line)"))
        #expect(error?.reason == .repeatedContentLength)
        #expect(error?.reason.statusCode == 400)
    }

    @Test(arguments: ["chunked", "Chunked", "CHUNKED", " chunked\t"])
    func `Chunked is recognized in any case`(coding: String) {
        #expect(firstHead(head("Transfer-Encoding:\(coding)"))?.framing == .chunked)
    }

    @Test(arguments: [
        "Content-Length: 1\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 1",
        "Transfer-Encoding: gzip\r\nContent-Length: 1",
        "Transfer-Encoding:\r\nContent-Length: x",
    ])
    func `A length beside a transfer coding is refused with 400`(lines: String) {
        for version in ["HTTP/1.1", "HTTP/1.0"] {
            let error = refusal(of: head(lines, version: version))
            #expect(error?.reason == .contentLengthWithTransferEncoding)
            #expect(error?.reason.statusCode == 400)
        }
    }

    @Test(arguments: [
        "", "gzip", "identity", "xchunked", "chunkedx", "chunked, gzip", "chunked,", "chunked;q=1",
        "chunked, chunked", "\"chunked\"", "chunked chunked", "chunked\r\nTransfer-Encoding: gzip",
        "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding:",
    ])
    func `Codings that do not end in one chunked are refused with 400`(coding: String) {
        let error = refusal(of: head("Transfer-Encoding: \(coding)"))
        #expect(error?.reason == .chunkedNotFinal)
        #expect(error?.reason.statusCode == 400)
    }

    @Test(arguments: [
        "gzip, chunked", "gzip,chunked", "identity, chunked", "gzip\r\nTransfer-Encoding: chunked",
        ", chunked", "\r\nTransfer-Encoding: chunked",
    ])
    func `A coding before a final chunked is refused with 501`(coding: String) {
        let error = refusal(of: head("Transfer-Encoding: \(coding)"))
        #expect(error?.reason == .unsupportedTransferCoding)
        #expect(error?.reason.statusCode == 501)
    }

    @Test func `A transfer coding in HTTP/1.0 is refused with 400`() {
        let error = refusal(of: head("Transfer-Encoding: chunked", version: "HTTP/1.0"))
        #expect(error?.reason == .transferEncodingBeforeHTTP11)
        #expect(error?.reason.statusCode == 400)
    }
}
