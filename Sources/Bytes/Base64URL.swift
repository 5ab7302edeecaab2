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

    /// How much more room ``decode(_:into:)`` wants than three bytes for each four characters.
    public static let excessByteCountMax = 2

    /// Appends the bytes that `text` stands for to `buffer`.
    ///
    /// Strict: padding, white space, a character of the other alphabet, an impossible length and
    /// non-zero bits after the last byte are all refused. Each value has one spelling, so that no
    /// second spelling of a token passes where the first was denied.
    ///
    /// - Returns: `false` if the text is not base64url; the buffer then holds part of it.
    public static func decode(_ text: borrowing Span<UInt8>, into buffer: inout ByteBuffer) -> Bool
    {
        guard text.count % 4 != 1 else { return false }
        let table = sextets
        let blockCount = text.count / 16
        var isValid = true
        // The last block writes two bytes more than it has.
        buffer.bytes.append(addingCapacity: text.count / 4 * 3 + excessByteCountMax) { output in
            if blockCount > 0 {
                output.append(repeating: 0, count: blockCount &* 12 &+ 2)
                isValid = decodeBlocks(text, count: blockCount, into: output.mutableSpan)
                output.removeLast(2)
            }
            let rest = text.extracting((blockCount &* 16)...)
            isValid = decodeRest(rest, by: table.span, into: &output) && isValid
        }
        return isValid
    }

    /// Decodes a few characters, the last of the text among them.
    ///
    /// - Returns: `false` if they are not in the alphabet, or bits after the last byte are not zero.
    @inline(__always)
    private static func decodeRest(
        _ text: Span<UInt8>,
        by table: Span<UInt8>,
        into output: inout OutputSpan<UInt8>
    ) -> Bool {
        // Marks of bytes outside the alphabet gather here, and are looked at once.
        var faults: UInt8 = 0
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
        guard index < text.count else { return faults & 0x80 == 0 }
        let first = table[Int(text[index])]
        let second = table[Int(text[index &+ 1])]
        faults |= first | second
        output.append(first &<< 2 | second &>> 4)
        guard index &+ 2 < text.count else {
            // Four bits are left over.
            return faults & 0x80 == 0 && second & 0x0F == 0
        }
        let third = table[Int(text[index &+ 2])]
        faults |= third
        output.append(second &<< 4 | third &>> 2)
        return faults & 0x80 == 0 && third & 0x03 == 0
    }

    /// Decodes blocks of sixteen characters, each into twelve bytes, and writes two more.
    ///
    /// - Returns: `false` if one of the characters is not in the alphabet.
    @inline(__always)
    private static func decodeBlocks(
        _ text: borrowing Span<UInt8>,
        count: Int,
        into output: consuming MutableSpan<UInt8>
    ) -> Bool {
        var faults = SIMD16<UInt8>(repeating: 0)
        for number in 0..<count {
            let sextets = text.block(at: number &* 16).sextets(&faults)
            output.write(sextets.lowHalf.packedSextets, at: number &* 12)
            output.write(sextets.highHalf.packedSextets, at: number &* 12 &+ 6)
        }
        return !any((faults & SIMD16<UInt8>(repeating: 0x80)) .!= SIMD16<UInt8>(repeating: 0))
    }

    /// The only value in ``sextets`` with the highest bit.
    private static let notInAlphabet: UInt8 = 0xFF
}

extension SIMD16<UInt8> {
    /// What each character stands for; what is not of the alphabet adds a mark to `faults`.
    ///
    /// A byte below 0x80 plus 0x80 - n has its highest bit set if it is n or more.
    @inline(__always)
    fileprivate func sextets(_ faults: inout SIMD16<UInt8>) -> SIMD16<UInt8> {
        let isUpper = marks(from: 0x41, upTo: 0x5B)
        let isLower = marks(from: 0x61, upTo: 0x7B)
        let isDigit = marks(from: 0x30, upTo: 0x3A)
        let isHyphen = marks(from: 0x2D, upTo: 0x2E)
        let isUnderscore = marks(from: 0x5F, upTo: 0x60)
        faults |= self | ~(isUpper | isLower | isDigit | isHyphen | isUnderscore)
        return self &- (isUpper & SIMD16<UInt8>(repeating: 65))
            &- (isLower & SIMD16<UInt8>(repeating: 71))
            &- (isUnderscore & SIMD16<UInt8>(repeating: 32))
            &+ (isDigit & SIMD16<UInt8>(repeating: 4)) &+ (isHyphen & SIMD16<UInt8>(repeating: 17))
    }

    /// All bits of the bytes from `first` up to, not including, `end`; bytes are below 0x80.
    @inline(__always)
    private func marks(from first: UInt8, upTo end: UInt8) -> SIMD16<UInt8> {
        let isInside =
            (self &+ SIMD16<UInt8>(repeating: 0x80 &- first))
            & ~(self &+ SIMD16<UInt8>(repeating: 0x80 &- end))
        return SIMD16<UInt8>(repeating: 0) &- (isInside &>> SIMD16<UInt8>(repeating: 7))
    }
}

extension MutableSpan<UInt8> {
    /// Writes eight bytes, the highest-order first.
    @inline(__always)
    fileprivate mutating func write(_ word: UInt64, at index: Int) {
        // The last byte first: once that is known to exist, so are the others.
        self[index &+ 7] = UInt8(truncatingIfNeeded: word)
        self[index &+ 6] = UInt8(truncatingIfNeeded: word &>> 8)
        self[index &+ 5] = UInt8(truncatingIfNeeded: word &>> 16)
        self[index &+ 4] = UInt8(truncatingIfNeeded: word &>> 24)
        self[index &+ 3] = UInt8(truncatingIfNeeded: word &>> 32)
        self[index &+ 2] = UInt8(truncatingIfNeeded: word &>> 40)
        self[index &+ 1] = UInt8(truncatingIfNeeded: word &>> 48)
        self[index] = UInt8(truncatingIfNeeded: word &>> 56)
    }
}

extension SIMD8<UInt8> {
    /// 48 bits of eight sextets, the first one highest, in the upper part of the word.
    @inline(__always)
    fileprivate var packedSextets: UInt64 {
        let high =
            UInt64(self[0]) &<< 56 | UInt64(self[1]) &<< 48 | UInt64(self[2]) &<< 40
            | UInt64(self[3]) &<< 32
        let low =
            UInt64(self[4]) &<< 24 | UInt64(self[5]) &<< 16 | UInt64(self[6]) &<< 8
            | UInt64(self[7])
        let word = high | low
        let pairs = word & 0x003F_003F_003F_003F | (word & 0x3F00_3F00_3F00_3F00) &>> 2
        let fours = pairs & 0x0000_0FFF_0000_0FFF | (pairs & 0x0FFF_0000_0FFF_0000) &>> 4
        return (fours & 0xFF_FFFF) &<< 16 | (fours &>> 32) &<< 40
    }
}
