import HTTP1
import Testing

@Suite("Refused heads (RFC 9112 §2.2, §3 and §5)")
struct RefusedHeadTests {
    @Test(arguments: [
        "GET\r\n", "GET /\r\n", "GET / \r\n", "GET  HTTP/1.1\r\n", " GET / HTTP/1.1\r\n",
        "GET /  HTTP/1.1 \r\n", "GET / HTTP/1.1 \r\n", "GET\t/ HTTP/1.1\r\n", "G@T / HTTP/1.1\r\n",
        "GET / http/1.1\r\n", "GET / HTTP/11\r\n", "GET / HTTP/1.10\r\n", "GET / HTTP/a.1\r\n",
        "GET / HTTP/1.x\r\n", "GET / HTTPS/1.1\r\n", "GET /HTTP/1.1\r\n", "\u{e9} / HTTP/1.1\r\n",
    ])
    func `A request line that is not three words is refused with 400`(line: String) {
        #expect(refusal(of: line + "Host: a\r\n\r\n")?.reason == .malformedRequestLine)
    }

    @Test(arguments: ["HTTP/2.0", "HTTP/0.9", "HTTP/3.1", "HTTP/9.9"])
    func `Another major version is refused with 505`(version: String) {
        let error = refusal(of: "GET / \(version)\r\nHost: a\r\n\r\n")
        #expect(error?.reason == .unsupportedVersion)
        #expect(error?.reason.statusCode == 505)
    }

    @Test func `The preface of HTTP/2 is refused with 505`() {
        #expect(refusal(of: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")?.reason.statusCode == 505)
    }

    @Test(arguments: [
        "/a#b", "/a b", "/a\tb", "/\u{e9}", "a", "a/b", "example.com:80", "*/", "**", "ftp://a/",
        "http:/a", "http://", "http:///a", "http://user@a/", "http://u:p@a/", "http://a#b",
        "http://a b/", "?x", "//a\u{80}", "http://a:port/", "/ /",
    ])
    func `A target with a byte or a form that does not belong is refused with 400`(
        target: String
    ) {
        for method in ["GET", "OPTIONS"] {
            let error = refusal(of: "\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(error?.reason == .malformedRequestTarget)
        }
    }

    @Test(arguments: ["example.com:443", "/", "*", "http://a/"])
    func `CONNECT is refused with 501`(target: String) {
        let error = refusal(of: "CONNECT \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(error?.reason == .connectNotSupported)
        #expect(error?.reason.statusCode == 501)
    }

    @Test(arguments: [
        "X : a", ": a", "X", "X a", "X\u{e9}: a", "X(y): a", "\"X\": a", "Content-Length : 5",
        "Host\t: a", "X\ta: b", "[x]: a", "abcdefghabcdefghabcdefghabcdefghabcdefgh : a",
    ])
    func `A field name that is not a token and a colon is refused with 400`(line: String) {
        let error = refusal(of: "GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\nY: z\r\n\r\n")
        #expect(error == HTTPParseError(.malformedFieldName, offset: 25))
        #expect(error?.reason.statusCode == 400)
    }

    @Test(arguments: [" folded", "\tfolded", " X: a", " ", "\t"])
    func `A folded line is refused with 400, also before the first field`(line: String) {
        let after = refusal(of: "GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n")
        #expect(after == HTTPParseError(.foldedFieldLine, offset: 25))
        let before = refusal(of: "GET / HTTP/1.1\r\n\(line)\r\nHost: a\r\n\r\n")
        #expect(before == HTTPParseError(.foldedFieldLine, offset: 16))
    }

    /// Every place in a head where a byte could be smuggled.
    private static let places = [
        ("", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), ("GE", "T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("GET /", " HTTP/1.1\r\nHost: a\r\n\r\n"), ("GET / HTTP/1.1", "\r\nHost: a\r\n\r\n"),
        ("GET / HTTP/1.1\r\n", "Host: a\r\n\r\n"), ("GET / HTTP/1.1\r\nHo", "st: a\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost:", "a\r\n\r\n"), ("GET / HTTP/1.1\r\nHost: a", "b\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost: a\r\n", "\r\n"), ("GET / HTTP/1.1\r\nHost: a\r\n\r", "\n"),
    ]

    @Test(arguments: places)
    func `A control byte anywhere is refused with 400 at its place`(before: String, after: String) {
        for byte in Array(UInt8(0)...0x1F) + [0x7F] where byte != 0x09 && byte != 0x0D {
            let pieces = [Array(before.utf8) + [byte] + Array(after.utf8)]
            guard case .refusal(let error) = transcript(of: pieces).last else {
                Issue.record("byte \(byte) was not refused after \(before)")
                continue
            }
            #expect(error.reason.statusCode == 400)
            let isAfterReturn = before.hasSuffix("\r")
            if !isAfterReturn || byte != 0x0A {
                #expect(error.offset == before.utf8.count - (isAfterReturn ? 1 : 0))
            }
        }
    }

    @Test(arguments: places)
    func `A carriage return without its line feed is refused with 400`(
        before: String,
        after: String
    ) {
        guard !after.hasPrefix("\r\n"), !after.hasPrefix("\n") else { return }
        let error = refusal(of: before + "\r" + after)
        #expect(error == HTTPParseError(.bareCarriageReturn, offset: before.utf8.count))
    }

    @Test func `Two carriage returns before a line feed are refused with 400`() {
        let error = refusal(of: "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n")
        #expect(error == HTTPParseError(.bareCarriageReturn, offset: 14))
    }

    @Test func `Lines that end in a bare line feed are refused as soon as one is seen`() {
        let error = refusal(of: "GET / HTTP/1.1\n")
        #expect(error == HTTPParseError(.bareLineFeed, offset: 14))
    }

    @Test func `Four empty lines before a request are skipped, a fifth is refused with 400`() {
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let plain = transcript(of: request)
        #expect(plain.count == 2)
        for count in 1...4 {
            #expect(transcript(of: String(repeating: "\r\n", count: count) + request) == plain)
        }
        let error = refusal(of: String(repeating: "\r\n", count: 5) + request)
        #expect(error?.reason == .tooManyEmptyLines(countMax: 4))
        #expect(error?.reason.statusCode == 400)
    }

    @Test func `A refused connection stays refused`() throws {
        let wire = Array("GET /\n".utf8)
        let valid = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        var parser = RequestParser()
        var head = RequestHead()
        let refusal = HTTPParseError(.bareLineFeed, offset: 5)
        for input in [wire, valid, []] {
            var thrown: HTTPParseError?
            do throws(HTTPParseError) {
                var position = 0
                _ = try parser.parse(input.span, at: &position, into: &head)
            } catch {
                thrown = error
            }
            #expect(thrown == refusal)
        }
    }

    @Test func `A refusal says what and where, and repeats nothing of the request`() {
        let error = refusal(of: "GET / HTTP/1.1\r\nHost: a\r\nSecret : b\r\n\r\n")
        #expect(
            error?.description
                == "field name is not a token followed by a colon at byte 25 of the request"
        )
    }
}
