/// Who may do what: roles, permissions and scopes, compiled at start-up and never changed.
///
/// Every known permission is also a scope of the same name; other scopes are known by what they
/// imply. Names are compared exactly.
public struct AccessPolicy: Sendable {
    /// Every known permission, in the order of its bit.
    public let permissions: [Permission]

    private let indexByPermission: [ExactText: Int]
    private let grantByRole: [ExactText: PermissionSet]
    private let grantByScope: [ExactText: PermissionSet]

    /// Compiles a policy.
    ///
    /// - Parameters:
    ///   - roles: What the role claim may name. By default the tutorial's three.
    ///   - declared: What tools, resources and prompts require. What roles list is known anyway.
    ///   - impliedScopes: What a scope brings besides itself, by its name.
    /// - Throws: ``AccessPolicyError`` when a name is malformed or unknown, a role defined twice,
    ///   or a scope implies itself.
    public init(
        roles: [Role] = [.admin, .user, .readonly],
        declaring declared: [Permission] = Permission.todoService,
        impliedScopes: [String: [String]] = [:]
    ) throws(AccessPolicyError) {
        (permissions, indexByPermission) = try Self.index(roles: roles, declared: declared)
        grantByRole = try Self.grants(of: roles, indexByPermission, count: permissions.count)
        var closure = ScopeClosure(indexByPermission: indexByPermission, implied: impliedScopes)
        grantByScope = try closure.grants()
    }

    /// Everything there is to permit.
    public var everything: PermissionSet { PermissionSet(first: permissions.count) }

    /// What an operation that needs all of `needed` requires.
    ///
    /// - Returns: `nil` if the policy does not know one of them: it was not declared.
    public func requirement(_ needed: [Permission]) -> Requirement? {
        var set = PermissionSet()
        for permission in needed {
            guard let index = indexByPermission[ExactText(permission.name)] else { return nil }
            set.insert(index)
        }
        return Requirement(permissions: set)
    }

    /// The names in a set, in the order of their bits.
    public func permissions(in set: PermissionSet) -> [Permission] {
        permissions.indices.filter(set.contains).map { permissions[$0] }
    }

    /// The set as the value of a `scope` parameter: names with a space between (RFC 6749 §3.3).
    public func scope(naming set: PermissionSet) -> String {
        permissions(in: set).map(\.name).joined(separator: " ")
    }

    /// What the claims of one token add up to.
    ///
    /// The ceiling is what the roles permit where a role claim is present, otherwise what the scope
    /// names, otherwise nothing. With a role claim *and* a scope that names a known permission, by
    /// its name or by implication, it is what both permit; a scope that names none, such as
    /// `openid`, is ignored. A `permissions` claim takes away what it does not list.
    ///
    /// - Parameters:
    ///   - roles: The role claim; `nil` only if it is absent. A role that is unknown permits
    ///     nothing, and a list without a known role is still a role claim.
    ///   - scope: The names in the scope; `nil` or empty if there are none.
    ///   - permissions: The `permissions` claim; `nil` only if it is absent.
    /// - Returns: What the token permits, and what it would with the widest scope.
    public func rights(roles: [String]?, scope: [String]?, permissions: [String]?) -> Rights {
        let named = scope.map(grant(ofScope:)) ?? PermissionSet()
        var ceiling = everything
        var effective = named
        if let roles {
            ceiling = grant(ofRoles: roles)
            effective = named.isEmpty ? ceiling : ceiling.intersection(named)
        }
        if let permissions {
            let listed = grant(ofPermissions: permissions)
            ceiling = ceiling.intersection(listed)
            effective = effective.intersection(listed)
        }
        return Rights(effective: effective, ceilingWithoutScope: ceiling)
    }

    private func grant(ofRoles names: [String]) -> PermissionSet {
        var set = PermissionSet()
        for name in names {
            if let grant = grantByRole[ExactText(name)] { set.formUnion(grant) }
        }
        return set
    }

    private func grant(ofScope names: [String]) -> PermissionSet {
        var set = PermissionSet()
        for name in names {
            if let grant = grantByScope[ExactText(name)] { set.formUnion(grant) }
        }
        return set
    }

    private func grant(ofPermissions names: [String]) -> PermissionSet {
        var set = PermissionSet()
        for name in names {
            if let index = indexByPermission[ExactText(name)] { set.insert(index) }
        }
        return set
    }
}

// MARK: Compiling

extension AccessPolicy {
    /// Numbers every permission that a role lists or anything declares, once each.
    private static func index(
        roles: [Role],
        declared: [Permission]
    ) throws(AccessPolicyError) -> ([Permission], [ExactText: Int]) {
        var permissions: [Permission] = []
        var indexByPermission: [ExactText: Int] = [:]
        for permission in roles.flatMap(\.grant.listed) + declared {
            let key = ExactText(permission.name)
            guard indexByPermission[key] == nil else { continue }
            guard permission.name.isScopeToken else {
                throw .malformedPermission(name: permission.name)
            }
            guard permissions.count < PermissionSet.countMax else {
                throw .tooManyPermissions(countMax: PermissionSet.countMax)
            }
            indexByPermission[key] = permissions.count
            permissions.append(permission)
        }
        return (permissions, indexByPermission)
    }

    private static func grants(
        of roles: [Role],
        _ indexByPermission: [ExactText: Int],
        count: Int
    ) throws(AccessPolicyError) -> [ExactText: PermissionSet] {
        var grants: [ExactText: PermissionSet] = [:]
        for role in roles {
            guard !role.name.isEmpty else { throw .emptyRoleName }
            guard grants[ExactText(role.name)] == nil else {
                throw .duplicateRole(name: role.name)
            }
            var set = role.grant == .everything ? PermissionSet(first: count) : PermissionSet()
            for permission in role.grant.listed {
                if let index = indexByPermission[ExactText(permission.name)] { set.insert(index) }
            }
            grants[ExactText(role.name)] = set
        }
        return grants
    }
}

extension Role.Grant {
    fileprivate var listed: [Permission] {
        switch self {
        case .everything: []
        case .permissions(let permissions): permissions
        }
    }
}
