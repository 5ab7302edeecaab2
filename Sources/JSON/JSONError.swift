/// Why bytes are not the JSON text (RFC 8259) that was asked for, and where.
public struct JSONError: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// The input ends where the grammar wants more.
        case endOfInput
        /// What stands here begins no value.
        case expectedValue
        case expectedMemberName
        case expectedColon
        case expectedCommaOrEnd
        case malformedNumber
        case malformedEscape
        /// Half of a surrogate pair, which stands for no character.
        ///
        /// RFC 8259 §8.2 leaves its meaning open; this reader refuses it, so that every string has
        /// one reading.
        case loneSurrogate
        /// A byte below 0x20 in a string, where it must be escaped (RFC 8259 §7).
        case controlCharacter
        /// Not UTF-8, which RFC 8259 §8.1 requires.
        case invalidUTF8
        case tooDeep(depthMax: Int)
        /// Something other than white space follows the value.
        case trailingBytes
        /// Sound JSON, but another kind of value than the caller reads.
        case unexpectedKind(JSONKind, expected: JSONKind)
    }

    public let reason: Reason

    /// Index of the offending byte; the length of the input where that is too short.
    public let offset: Int

    public init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String {
        "\(reason) at byte \(offset)"
    }
}

extension JSONError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .endOfInput: "input ends too early"
        case .expectedValue: "expected a value"
        case .expectedMemberName: "expected a member name in quotation marks"
        case .expectedColon: "expected a colon after the member name"
        case .expectedCommaOrEnd: "expected a comma or the end of the object or array"
        case .malformedNumber: "malformed number"
        case .malformedEscape: "malformed escape sequence"
        case .loneSurrogate: "escape sequence for one half of a surrogate pair"
        case .controlCharacter: "control character in a string"
        case .invalidUTF8: "string is not UTF-8"
        case .tooDeep(let depthMax): "objects and arrays nested more than \(depthMax) deep"
        case .trailingBytes: "unexpected bytes after the value"
        case .unexpectedKind(let found, let expected): "expected \(expected), found \(found)"
        }
    }
}
