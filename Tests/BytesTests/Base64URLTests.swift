import Bytes
import Testing

@Suite("base64url (RFC 4648 §5)")
struct Base64URLTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `The vectors of RFC 4648 §10 encode and decode, without padding`(
        plain: String,
        encoded: String
    ) {
        var text = ByteBuffer()
        Base64URL.encode(ByteBuffer(plain).span, into: &text)
        #expect(text == ByteBuffer(encoded))

        var bytes = ByteBuffer()
        let isValid = Base64URL.decode(text.span, into: &bytes)
        #expect(isValid)
        #expect(bytes == ByteBuffer(plain))
    }

    @Test func `Every byte value survives a round trip at every alignment`() {
        for prefixCount in 0..<3 {
            let bytes =
                Array(repeating: UInt8(1), count: prefixCount) + Array(UInt8.min...UInt8.max)
            var text = ByteBuffer()
            Base64URL.encode(bytes.span, into: &text)
            var decoded = ByteBuffer()
            let isValid = Base64URL.decode(text.span, into: &decoded)
            #expect(isValid)
            #expect(decoded.bytes == bytes)
        }
    }

    @Test(arguments: ["Zg==", "Zg=", "Z", "Zm9vY", "Zm 9v", "Zm9v\n", "Zm+v", "Zm/v", "Zé9v"])
    func `Padding, white space, the other alphabet and impossible lengths are refused`(
        text: String
    ) {
        var bytes = ByteBuffer()
        let isValid = Base64URL.decode(ByteBuffer(text).span, into: &bytes)
        #expect(!isValid)
    }

    @Test(arguments: ["Zh", "Zm9", "Zm9vYh", "Zm9vYmF"])
    func `A second spelling that differs in unused bits is refused`(text: String) {
        var bytes = ByteBuffer()
        let isValid = Base64URL.decode(ByteBuffer(text).span, into: &bytes)
        #expect(!isValid)
    }
}
