internal import Bytes

/// The text that a mirrored field stands for.
///
/// Plain, or `=?base64?…?=` around padded base64 of UTF-8 where the text is not fit for a field
/// (MCP 2026-07-28, *Transports*, "Value Encoding").
enum HeaderText {
    private static let prefix = "=?base64?"
    private static let suffix = "?="

    /// Lends the text to `body`: plain text, which is nearly all there is, without a copy.
    ///
    /// - Returns: What `body` returns; `nil` if the value claims to be base64 and is not.
    static func read<Value>(_ value: Span<UInt8>, _ body: (Span<UInt8>) -> Value) -> Value? {
        let edgeCount = prefix.utf8.count + suffix.utf8.count
        guard value.count >= edgeCount,
            value.extracting(..<prefix.utf8.count).equals(prefix),
            value.extracting((value.count - suffix.utf8.count)...).equals(suffix)
        else { return body(value) }
        let inner = value.extracting(prefix.utf8.count..<(value.count - suffix.utf8.count))
        guard let bytes = decodeBase64(inner), String(validating: bytes.span) != nil else {
            return nil
        }
        return body(bytes.span)
    }

    /// Base64 with padding and the plain alphabet (RFC 4648 §4), read through its URL-safe twin.
    private static func decodeBase64(_ text: Span<UInt8>) -> ByteBuffer? {
        guard text.count % 4 == 0 else { return nil }
        var unpaddedCount = text.count
        while unpaddedCount > 0, text.count - unpaddedCount < 2,
            text[unpaddedCount - 1] == ASCII.equalsSign
        {
            unpaddedCount -= 1
        }
        var urlSafe = ByteBuffer()
        for index in 0..<unpaddedCount {
            switch text[index] {
            case ASCII.plus: urlSafe.append(ASCII.hyphen)
            case ASCII.solidus: urlSafe.append(ASCII.underscore)
            case ASCII.hyphen, ASCII.underscore: return nil
            case let byte: urlSafe.append(byte)
            }
        }
        var bytes = ByteBuffer()
        guard Base64URL.decode(urlSafe.span, into: &bytes) else { return nil }
        return bytes
    }
}
