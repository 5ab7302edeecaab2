/// What a JSON value is, as its first byte tells (RFC 8259 §3).
public enum JSONKind: Hashable, Sendable {
    case object
    case array
    case string
    case number
    case `true`
    case `false`
    case null
}

extension JSONKind: CustomStringConvertible {
    /// The kind with its article, as it reads in "expected …, found …".
    public var description: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .true, .false: "a boolean"
        case .null: "null"
        }
    }
}
