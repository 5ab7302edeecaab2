internal import JSON

/// A value that is one string or an array of strings, as `aud` is (RFC 7519 §4.1.3).
enum StringList {
    /// Whether one of the strings is exactly one of `texts`, and which.
    ///
    /// - Returns: `nil` if the value is neither a string nor an array of strings.
    static func match(_ value: Span<UInt8>, with texts: [String]) -> Match? {
        var match = Match.none
        let isList = visit(value) { string, reader in
            for text in texts where match == .none && reader.equals(string, text) {
                match = .text(text)
            }
        }
        return isList ? match : nil
    }

    enum Match: Hashable {
        case none
        case text(String)
    }

    /// - Returns: `nil` if the value is neither a string nor an array of strings.
    static func texts(_ value: Span<UInt8>) -> [String]? {
        var texts: [String] = []
        let isList = visit(value) { string, reader in texts.append(reader.text(of: string)) }
        return isList ? texts : nil
    }

    /// - Precondition: `value` is JSON, as it is when a reader has skipped it before.
    private static func visit(
        _ value: Span<UInt8>,
        _ body: (JSONString, borrowing JSONReader) -> Void
    ) -> Bool {
        var reader = JSONReader(value)
        do {
            switch try reader.peek() {
            case .string:
                body(try reader.readString(), reader)
            case .array:
                try reader.beginArray()
                while try reader.nextElement() {
                    guard try reader.peek() == .string else { return false }
                    body(try reader.readString(), reader)
                }
            case .object, .number, .true, .false, .null:
                return false
            }
            return true
        } catch {
            preconditionFailure("a value that was skipped is not JSON: \(error)")
        }
    }
}
