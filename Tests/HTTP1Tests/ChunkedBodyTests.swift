import HTTP1
import Testing

@Suite("Chunked body (RFC 9112 §7.1)")
struct ChunkedBodyTests {
    private static let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    private func refusal(ofBody body: String, limits: HTTPLimits = HTTPLimits()) -> HTTPParseError?
    {
        HTTP1Tests.refusal(of: Self.head + body, limits: limits)
    }

    @Test(arguments: [
        ("4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n", "Wikipedia"), ("0\r\n\r\n", nil),
        ("a\r\n0123456789\r\n00\r\n\r\n", "0123456789"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("4;note=x\r\nWiki\r\n0;last\r\n\r\n", "Wiki"),
        ("4;a=\"b c\";d\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"),
        ("0000004\r\nWiki\r\n0\r\n\r\n", "Wiki"), ("4;\r\nWiki\r\n0\r\nX: y\r\nZ:\r\n\r\n", "Wiki"),
    ])
    func `A body is the data of its chunks, without extensions and trailers`(
        body: String,
        content: String?
    ) {
        let steps = transcript(of: Self.head + body + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let expected: [Step] = (content.map { [.body($0)] } ?? []) + [.end]
        #expect(Array(steps.dropFirst().dropLast(2)) == expected)
        #expect(steps.last == .end)
    }

    @Test(arguments: [
        "\r\n", "-1\r\n", "+4\r\n", "0x4\r\n", " 4\r\n", "4 \r\n", "4\n", "g\r\n", ";x\r\n", "4\r4",
        "4 ;x\r\n", "\t4\r\n", "4,\r\n", "4_0\r\n", "\u{ff14}\r\n",
    ])
    func `A chunk size that is not plain hexadecimal is refused with 400`(line: String) {
        let error = refusal(ofBody: line)
        #expect(error?.reason == .malformedChunkSize)
        #expect(error?.reason.statusCode == 400)
    }

    @Test func `A chunk size of fifteen digits is read, of sixteen is refused with 413`() {
        let steps = transcript(of: Self.head + "fffffffffffffff\r\nWiki")
        #expect(steps.last == .body("Wiki"))
        let error = refusal(ofBody: "0fffffffffffffff")
        #expect(error?.reason == .chunkSizeTooLarge(digitCountMax: 15))
        #expect(error?.reason.statusCode == 413)
    }

    @Test(arguments: [
        "4\r\nWikiX", "4\r\nWiki\n", "4\r\nWiki\rX", "4\r\nWiki5", "4\r\nWikipedia\r\n",
    ])
    func `Data that is not followed by CRLF is refused with 400`(body: String) {
        #expect(refusal(ofBody: body)?.reason == .missingChunkTerminator)
    }

    @Test(arguments: ["4;a\nWiki", "4;a\u{0}b\r\n", "4;a\u{7f}\r\n"])
    func `A control byte in an extension is refused with 400`(body: String) {
        #expect(refusal(ofBody: body)?.reason == .malformedChunkExtension)
    }

    @Test(arguments: [
        " X: y\r\n\r\n", ": y\r\n\r\n", "X\r\n\r\n", "X : y\r\n\r\n", "X: y\n\r\n",
        "X: y\u{0}\r\n\r\n",
        "X: y\r\n z\r\n\r\n", "\n", "\rX", "X: y\rz\r\n\r\n",
    ])
    func `A malformed trailer section is refused with 400`(trailers: String) {
        let error = refusal(ofBody: "0\r\n" + trailers)
        #expect(error?.reason == .malformedTrailerSection)
        #expect(error?.reason.statusCode == 400)
    }

    @Test func `Extensions are counted over the whole body, and one byte too many is refused`() {
        let limits = HTTPLimits(chunkExtensionByteCountMax: 10)
        let body = "1;12345\r\na\r\n1;1234\r\nb\r\n"
        #expect(transcript(of: Self.head + body + "0;5\r\n\r\n", limits: limits).last == .end)
        let error = refusal(ofBody: body + "0;56\r\n\r\n", limits: limits)
        #expect(error?.reason == .chunkExtensionsTooLong(byteCountMax: 10))
        #expect(error?.reason.statusCode == 413)
    }

    @Test func `A trailer section of the limit is read, one byte more is refused with 431`() {
        let limits = HTTPLimits(trailerSectionByteCountMax: 12)
        #expect(
            transcript(of: Self.head + "0\r\nX: y\r\nZ: z\r\n\r\n", limits: limits).last == .end
        )
        let error = refusal(ofBody: "0\r\nX: y\r\nZ: zz\r\n\r\n", limits: limits)
        #expect(error?.reason == .trailerSectionTooLarge(byteCountMax: 12))
        #expect(error?.reason.statusCode == 431)
    }

    @Test func `An error names the byte that caused it, counted from the head`() {
        let error = refusal(ofBody: "4\r\nWiki!")
        #expect(
            error == HTTPParseError(.missingChunkTerminator, offset: Self.head.utf8.count + 7)
        )
    }
}
