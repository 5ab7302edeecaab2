internal import AccessControl
internal import JSON

/// Reads one condition of a policy file: where a value is, and what it must be.
struct PolicyConditionReader {
    private var path: (source: AccessCondition.Source, names: [String])?
    private var test: AccessCondition.Test?
    private var sourceCount = 0
    private var testCount = 0
    private var isFaulty = false

    private static let sourceNames = AccessCondition.Source.allCases.map(\.rawValue)
    private static let testNames = ["equals", "prefix", "in", "contains"]

    /// - Returns: `nil` if the condition is mistaken, which `reader` has been told.
    mutating func read(
        _ json: inout JSONReader,
        _ reader: inout PolicyFileReader,
        at place: PolicyPlace
    ) throws(JSONError) -> AccessCondition? {
        let kind = try json.peek()
        let start = json.position
        // The closure may not change both this value and the reader it is called by.
        var copy = self
        try reader.readMembers(&json, at: place) { (reader, json, name, place) throws(JSONError) in
            try copy.readMember(name, &json, &reader, at: place)
        } known: {
            Self.sourceNames + Self.testNames
        }
        self = copy
        guard kind == .object else { return nil }
        if sourceCount != 1 { reader.report(.notOneOf(Self.sourceNames), at: start, place) }
        if testCount != 1 { reader.report(.notOneOf(Self.testNames), at: start, place) }
        guard sourceCount == 1, testCount == 1, !isFaulty, let path, let test else { return nil }
        return AccessCondition(path.source, at: path.names, test)
    }

    /// - Returns: `false` if a condition has no such member.
    private mutating func readMember(
        _ name: String,
        _ json: inout JSONReader,
        _ reader: inout PolicyFileReader,
        at place: PolicyPlace
    ) throws(JSONError) -> Bool {
        if let source = AccessCondition.Source(rawValue: name) {
            sourceCount += 1
            path = (source, try readPath(&json, &reader, at: place))
            return true
        }
        switch name {
        case "equals":
            test = try readValue(&json, &reader, at: place).map { .equals($0) }
        case "contains":
            test = try readValue(&json, &reader, at: place).map { .contains($0) }
        case "prefix":
            test = try reader.readText(&json, at: place).map { .prefix(ExactText($0)) }
        case "in":
            var values: [AccessCondition.Value] = []
            var copy = self
            try reader.readElements(&json, at: place) { (reader, json, place) throws(JSONError) in
                let value = try copy.readValue(&json, &reader, at: place)
                if let value { values.append(value) }
            }
            self = copy
            test = .isIn(values)
        default:
            return false
        }
        testCount += 1
        if test == nil { isFaulty = true }
        return true
    }

    /// `"realm_access.roles"`, or `["https://example.com/groups"]` for names with full stops.
    private mutating func readPath(
        _ json: inout JSONReader,
        _ reader: inout PolicyFileReader,
        at place: PolicyPlace
    ) throws(JSONError) -> [String] {
        switch try json.peek() {
        case .string:
            let start = json.position
            let string = try json.readString()
            let text = json.text(of: string)
            if text.contains("://") {
                isFaulty = true
                reader.report(.urlAsPath, at: start, place)
            }
            return text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        case .array:
            var names: [String] = []
            try reader.readElements(&json, at: place) { (reader, json, place) throws(JSONError) in
                if let name = try reader.readText(&json, at: place) { names.append(name) }
            }
            return names
        case let kind:
            isFaulty = true
            let form = "a string or an array of strings"
            reader.report(.wrongKind(kind, expected: form), at: json.position, place)
            try json.skipValue()
            return []
        }
    }

    private mutating func readValue(
        _ json: inout JSONReader,
        _ reader: inout PolicyFileReader,
        at place: PolicyPlace
    ) throws(JSONError) -> AccessCondition.Value? {
        let kind = try json.peek()
        let start = json.position
        switch kind {
        case .string:
            let string = try json.readString()
            return .string(ExactText(json.text(of: string)))
        case .true, .false:
            return .boolean(try json.readBool())
        case .number:
            let number = try json.readNumber()
            if let integer = json.integer(of: number) { return .integer(integer) }
            reader.report(.notAnInteger, at: start, place)
        case .null, .array, .object:
            let form = "a string, an integer or a boolean"
            reader.report(.wrongKind(kind, expected: form), at: start, place)
            try json.skipValue()
        }
        isFaulty = true
        return nil
    }
}
