import Bytes
import HTTP1
import Testing

@Suite("Field values that are written (RFC 9110 §5.5)")
struct FieldValueTests {
    @Test(arguments: ["", "a", "a b", "a\tb", "Bearer realm=\"x\", error=\"y\"", "!~"])
    func `Visible ASCII with blanks inside is a value`(text: String) {
        #expect(FieldValue(text)?.text == text)
    }

    @Test(arguments: [
        "a\r\nSet-Cookie: x", "a\r", "a\nb", "\n", "\u{0}", "a\u{7f}", "a\u{1b}b", " a", "a ",
        "\ta",
        "a\t", " ", "\u{e9}", "a\u{2028}b", "a\r\n\r\n<html>",
    ])
    func `A value that could end the field, or be read as another, is refused`(text: String) {
        #expect(FieldValue(text) == nil)
    }

    @Test func `A block is its lines in order, repeated names included`() {
        var block: FieldBlock = [.wwwAuthenticate: "Bearer", .retryAfter: FieldValue(0)]
        block.append(.wwwAuthenticate, "Basic")
        block.append([.allow: "GET"])
        #expect(
            block.bytes
                == ByteBuffer(
                    "WWW-Authenticate: Bearer\r\nRetry-After: 0\r\nWWW-Authenticate: Basic\r\n"
                        + "Allow: GET\r\n"
                )
        )
    }

    @Test func `Fields that frame the message are not the program's to write`() async {
        await #expect(processExitsWith: .failure) { _ = [.contentLength: "1"] as FieldBlock }
        await #expect(processExitsWith: .failure) { _ = [.transferEncoding: "x"] as FieldBlock }
        await #expect(processExitsWith: .failure) { _ = [.connection: "close"] as FieldBlock }
        await #expect(processExitsWith: .failure) { _ = [.date: "now"] as FieldBlock }
        await #expect(processExitsWith: .failure) { _ = [.other: "x"] as FieldBlock }
    }

    @Test func `A constant with a line end stops the program`() async {
        await #expect(processExitsWith: .failure) { _ = [.vary: "a\r\nb: c"] as FieldBlock }
    }
}
