/// Why a text cannot be the title of a to-do.
public enum TodoTitleError: Error, Hashable, Sendable {
    /// Nothing is left to see once white space is dropped.
    case empty
    case tooManyCharacters(count: Int)
    case tooManyBytes(count: Int)
    /// A control character, a line separator or a bidirectional control.
    case refusedCharacter(Unicode.Scalar)
}

extension TodoTitleError: CustomStringConvertible {
    /// A sentence that tells the caller what to send instead.
    public var description: String {
        switch self {
        case .empty:
            "The title is empty; send 1 to \(TodoTitle.characterCountMax) characters."
        case .tooManyCharacters(let count):
            """
            The title has \(count) characters; \
            shorten it to at most \(TodoTitle.characterCountMax).
            """
        case .tooManyBytes(let count):
            """
            The title has \(count) bytes of UTF-8; \
            shorten it to at most \(TodoTitle.byteCountMax).
            """
        case .refusedCharacter(let scalar):
            """
            The title contains U+\(Self.hexadecimal(scalar)), a control character; \
            send one line of plain text without it.
            """
        }
    }

    /// Four digits at least, as Unicode writes its code points.
    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
