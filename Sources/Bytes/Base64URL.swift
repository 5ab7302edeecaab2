/// Base64 with the URL-safe alphabet and without padding (RFC 4648 §5, RFC 7515 §2).
public enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    /// Sextet by byte; 0xFF where the byte is not in the alphabet.
    private static let sextets: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (sextet, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(sextet) }
        return table
    }()

    /// Appends the text for `source` to `buffer`.
    public static func encode(_ source: borrowing Span<UInt8>, into buffer: inout ByteBuffer) {
        var accumulator: UInt32 = 0
        var bitCount = 0
        for index in source.indices {
            accumulator = accumulator << 8 | UInt32(source[index])
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                buffer.append(alphabet[Int(accumulator >> UInt32(bitCount) & 0x3F)])
            }
        }
        if bitCount > 0 {
            buffer.append(alphabet[Int(accumulator << UInt32(6 - bitCount) & 0x3F)])
        }
    }

    /// Appends the bytes that `text` stands for to `buffer`.
    ///
    /// Strict: padding, white space, a character of the other alphabet, an impossible length and
    /// non-zero bits after the last byte are all refused. Each value has one spelling, so that no
    /// second spelling of a token passes where the first was denied.
    ///
    /// - Returns: `false` if the text is not base64url; the buffer then holds part of it.
    public static func decode(_ text: borrowing Span<UInt8>, into buffer: inout ByteBuffer) -> Bool {
        guard text.count % 4 != 1 else { return false }
        let table = sextets
        var accumulator: UInt32 = 0
        var bitCount = 0
        for index in text.indices {
            let sextet = table[Int(text[index])]
            guard sextet != 0xFF else { return false }
            accumulator = accumulator << 6 | UInt32(sextet)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                buffer.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bitCount)))
            }
        }
        return accumulator & (1 << UInt32(bitCount) - 1) == 0
    }
}
