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
        case .tooFewItems(let count, let countMin):
            "\(subject) must have at least \(counted(countMin, "item")); it has \(count)"
        case .repeatedItem(let first, let second):
            "\(subject) must not repeat an item; \(second) is the same as \(first), counted from 0"
        case .tooFewContained(let count, let countMin):
            "\(subject) must have at least \(counted(countMin, "item")) of the kind that the "
                + "schema asks for; it has \(count)"
        case .tooManyContained(let countMax):
            "\(subject) must have at most \(counted(countMax, "item")) of the kind that the schema "
                + "asks for"
        case .tooFewProperties(let count, let countMin):
            "\(subject) must have at least \(counted(countMin, "member")); it has \(count)"
        case .tooManyProperties(let countMax):
            "\(subject) must have at most \(counted(countMax, "member"))"
        case .forbiddenName(let name):
            "\(subject) must not have a member with the name \"\(name)\""
        case .missingBeside(let name):
            "\(subject) is required where \"\(name)\" is given"
        case .notMultiple(let divisor, let value):
            "\(subject) must be a multiple of \(divisor); it is \(value)"
        case .notAbove(let bound, let value):
            "\(subject) must be more than \(bound); it is \(value)"
        case .notBelow(let bound, let value):
            "\(subject) must be less than \(bound); it is \(value)"
        case .patternMismatch(let pattern):
            "\(subject) must match the regular expression \(pattern)"
        case .notAmong(let values):
            "\(subject) must be one of \(listed(values))"
        case .notEqual(let value):
            "\(subject) must be \(value)"
        case .forbidden:
            "\(subject) is not allowed"
        case .excluded:
            "\(subject) must not be what the schema excludes"
        case .noAlternative(let count):
            "\(subject) must satisfy one of \(count) alternatives; it satisfies none"
        case .severalAlternatives(let first, let second):
            "\(subject) must satisfy exactly one of the alternatives; it satisfies "
                + "\(first + 1) and \(second + 1)"
        case .tooComplex(let bound):
            "\(subject) is too complex to be checked: \(bound)"
        }
    }

    private func unknownProperty(_ name: Excerpt, known: [String]) -> String {
        let place = path.isEmpty ? "" : " in \(path)"
        guard !known.isEmpty else { return "unknown argument \"\(name)\"\(place); none is taken" }
        let taker = path.isEmpty ? "this tool" : "it"
        return "unknown argument \"\(name)\"\(place); \(taker) takes: "
            + known.joined(separator: ", ")
    }

    private func listed(_ values: [Excerpt]) -> String {
        guard !values.isEmpty else { return "no values at all" }
        let shown = values.prefix(Self.optionCountMax).map(\.text).joined(separator: ", ")
        return values.count > Self.optionCountMax ? shown + ", …" : shown
    }

    private func quoted(_ values: [String]) -> String {
        values.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}
