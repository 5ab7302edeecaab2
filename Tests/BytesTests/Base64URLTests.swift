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

    @Test func `A byte outside the alphabet is refused wherever it stands`() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        // Two blocks of sixteen, one group of four and three characters.
        let text = Array(repeating: UInt8(ascii: "A"), count: 39)
        for place in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[place] = byte
                var bytes = ByteBuffer()
                let isValid = Base64URL.decode(changed.span, into: &bytes)
                // The last character has two bits that must be zero.
                let mayBeValid = place < 38 || [UInt8(ascii: "A"), 0x45, 0x49, 0x4D].contains(byte)
                if mayBeValid { #expect(isValid == alphabet.contains(byte), "\(byte) at \(place)") }
                if isValid { #expect(bytes.count == 29) }
            }
        }
    }

    @Test func `Texts of every length up to some blocks survive a round trip`() {
        var generator = SystemRandomNumberGenerator()
        for count in 0...100 {
            let source = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            var text = ByteBuffer()
            Base64URL.encode(source.span, into: &text)
            var decoded = ByteBuffer("before")
            let isValid = Base64URL.decode(text.span, into: &decoded)
            #expect(isValid)
            #expect(decoded.bytes == Array("before".utf8) + source)
        }
    }

    @Test(arguments: ["Zh", "Zm9", "Zm9vYh", "Zm9vYmF"])
    func `A second spelling that differs in unused bits is refused`(text: String) {
        var bytes = ByteBuffer()
        let isValid = Base64URL.decode(ByteBuffer(text).span, into: &bytes)
        #expect(!isValid)
    }
}
