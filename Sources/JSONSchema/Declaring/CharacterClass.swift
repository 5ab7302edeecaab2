import Bytes
import JSON

/// The characters that a string may consist of: a closed set instead of regular expressions.
///
/// Each is one comparison a byte, so no input can make the check slow.
public enum CharacterClass: Hashable, Sendable {
    case any

    /// Any but those below U+0020 and U+007F. Refuses U+0000, which databases cannot store.
    case withoutControlCharacters

    /// U+0021 to U+007E, as for keys and identifiers.
    case visibleASCII

    /// The same as a regular expression of ECMA-262, which JSON Schema asks for.
    var pattern: String? {
        switch self {
        case .any: nil
        case .withoutControlCharacters: #"^[^\u0000-\u001F\u007F]*$"#
        case .visibleASCII: "^[!-~]*$"
        }
    }

    /// Whether the text of `string` consists of these characters only.
    func contains(_ string: JSONString, in reader: borrowing JSONReader) -> Bool {
        if self == .any { return true }
        guard !string.hasEscapes else {
            return reader.allBytes(of: string) { contains($0) }
        }
        let bytes = reader.bytes(in: string.range)
        if self == .withoutControlCharacters { return bytes.firstIndexOfControl(from: 0) == nil }
        for index in bytes.indices where !contains(bytes[index]) { return false }
        return true
    }

    private func contains(_ byte: UInt8) -> Bool {
        switch self {
        case .any: true
        case .withoutControlCharacters: !ASCII.isControl(byte)
        case .visibleASCII: ASCII.isVisible(byte)
        }
    }
}

extension CharacterClass: CustomStringConvertible {
    public var description: String {
        switch self {
        case .any: "any characters"
        case .withoutControlCharacters: "characters other than control characters"
        case .visibleASCII: "visible ASCII characters without spaces"
        }
    }
}
