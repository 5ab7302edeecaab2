/// Why roles, permissions and scopes make no policy, found at start-up.
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
}

extension AccessPolicyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooManyPermissions(let countMax):
            "roles and tools name more than \(countMax) permissions"
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
        }
    }

    private static let scopeTokenRule =
        "a name is visible ASCII without quotation mark and reverse solidus (RFC 6749 §3.3)"
}
