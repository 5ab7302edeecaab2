/// Base64 with the plain alphabet and padding (RFC 4648 §4), as JSON carries bytes.
public enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Appends the text for `source` to `buffer`.
    public static func encode(_ source: borrowing Span<UInt8>, into buffer: inout ByteBuffer) {
        let alphabet = alphabet
        var index = 0
        while index < source.count {
            let byteCount = min(3, source.count - index)
            var group: UInt32 = 0
            for offset in 0..<3 {
                let byte = offset < byteCount ? source[index + offset] : 0
                group = group << 8 | UInt32(byte)
            }
            for sextet in 0..<4 {
                if sextet <= byteCount {
                    buffer.append(alphabet[Int(group >> UInt32(18 - 6 * sextet) & 0x3F)])
                } else {
                    buffer.append(ASCII.equalsSign)
                }
            }
            index += byteCount
        }
    }
}
