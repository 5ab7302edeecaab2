/// The permissions that an operation needs, all of them.
///
/// A tool call needs `call:tools` and what the tool itself declares. ``AccessPolicy`` makes
/// requirements from names, once, at start-up.
public struct Requirement: Hashable, Sendable {
    public let permissions: PermissionSet

    init(permissions: PermissionSet) {
        self.permissions = permissions
    }

    /// Asks for nothing: open to every principal whose token verifies.
    public static let none = Requirement(permissions: .init())

    /// This and another requirement together.
    public func and(_ other: Requirement) -> Requirement {
        Requirement(permissions: permissions.union(other.permissions))
    }

    /// Whether `rights` suffice, and if not, whether a wider scope could change that.
    public func decision(for rights: Rights) -> AccessDecision {
        if permissions.isSubset(of: rights.effective) { return .allowed }
        if permissions.isSubset(of: rights.ceilingWithoutScope) {
            return .insufficientScope(needed: permissions)
        }
        return .forbidden(missing: permissions.subtracting(rights.ceilingWithoutScope))
    }
}
