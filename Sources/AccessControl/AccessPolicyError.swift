/// Why roles, permissions, scopes and rules make no policy, found at start-up.
public enum AccessPolicyError: Error, Hashable, Sendable {
    case tooManyPermissions(countMax: Int)
    /// No `scope-token` (RFC 6749 §3.3), so nothing that a scope or challenge can carry.
    case malformedPermission(name: String)
    case malformedScope(name: String)
    case emptyRoleName
    case duplicateRole(name: String)
    /// A scope implies what is neither a permission nor a configured scope.
    case unknownScope(name: String, impliedBy: String)
    /// Each scope implies the next, and the last one is the first.
    case cyclicScopes(path: [String])

    /// The server has nothing of this name.
    case unknownOperation(ProtectedOperation, similar: String?)
    /// The server has nothing of this kind at all.
    case noOperations(ProtectedOperation.Kind)
    case duplicateOperation(ProtectedOperation)
    case tooManyRules(countMax: Int)
    /// A rule asks for what no role lists and no operation declares.
    case unknownPermission(name: String, similar: String?)
    case tooManyConditions(AccessCondition.Source, countMax: Int)
    /// A condition on arguments where a request has none.
    case noArguments(ProtectedOperation.Kind)
    case emptyPath
    case pathTooLong(countMax: Int)
    /// Every string begins with nothing.
    case emptyPrefix
    case noValues
    case tooManyValues(countMax: Int)
}

extension AccessPolicyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooManyPermissions(let countMax):
            "roles, rules and operations name more than \(countMax) permissions"
        case .malformedPermission(let name):
            "\(name.debugDescription) cannot be a permission: \(Self.scopeTokenRule)"
        case .malformedScope(let name):
            "\(name.debugDescription) cannot be a scope: \(Self.scopeTokenRule)"
        case .emptyRoleName:
            "a role has an empty name"
        case .duplicateRole(let name):
            "the role \(name.debugDescription) is defined twice"
        case .unknownScope(let name, let implier):
            "the scope \(implier.debugDescription) implies \(name.debugDescription), which is "
                + "neither a permission nor a configured scope"
        case .cyclicScopes(let path):
            "scopes imply each other in a circle: \(path.joined(separator: " → "))"
        case .unknownOperation(let operation, let similar):
            "the server has no \(operation.kind.rawValue) "
                + operation.name.debugDescription + Self.suggestion(similar)
        case .noOperations(let kind):
            "the server has no \(kind.memberName)"
        case .duplicateOperation(let operation):
            "the \(operation.kind.rawValue) \(operation.name.debugDescription) has rules twice"
        case .tooManyRules(let countMax):
            "an operation has more than \(countMax) rules"
        case .unknownPermission(let name, let similar):
            "no role lists the permission \(name.debugDescription) and nothing declares it"
                + Self.suggestion(similar)
        case .tooManyConditions(let source, let countMax):
            "rules place more than \(countMax) different conditions on \(source.rawValue)s"
        case .noArguments(let kind):
            "a request for a \(kind.rawValue) has no arguments on which to place a condition"
        case .emptyPath:
            "a path has no name, or an empty one"
        case .pathTooLong(let countMax):
            "a path has more than \(countMax) names"
        case .emptyPrefix:
            "every string begins with the empty prefix"
        case .noValues:
            "no value is in an empty list"
        case .tooManyValues(let countMax):
            "a list has more than \(countMax) values"
        }
    }

    private static func suggestion(_ similar: String?) -> String {
        similar.map { "; did you mean \($0.debugDescription)?" } ?? ""
    }

    private static let scopeTokenRule =
        "a name is visible ASCII without quotation mark and reverse solidus (RFC 6749 §3.3)"
}
