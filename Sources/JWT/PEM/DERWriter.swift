/// Writes the distinguished encoding of ASN.1 (X.690 §10), as far as keys need it.
enum DERWriter {
    static func value(_ tag: DERReader.Tag, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            switch content.count {
            case ..<0x80: [UInt8(content.count)]
            case ..<0x100: [0x81, UInt8(content.count)]
            default: [0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
            }
        return [tag.rawValue] + length + content
    }

    static func sequence(_ values: [UInt8]...) -> [UInt8] {
        value(.sequence, Array(values.joined()))
    }

    /// A number that is not negative, from its bytes, big-endian.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        // The highest bit is the sign.
        let needsZero = digits.isEmpty || digits[0] >= 0x80
        return value(.integer, (needsZero ? [0] : []) + digits)
    }

    static func bitString(_ bytes: [UInt8]) -> [UInt8] {
        value(.bitString, [0] + bytes)
    }
}
