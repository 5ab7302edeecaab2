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
        case tooFewItems(count: Int, countMin: Int)
        case repeatedItem(first: Int, second: Int)
        case tooFewContained(count: Int, countMin: Int)
        case tooManyContained(countMax: Int)
        case tooFewProperties(count: Int, countMin: Int)
        case tooManyProperties(countMax: Int)
        case forbiddenName(Excerpt)
        /// Required because the object has another property.
        case missingBeside(Excerpt)
        case notMultiple(of: Excerpt, value: Excerpt)
        /// A bound that is itself excluded.
        case notAbove(Excerpt, value: Excerpt)
        case notBelow(Excerpt, value: Excerpt)
        case patternMismatch(Excerpt)
        /// The allowed values are given as the schema writes them.
        case notAmong([Excerpt])
        case notEqual(Excerpt)
        /// There is no value that the schema accepts here.
        case forbidden
        /// The value satisfies what `not` forbids.
        case excluded
        case noAlternative(count: Int)
        /// The value satisfies two schemas of `oneOf`.
        case severalAlternatives(first: Int, second: Int)
        /// Whether the value satisfies the schema was not found out.
        case tooComplex(EvaluationBound)
    }

    /// How many of the values of an enumeration a message lists.
    static let optionCountMax = 32

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
