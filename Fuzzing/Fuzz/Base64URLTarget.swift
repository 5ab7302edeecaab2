import Bytes

extension Target {
    /// What is decoded is what encodes to the same text: there is one spelling of every value.
    static let base64URL = Target(name: "base64url") { input in
        var decoded = ByteBuffer()
        if Base64URL.decode(input.span, into: &decoded) {
            var text = ByteBuffer()
            Base64URL.encode(decoded.span, into: &text)
            precondition(text.bytes == input, "two texts mean the same bytes")
        }

        var text = ByteBuffer()
        Base64URL.encode(input.span, into: &text)
        var back = ByteBuffer()
        precondition(Base64URL.decode(text.span, into: &back), "an encoding is refused")
        precondition(back.bytes == input, "bytes come back changed")
    }
}
