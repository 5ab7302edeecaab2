import JSON

/// The first way in which a value differs from its schema.
///
/// The description is a sentence for the model that made the call: what must change, and what the
/// value was. It repeats at most one ``Excerpt`` of what was sent.
public struct SchemaViolation: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        case malformed(JSONError)
        case missing
        case repeated
        case unknownProperty(name: Excerpt, known: [String])
        case wrongKind(JSONKind, expected: String)
        case notAnInteger(value: Excerpt)
        /// Bounds are given as JSON writes them.
        case belowMinimum(String, value: Excerpt)
        case aboveMaximum(String, value: Excerpt)
        case tooShort(length: Int, lengthMin: Int)
        case tooLong(length: Int, lengthMax: Int)
        case forbiddenCharacters(CharacterClass)
        case notInEnumeration([String], value: Excerpt)
        case tooManyItems(countMax: Int)
    }

    /// Where it is, in names of properties and indices: `filter.tags[2]`.
    ///
    /// Empty for the value itself.
    public private(set) var path: String

    public let reason: Reason

    init(_ reason: Reason, at path: String = "") {
        self.reason = reason
        self.path = path
    }

    /// The same violation, seen from the object around.
    func inside(_ propertyName: String) -> SchemaViolation {
        let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return SchemaViolation(reason, at: propertyName + separator + path)
    }

    /// The same violation, seen from the array around.
    func inside(elementAt index: Int) -> SchemaViolation {
        let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return SchemaViolation(reason, at: "[\(index)]" + separator + path)
    }
}

extension SchemaViolation: CustomStringConvertible {
    public var description: String {
        let subject = path.isEmpty ? "the value" : path
        return switch reason {
        case .malformed(let error):
            "\(subject) is not JSON: \(error)"
        case .missing:
            "\(subject) is required"
        case .repeated:
            "\(subject) is given more than once"
        case .unknownProperty(let name, let known):
            unknownProperty(name, known: known)
        case .wrongKind(let found, let expected):
            "\(subject) must be \(expected); it is \(found)"
        case .notAnInteger(let value):
            "\(subject) must be an integer; it is \(value)"
        case .belowMinimum(let minimum, let value):
            "\(subject) must be at least \(minimum); it is \(value)"
        case .aboveMaximum(let maximum, let value):
            "\(subject) must be at most \(maximum); it is \(value)"
        case .tooShort(let length, let lengthMin):
            "\(subject) must be at least \(counted(lengthMin, "character")); it has \(length)"
        case .tooLong(let length, let lengthMax):
            "\(subject) must be at most \(counted(lengthMax, "character")); it has \(length)"
        case .forbiddenCharacters(let characters):
            "\(subject) must consist of \(characters)"
        case .notInEnumeration(let values, let value):
            "\(subject) must be one of \(quoted(values)); it is \"\(value)\""
        case .tooManyItems(let countMax):
            "\(subject) must have at most \(counted(countMax, "item"))"
        }
    }

    private func unknownProperty(_ name: Excerpt, known: [String]) -> String {
        let place = path.isEmpty ? "" : " in \(path)"
        guard !known.isEmpty else { return "unknown argument \"\(name)\"\(place); none is taken" }
        let taker = path.isEmpty ? "this tool" : "it"
        return "unknown argument \"\(name)\"\(place); \(taker) takes: "
            + known.joined(separator: ", ")
    }

    private func quoted(_ values: [String]) -> String {
        values.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
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
