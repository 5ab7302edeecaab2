import HTTP1
import Testing

@Suite("Requests in pieces")
struct SplittingTests {
    static let wires = [
        "\r\nPOST /mcp?a HTTP/1.1\r\nHost: a:1\r\nContent-Length: 4\r\nX: \ty \r\n\r\nWiki"
            + "GET / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nWiki\r\n"
            + "5\r\npedia\r\n0\r\nTrailer: z\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\nX: \u{0}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX y\r\n\r\nmore",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n1",
        "GET / HTTP/1.1\r\nX: y\r\n\r\n", "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n", "\r\n\n",
        "\rGET / HTTP/1.1",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWikiX",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n z\r\n\r\n",
        "GET /a-line-that-is-longer-than-forty-bytes-long HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a-field-section-that-is-longer-than-eighty-bytes\r\n"
            + "Y: and\r\nZ: too long\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX:1\r\nX:2\r\nX:3\r\nX:4\r\nX:5\r\nX:6\r\n\r\n",
    ]

    /// Small, so that the limits are met too.
    private let limits = HTTPLimits(
        requestLineByteCountMax: 40,
        fieldSectionByteCountMax: 80,
        fieldCountMax: 6
    )

    @Test(arguments: wires)
    func `Any split gives the same steps and the same error`(wire: String) {
        let bytes = Array(wire.utf8)
        let whole = transcript(of: [bytes], limits: limits)
        #expect(!whole.isEmpty)
        for first in 0...bytes.count {
            for second in [first, (first + bytes.count) / 2, min(first + 1, bytes.count)] {
                let pieces = [
                    Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...]),
                ]
                #expect(
                    transcript(of: pieces, limits: limits) == whole,
                    "split at \(first) and \(second)"
                )
            }
        }
    }

    @Test(arguments: wires)
    func `One byte at a time gives the same steps and the same error`(wire: String) {
        let bytes = Array(wire.utf8)
        let whole = transcript(of: [bytes], limits: limits)
        #expect(transcript(of: bytes.map { [$0] }, limits: limits) == whole)
    }

    @Test func `A truncated request is never refused and never ends`() {
        let bytes = Array(
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "4;x\r\nWiki\r\n0\r\nX: y\r\n\r\n").utf8
        )
        for count in 0..<bytes.count {
            let steps = transcript(of: [Array(bytes[..<count])])
            for step in steps {
                switch step {
                case .head, .body: break
                case .end, .refusal: Issue.record("\(step) after \(count) bytes")
                }
            }
        }
        #expect(transcript(of: [bytes]).last == .end)
    }
}
