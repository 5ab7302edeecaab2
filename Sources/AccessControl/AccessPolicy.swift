/// Who may do what: roles, permissions and scopes, compiled at start-up and never changed.
///
/// Every known permission is also a scope of the same name; other scopes are known by what they
/// imply. Names are compared exactly.
public struct AccessPolicy: Sendable {
    /// What the policy was made from.
    public let document: PolicyDocument

    /// Every known permission, in the order of its bit.
    public let permissions: [Permission]

    /// Every condition on claims, once each, in the order of its bit.
    public let claimConditions: [AccessCondition]

    /// Every condition on arguments, once each, in the order of its bit.
    public let argumentConditions: [AccessCondition]

    let declarations: [ProtectedOperation: OperationDeclaration]
    let indexByPermission: [ExactText: Int]
    private let grantByRole: [ExactText: PermissionSet]
    private let grantByScope: [ExactText: PermissionSet]
    private let requirementByOperation: [ProtectedOperation: Requirement]

    /// Compiles a policy document for a server.
    ///
    /// - Parameters:
    ///   - document: Roles, scopes and rules.
    ///   - operations: What the server has, and what each of it declares to need. A document that
    ///     names anything else is mistaken.
    /// - Throws: ``PolicyMistakes``, all of them.
    public init(
        _ document: PolicyDocument,
        for operations: [OperationDeclaration]
    ) throws(PolicyMistakes) {
        var compiler = PolicyCompiler(document, for: operations)
        compiler.compile(declaring: [.listTools, .callTools])
        guard compiler.mistakes.isEmpty else { throw PolicyMistakes(compiler.mistakes) }
        self.init(compiler)
    }

    /// Compiles a policy without rules: operations need what they declare.
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
        let document = PolicyDocument(roles: roles, impliedScopes: impliedScopes)
        var compiler = PolicyCompiler(document, for: [])
        compiler.compile(declaring: declared)
        if let mistake = compiler.mistakes.first { throw mistake.reason }
        self.init(compiler)
    }

    private init(_ compiled: PolicyCompiler) {
        document = compiled.document
        permissions = compiled.permissions
        claimConditions = compiled.claimConditions
        argumentConditions = compiled.argumentConditions
        declarations = Dictionary(
            compiled.declarations.map { ($0.operation, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        indexByPermission = compiled.indexByPermission
        grantByRole = compiled.grantByRole
        grantByScope = compiled.grantByScope
        requirementByOperation = compiled.requirements
    }

    /// Everything there is to permit.
    public var everything: PermissionSet { PermissionSet(first: permissions.count) }

    /// What an operation of the server requires: the rules of the document, or what it declares.
    ///
    /// A tool's requirement includes that of `tools/call`, which in turn includes `call:tools`.
    ///
    /// - Returns: `nil` if the policy was not made for a server that has it.
    public func requirement(of operation: ProtectedOperation) -> Requirement? {
        requirementByOperation[operation]
    }

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
    ///   - conditions: Which of ``claimConditions`` the claims satisfy.
    /// - Returns: What the token permits, and what it would with the widest scope.
    public func rights(
        roles: [String]?,
        scope: [String]?,
        permissions: [String]?,
        satisfying conditions: ConditionSet = ConditionSet()
    ) -> Rights {
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
        return Rights(
            effective: effective,
            ceilingWithoutScope: ceiling,
            satisfiedConditions: conditions
        )
    }

    /// What one role permits; `nil` if there is no such role.
    func grant(ofRole name: String) -> PermissionSet? { grantByRole[ExactText(name)] }

    /// What one scope permits; `nil` if the policy does not know it.
    func grant(ofScope name: String) -> PermissionSet? { grantByScope[ExactText(name)] }

    private func grant(ofRoles names: [String]) -> PermissionSet {
        var set = PermissionSet()
        for name in names {
            if let grant = grant(ofRole: name) { set.formUnion(grant) }
        }
        return set
    }

    private func grant(ofScope names: [String]) -> PermissionSet {
        var set = PermissionSet()
        for name in names {
            if let grant = grant(ofScope: name) { set.formUnion(grant) }
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
