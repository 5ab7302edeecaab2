import Martlet

/// The file of a seal key: 32 bytes in base64, as `martlet keys seal` writes it.
enum SealKeyFile {
    /// Longer than any such file.
    private static let byteCountMax = 256

    /// - Throws: ``FileError``, or ``NoSealKey`` if the file holds something else.
    static func read(_ path: String) throws -> SealKey {
        let file = try FileContent(ofFileAt: path, byteCountMax: byteCountMax)
        var text = ByteBuffer()
        for byte in file.bytes {
            switch byte {
            case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
            case UInt8(ascii: "="), UInt8(ascii: "\n"): break
            default: text.append(byte)
            }
        }
        var decoded = ByteBuffer()
        guard Base64URL.decode(text.span, into: &decoded), let key = SealKey(decoded.bytes) else {
            throw NoSealKey(path: path)
        }
        return key
    }
}

/// A file that should hold a seal key holds something else.
struct NoSealKey: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path) does not hold \(SealKey.byteCount) bytes in base64; make it with martlet keys seal"
    }
}
