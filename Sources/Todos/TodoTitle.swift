/// The text of a to-do: one line, in any language.
///
/// White space at both ends is dropped. What remains is 1 to 255 characters, as people count them
/// (extended grapheme clusters), with something to see among them.
///
/// Refused, because a list of titles is shown line by line to people and models:
/// * control characters (general category Cc: C0, DEL and C1) and the separators U+2028 and U+2029,
///   which could forge further lines;
/// * the explicit bidirectional controls U+202A–U+202E and U+2066–U+2069, which could make a title
///   read as another. The marks U+200E, U+200F and U+061C, which right-to-left text does need,
///   are allowed.
public struct TodoTitle: Hashable, Sendable {
    /// In characters.
    public static let characterCountMax = 255

    /// In bytes of UTF-8.
    ///
    /// One character may hold any number of combining marks, so that a limit of characters alone
    /// is none; 8 bytes for each of 255 characters suit every script.
    public static let byteCountMax = 2_048

    public let text: String

    /// - Throws: ``TodoTitleError`` that names the rule broken.
    public init(_ untrimmed: String) throws(TodoTitleError) {
        // Nothing that was sent is walked through unbounded. White space counts here.
        guard untrimmed.utf8.count <= Self.byteCountMax else {
            throw .tooManyBytes(count: untrimmed.utf8.count)
        }
        let trimmed = Self.trim(untrimmed)
        var hasVisibleCharacter = false
        for scalar in trimmed.unicodeScalars {
            if Self.isRefused(scalar) { throw .refusedCharacter(scalar) }
            // Letters and digits of ASCII need no look into the Unicode tables.
            hasVisibleCharacter = hasVisibleCharacter || scalar.isASCII && scalar != " "
            hasVisibleCharacter = hasVisibleCharacter || Self.isVisible(scalar)
        }
        guard hasVisibleCharacter else { throw .empty }
        let characterCount = trimmed.count
        guard characterCount <= Self.characterCountMax else {
            throw .tooManyCharacters(count: characterCount)
        }
        text = String(trimmed)
    }

    private static func trim(_ text: String) -> Substring {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return text[first...last]
    }

    private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
    }
}
