internal import Bytes

/// Writes a PEM block (RFC 7468 §2).
enum PEMText {

    /// "Generators MUST wrap the base64-encoded lines so that each line consists of exactly 64
    /// characters except for the final line".
    private static let lineByteCount = 64

    static func encode(_ label: PEMBlock.Label, _ bytes: [UInt8]) -> String {
        var text = "-----BEGIN \(label.rawValue)-----\n"
        let base64 = base64(bytes)
        for start in stride(from: 0, to: base64.count, by: lineByteCount) {
            let line = base64[start..<min(start + lineByteCount, base64.count)]
            text += String(decoding: line, as: UTF8.self) + "\n"
        }
        return text + "-----END \(label.rawValue)-----\n"
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var text = ByteBuffer()
        Base64URL.encode(bytes.span, into: &text)
        let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4)
        return text.bytes.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        } + padding
    }
}
