internal import Bytes

/// What an API key is called in its own text and in the file of keys; no secret.
///
/// 60 random bits as twelve characters of base32 in lower case (RFC 4648 §6), so that an id is one
/// word to a person and one integer to a hash table.
package struct APIKeyID: Hashable, Sendable {
    package static let characterCount = 12

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// Five bits a character, the first highest.
    let bits: UInt64

    package static func random(using generator: inout some RandomNumberGenerator) -> APIKeyID {
        APIKeyID(bits: generator.next() >> 4)
    }

    private init(bits: UInt64) {
        self.bits = bits
    }

    /// - Returns: `nil` unless the text is an id as it is written here.
    package init?(_ text: borrowing Span<UInt8>) {
        guard text.count == Self.characterCount else { return nil }
        var bits: UInt64 = 0
        for index in text.indices {
            guard let value = Self.value(of: text[index]) else { return nil }
            bits = bits << 5 | value
        }
        self.bits = bits
    }

    package init?(_ text: String) {
        let utf8 = text.utf8
        self.init(utf8.span)
    }

    private static func value(of byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(byte - UInt8(ascii: "a"))
        case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt64(byte - UInt8(ascii: "2") + 26)
        default: nil
        }
    }
}

extension APIKeyID: CustomStringConvertible {
    package var description: String {
        var text: [UInt8] = []
        for shift in stride(from: 55, through: 0, by: -5) {
            text.append(Self.alphabet[Int(bits >> UInt64(shift) & 31)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
