import JSON

/// The kinds of values that the keyword `type` names.
struct KindSet: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let null = KindSet(rawValue: 1)
    static let boolean = KindSet(rawValue: 2)
    static let integer = KindSet(rawValue: 4)
    static let number = KindSet(rawValue: 8)
    static let string = KindSet(rawValue: 16)
    static let array = KindSet(rawValue: 32)
    static let object = KindSet(rawValue: 64)

    private static let named: KeyValuePairs<String, KindSet> = [
        "string": .string, "integer": .integer, "number": .number, "boolean": .boolean,
        "array": .array, "object": .object, "null": .null,
    ]

    /// The kind with this name in `type`; `nil` if there is none.
    static func named(_ name: String) -> KindSet? {
        named.first { $0.key == name }?.value
    }

    /// Whether every value of the kind belongs to the set; integers are left to the caller.
    func admits(_ kind: JSONKind) -> Bool {
        switch kind {
        case .null: contains(.null)
        case .true, .false: contains(.boolean)
        case .number: contains(.number)
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        }
    }

    /// The kinds as they read in "must be …".
    var expectations: [String] {
        Self.named.filter { contains($0.value) }.map { name, kind in
            switch kind {
            case .boolean where self == .boolean: "true or false"
            case .integer, .array, .object: "an \(name)"
            case .null: name
            default: "a \(name)"
            }
        }
    }
}
