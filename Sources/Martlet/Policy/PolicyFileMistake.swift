public import AccessControl
public import JSON

/// Something wrong with a policy file, and where.
public struct PolicyFileMistake: Error, Hashable, Sendable {
    /// How messages call the file.
    public let path: String

    /// Counted from 1; `nil` if it is the file as a whole.
    public let line: Int?
    public let place: PolicyPlace
    public let fault: PolicyFileFault

    init(
        path: String,
        line: Int?,
        place: PolicyPlace = PolicyPlace(),
        _ fault: PolicyFileFault
    ) {
        self.path = path
        self.line = line
        self.place = place
        self.fault = fault
    }

    var isFatal: Bool {
        switch fault {
        case .tooLong, .malformed: true
        default: false
        }
    }
}

/// What can be wrong with a policy file.
public enum PolicyFileFault: Hashable, Sendable {
    case tooLong(byteCountMax: Int)
    case malformed(JSONError)
    case unknownMember(name: String, similar: String?)
    case repeatedMember(name: String)
    case missingMember(name: String)
    case wrongKind(JSONKind, expected: String)
    /// None of the members of which exactly one is needed, or several.
    case notOneOf([String])
    case notAnInteger
    /// `"*"` stands for everything only where it stands alone.
    case everythingInList
    /// Full stops separate names, and a URL has some of its own.
    case urlAsPath
    /// The file is sound, and the policy is not.
    case policy(AccessPolicyError)
}

extension PolicyFileMistake: CustomStringConvertible {
    public var description: String {
        let location = line.map { "\(path) line \($0)" } ?? path
        return place.steps.isEmpty ? "\(location): \(fault)" : "\(location): \(place): \(fault)"
    }
}

extension PolicyFileFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong(let byteCountMax):
            "a policy file has at most \(byteCountMax) bytes"
        case .malformed(let error):
            "not one JSON object: \(error)"
        case .unknownMember(let name, .some(let similar)):
            "\(Self.quoted(name)) does not exist here; did you mean \(Self.quoted(similar))?"
        case .unknownMember(let name, .none):
            "\(Self.quoted(name)) does not exist here; remove it"
        case .repeatedMember(let name):
            "\(Self.quoted(name)) stands here twice; remove one"
        case .missingMember(let name):
            "\(Self.quoted(name)) is missing"
        case .wrongKind(let found, let expected):
            "must be \(expected), and is \(found)"
        case .notOneOf(let names):
            "must have exactly one of \(names.map(Self.quoted).joined(separator: ", "))"
        case .notAnInteger:
            "must be an integer from \(Int.min) to \(Int.max)"
        case .everythingInList:
            "\"*\" permits everything only where it stands alone: write \"*\" without brackets"
        case .urlAsPath:
            "full stops separate names; write a name that has some as an array: [\"https://…\"]"
        case .policy(let error):
            "\(error)"
        }
    }

    /// What somebody typed, on one line of bounded length.
    private static func quoted(_ name: String) -> String {
        let characterCountMax = 80
        let text = name.count > characterCountMax ? "\(name.prefix(characterCountMax))…" : name
        return text.debugDescription
    }
}
