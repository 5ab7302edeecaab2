import HTTP1
import Testing

@Suite("Limits of a head (RFC 9110 §15.5.15, RFC 6585 §5)")
struct RequestLimitsTests {
    @Test func `A request line of the limit is read, one byte more is refused with 414`() {
        let limits = HTTPLimits(requestLineByteCountMax: 100)
        func wire(_ byteCount: Int) -> String {
            let path = String(repeating: "a", count: byteCount - 14)
            return "GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n"
        }
        #expect(transcript(of: wire(100), limits: limits).last == .end)
        let error = refusal(of: wire(101), limits: limits)
        #expect(error == HTTPParseError(.requestLineTooLong(byteCountMax: 100), offset: 100))
        #expect(error?.reason.statusCode == 414)
    }

    @Test func `A field section of the limit is read, one byte more is refused with 431`() {
        let limits = HTTPLimits(fieldSectionByteCountMax: 100)
        func wire(_ byteCount: Int) -> String {
            let value = String(repeating: "a", count: byteCount - 9 - 4)
            return "GET / HTTP/1.1\r\nHost: a\r\nX:\(value)\r\n\r\n"
        }
        #expect(transcript(of: wire(100), limits: limits).last == .end)
        for byteCount in 101...104 {
            let error = refusal(of: wire(byteCount), limits: limits)
            #expect(error?.reason == .fieldSectionTooLarge(byteCountMax: 100))
            #expect(error?.reason.statusCode == 431)
            #expect(error?.offset == 116)
        }
    }

    @Test func `As many fields as the limit are read, one more is refused with 431`() {
        let limits = HTTPLimits(fieldCountMax: 5)
        func wire(_ count: Int) -> String {
            "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: count - 1)
                + "\r\n"
        }
        #expect(transcript(of: wire(5), limits: limits).last == .end)
        let error = refusal(of: wire(6), limits: limits)
        #expect(error?.reason == .tooManyFields(countMax: 5))
        #expect(error?.reason.statusCode == 431)
    }

    @Test func `The defaults are those that are documented`() {
        let limits = HTTPLimits()
        #expect(limits.requestLineByteCountMax == 8_192)
        #expect(limits.fieldSectionByteCountMax == 16_384)
        #expect(limits.fieldCountMax == 100)
        #expect(limits.chunkExtensionByteCountMax == 16_384)
        #expect(limits.trailerSectionByteCountMax == 8_192)
    }

    @Test func `A line that never ends is refused at the limit, not collected`() {
        let endless = Array(repeating: UInt8(ascii: "a"), count: 8_193)
        #expect(
            transcript(of: [endless])
                == [
                    .refusal(
                        HTTPParseError(.requestLineTooLong(byteCountMax: 8_192), offset: 8_192)
                    )
                ]
        )
        let field =
            Array("GET / HTTP/1.1\r\n".utf8) + Array(repeating: UInt8(ascii: "a"), count: 16_385)
        guard case .refusal(let error) = transcript(of: [field]).last else {
            Issue.record("an endless field line was not refused")
            return
        }
        #expect(error.reason == .fieldSectionTooLarge(byteCountMax: 16_384))
    }

    @Test func `The largest limits that are allowed still address every byte`() {
        let limits = HTTPLimits(
            requestLineByteCountMax: 100,
            fieldSectionByteCountMax: 65_431,
            fieldCountMax: 65_535
        )
        let value = String(repeating: "v", count: 65_431 - 9 - 5)
        let request = "GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n"
        guard case .head(let head) = transcript(of: request, limits: limits).first else {
            Issue.record("a head of the greatest size was refused")
            return
        }
        #expect(head.fields.last == "X[other]=\(value)")
    }

    @Test func `A head that cannot be addressed is refused when limits are made`() async {
        await #expect(processExitsWith: .failure) {
            _ = HTTPLimits(requestLineByteCountMax: 101, fieldSectionByteCountMax: 65_431)
        }
    }
}
