internal import Bytes
internal import JSON

/// Where a page of a list begins, as the opaque text that clients send back.
///
/// It says which list it belongs to and nothing that depends on the caller: what the caller may not
/// see is left out of every page, wherever it begins.
struct ListCursor {
    /// The places of the features in their registry.
    let start: Int

    private static let byteCountMax = 64

    init(start: Int) {
        self.start = start
    }

    /// - Returns: `nil` if this is no cursor of the list of `method`, which has `count` entries.
    init?(_ text: String, of method: Method, count: Int) {
        guard text.utf8.count <= Self.byteCountMax else { return nil }
        var bytes = ByteBuffer()
        guard Base64URL.decode(ByteBuffer(text).span, into: &bytes),
            let plain = String(validating: bytes.span), plain.hasPrefix(Self.prefix(method)),
            let start = Int(plain.dropFirst(Self.prefix(method).count)),
            (1..<max(count, 1)).contains(start)
        else { return nil }
        self.start = start
    }

    func text(of method: Method) -> String {
        var text = ByteBuffer()
        Base64URL.encode(ByteBuffer("\(Self.prefix(method))\(start)").span, into: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private static func prefix(_ method: Method) -> String { "\(method.rawValue):" }
}
