/// Turns the names of a policy document into bits, and collects every mistake on the way.
struct PolicyCompiler {
    let document: PolicyDocument

    /// What the server has; in the order of its lists.
    let declarations: [OperationDeclaration]

    private(set) var mistakes: [PolicyMistake] = []
    private(set) var permissions: [Permission] = []
    private(set) var indexByPermission: [ExactText: Int] = [:]
    private(set) var grantByRole: [ExactText: PermissionSet] = [:]
    private(set) var grantByScope: [ExactText: PermissionSet] = [:]
    private(set) var claimConditions: [AccessCondition] = []
    private(set) var argumentConditions: [AccessCondition] = []
    private(set) var requirements: [ProtectedOperation: Requirement] = [:]

    private var indexByCondition: [AccessCondition: Int] = [:]

    init(_ document: PolicyDocument, for declarations: [OperationDeclaration]) {
        self.document = document
        self.declarations = declarations
    }

    /// - Parameter declared: Permissions that exist besides those of roles and declarations.
    mutating func compile(declaring declared: [Permission]) {
        indexPermissions(declared)
        compileRoles()
        compileScopes()
        compileEntries()
        for declaration in declarations { requireDeclared(declaration) }
        for declaration in declarations { requireMethod(of: declaration.operation) }
    }

    private mutating func report(_ reason: AccessPolicyError, at place: PolicyPlace) {
        mistakes.append(PolicyMistake(reason, at: place))
    }
}

// Roles and scopes.

extension PolicyCompiler {
    /// Numbers every permission that a role lists or anything declares, once each.
    private mutating func indexPermissions(_ declared: [Permission]) {
        for role in document.roles {
            let place = PolicyPlace([.member("roles"), .member(role.name)])
            for (offset, permission) in role.grant.listed.enumerated() {
                guard index(permission, at: place.element(offset)) else { return }
            }
        }
        for permission in declared + declarations.flatMap(\.permissions) {
            guard index(permission, at: PolicyPlace()) else { return }
        }
    }

    /// - Returns: `false` if there are more than a set can tell apart.
    private mutating func index(_ permission: Permission, at place: PolicyPlace) -> Bool {
        let key = ExactText(permission.name)
        guard indexByPermission[key] == nil else { return true }
        guard permission.name.isScopeToken else {
            report(.malformedPermission(name: permission.name), at: place)
            return true
        }
        guard permissions.count < PermissionSet.countMax else {
            report(.tooManyPermissions(countMax: PermissionSet.countMax), at: place)
            return false
        }
        indexByPermission[key] = permissions.count
        permissions.append(permission)
        return true
    }

    private mutating func compileRoles() {
        for role in document.roles {
            let place = PolicyPlace([.member("roles"), .member(role.name)])
            guard !role.name.isEmpty else {
                report(.emptyRoleName, at: place)
                continue
            }
            guard grantByRole[ExactText(role.name)] == nil else {
                report(.duplicateRole(name: role.name), at: place)
                continue
            }
            var set = PermissionSet()
            if role.grant == .everything { set = PermissionSet(first: permissions.count) }
            for permission in role.grant.listed {
                if let index = indexByPermission[ExactText(permission.name)] { set.insert(index) }
            }
            grantByRole[ExactText(role.name)] = set
        }
    }

    private mutating func compileScopes() {
        var closure = ScopeClosure(
            indexByPermission: indexByPermission,
            implied: document.impliedScopes
        )
        grantByScope = closure.grants()
        for mistake in closure.mistakes {
            let place = PolicyPlace([.member("implied-scopes"), .member(mistake.scope)])
            report(mistake.reason, at: place)
        }
    }
}

// Rules.

extension PolicyCompiler {
    private mutating func compileEntries() {
        let known = Set(declarations.map(\.operation))
        for entry in document.entries {
            let operation = entry.operation
            let place = PolicyPlace([
                .member(operation.kind.memberName), .member(operation.name),
            ])
            if !known.contains(operation) {
                report(fault(ofUnknown: operation), at: place)
            }
            if requirements[operation] != nil {
                report(.duplicateOperation(operation), at: place)
            }
            var rules = entry.rules
            if rules.count > PolicyDocument.ruleCountMax {
                report(.tooManyRules(countMax: PolicyDocument.ruleCountMax), at: place)
                rules.removeLast(rules.count - PolicyDocument.ruleCountMax)
            }
            var alternatives: [Requirement.Alternative] = []
            for (offset, rule) in rules.enumerated() {
                let place = place.element(offset)
                alternatives.append(alternative(rule, of: operation, at: place))
            }
            requirements[operation] = Requirement(alternatives)
        }
    }

    private func fault(ofUnknown operation: ProtectedOperation) -> AccessPolicyError {
        let names = declarations.map(\.operation).filter { $0.kind == operation.kind }.map(\.name)
        if names.isEmpty { return .noOperations(operation.kind) }
        return .unknownOperation(
            operation,
            similar: Similarity.nearest(to: operation.name, in: names)
        )
    }

    private mutating func alternative(
        _ rule: AccessRule,
        of operation: ProtectedOperation,
        at place: PolicyPlace
    ) -> Requirement.Alternative {
        var alternative = Requirement.Alternative()
        for (offset, permission) in rule.permissions.enumerated() {
            if let index = indexByPermission[ExactText(permission.name)] {
                alternative.permissions.insert(index)
            } else {
                let similar = Similarity.nearest(
                    to: permission.name,
                    in: permissions.map(\.name)
                )
                report(
                    .unknownPermission(name: permission.name, similar: similar),
                    at: place.member("permissions").element(offset)
                )
            }
        }
        for (offset, condition) in rule.conditions.enumerated() {
            let place = place.member("when").element(offset)
            for fault in condition.faults { report(fault, at: place) }
            if condition.source == .argument, !operation.kind.hasArguments {
                report(.noArguments(operation.kind), at: place)
            }
            guard let index = index(of: condition, at: place) else { continue }
            switch condition.source {
            case .claim: alternative.claims.insert(index)
            case .argument: alternative.arguments.insert(index)
            }
        }
        return alternative
    }

    /// The bit of a condition, the same wherever the condition stands.
    private mutating func index(of condition: AccessCondition, at place: PolicyPlace) -> Int? {
        if let index = indexByCondition[condition] { return index }
        let isOnClaims = condition.source == .claim
        let index = isOnClaims ? claimConditions.count : argumentConditions.count
        guard index < ConditionSet.countMax else {
            let fault = AccessPolicyError.tooManyConditions(
                condition.source,
                countMax: ConditionSet.countMax
            )
            if !mistakes.contains(where: { $0.reason == fault }) { report(fault, at: place) }
            return nil
        }
        if isOnClaims {
            claimConditions.append(condition)
        } else {
            argumentConditions.append(condition)
        }
        indexByCondition[condition] = index
        return index
    }

    /// What the document does not mention keeps what it declares.
    private mutating func requireDeclared(_ declaration: OperationDeclaration) {
        let operation = declaration.operation
        if requirements[operation] == nil {
            requirements[operation] = Requirement(permissions: set(declaration.permissions))
        }
        if operation == .callTool, let own = requirements[operation] {
            let always = Requirement(permissions: set([.callTools]))
            requirements[operation] = own.and(always)
        }
    }

    /// To call a tool is to be allowed the method that calls it, too.
    private mutating func requireMethod(of operation: ProtectedOperation) {
        guard let method = operation.kind.method, let own = requirements[operation] else { return }
        if let required = requirements[method] {
            requirements[operation] = own.and(required)
        } else if operation.kind == .tool {
            requirements[operation] = own.and(Requirement(permissions: set([.callTools])))
        }
    }

    private func set(_ permissions: [Permission]) -> PermissionSet {
        var set = PermissionSet()
        for permission in permissions {
            if let index = indexByPermission[ExactText(permission.name)] { set.insert(index) }
        }
        return set
    }
}

extension ProtectedOperation.Kind {
    /// The method by which one is asked for; `nil` for a method itself.
    var method: ProtectedOperation? {
        switch self {
        case .tool: .callTool
        case .resource: .method("resources/read")
        case .prompt: .method("prompts/get")
        case .method: nil
        }
    }
}

extension AccessCondition {
    /// What makes this a condition that nothing or everything satisfies.
    fileprivate var faults: [AccessPolicyError] {
        var faults: [AccessPolicyError] = []
        if path.isEmpty || path.contains("") { faults.append(.emptyPath) }
        if path.count > Self.pathCountMax {
            faults.append(.pathTooLong(countMax: Self.pathCountMax))
        }
        switch test {
        case .equals, .contains: break
        case .prefix(let text): if text.text.isEmpty { faults.append(.emptyPrefix) }
        case .isIn(let values):
            if values.isEmpty { faults.append(.noValues) }
            if values.count > Self.valueCountMax {
                faults.append(.tooManyValues(countMax: Self.valueCountMax))
            }
        }
        return faults
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
