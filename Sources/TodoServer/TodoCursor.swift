internal import Bytes

/// Where the next page of a list begins, as an opaque text.
///
/// It names an id and no workspace, so that it shows its bearer nothing but the caller's own list.
struct TodoCursor {
    /// Bytes of the longest cursor.
    static let byteCountMax = 32

    private static let prefix = "after:"

    let after: Int64

    init(after: Int64) {
        self.after = after
    }

    /// - Returns: `nil` if this is no cursor of a list of to-dos.
    init?(_ text: String) {
        guard text.utf8.count <= Self.byteCountMax else { return nil }
        var bytes = ByteBuffer()
        guard Base64URL.decode(ByteBuffer(text).span, into: &bytes),
            let plain = String(validating: bytes.span), plain.hasPrefix(Self.prefix),
            let after = Int64(plain.dropFirst(Self.prefix.count)), after >= 0
        else { return nil }
        self.after = after
    }

    var text: String {
        var text = ByteBuffer()
        Base64URL.encode(ByteBuffer("\(Self.prefix)\(after)").span, into: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
