/// Base64 with the URL-safe alphabet and without padding (RFC 4648 §5, RFC 7515 §2).
public enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
    )

    /// Sextet by byte; ``notInAlphabet`` for the others.
    private static let sextets: [UInt8] = {
        var table = [UInt8](repeating: notInAlphabet, count: 256)
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
    public static func decode(_ text: borrowing Span<UInt8>, into buffer: inout ByteBuffer) -> Bool
    {
        let tailCount = text.count % 4
        guard tailCount != 1 else { return false }
        let table = sextets
        // Marks of bytes outside the alphabet gather here, and are looked at once.
        var faults: UInt8 = 0
        buffer.bytes.append(addingCapacity: text.count / 4 * 3 + 2) { output in
            var index = 0
            while index &+ 4 <= text.count {
                let first = table[Int(text[index])]
                let second = table[Int(text[index &+ 1])]
                let third = table[Int(text[index &+ 2])]
                let fourth = table[Int(text[index &+ 3])]
                faults |= first | second | third | fourth
                output.append(first &<< 2 | second &>> 4)
                output.append(second &<< 4 | third &>> 2)
                output.append(third &<< 6 | fourth)
                index &+= 4
            }
            guard tailCount > 0 else { return }
            let first = table[Int(text[index])]
            let second = table[Int(text[index &+ 1])]
            faults |= first | second
            output.append(first &<< 2 | second &>> 4)
            guard tailCount == 3 else {
                // Four bits are left over, and must be zero.
                if second & 0x0F != 0 { faults = notInAlphabet }
                return
            }
            let third = table[Int(text[index &+ 2])]
            faults |= third
            output.append(second &<< 4 | third &>> 2)
            if third & 0x03 != 0 { faults = notInAlphabet }
        }
        return faults & 0x80 == 0
    }

    /// The only value in ``sextets`` with the highest bit.
    private static let notInAlphabet: UInt8 = 0xFF
}
