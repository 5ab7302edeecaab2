/// U+0000, which PostgreSQL has no place for, as it is stored there.
///
/// U+10FFFF is a noncharacter that no text is exchanged with (Unicode 16 §23.7). Before "0" it stands for
/// U+0000 and before "1" for itself, so that two texts that differ do so when they are stored.
enum ZeroCharacter {
    private static let escape: Unicode.Scalar = "\u{10FFFF}"

    /// The first byte of the escape in UTF-8, and of nothing that is met often.
    private static let firstByte: UInt8 = 0xF4

    static func encode(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0 || $0 == firstByte }) else { return text }
        var encoded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\0": encoded.append(contentsOf: [escape, "0"])
            case escape: encoded.append(contentsOf: [escape, "1"])
            default: encoded.append(scalar)
            }
        }
        return String(encoded)
    }

    static func decode(_ text: String) -> String {
        guard text.utf8.contains(firstByte) else { return text }
        var decoded = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                decoded.append(scalar == "0" ? "\0" : escape)
                isEscaped = false
            } else if scalar == escape {
                isEscaped = true
            } else {
                decoded.append(scalar)
            }
        }
        return String(decoded)
    }
}
