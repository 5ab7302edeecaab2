extension AccessPolicy {
    /// Decides as a server does, and says why.
    ///
    /// - Parameters:
    ///   - operation: What is asked for.
    ///   - roles: The role claim; `nil` only if it is absent.
    ///   - scope: The names in the scope; `nil` or empty if there are none.
    ///   - permissions: The `permissions` claim; `nil` only if it is absent.
    ///   - claims: Which of ``claimConditions`` the claims satisfy.
    ///   - arguments: Which of ``argumentConditions`` the arguments satisfy; `nil` if they are not
    ///     known.
    /// - Returns: `nil` if the policy was not made for a server that has the operation.
    public func explain(
        _ operation: ProtectedOperation,
        roles: [String]?,
        scope: [String]?,
        permissions: [String]?,
        satisfying claims: ConditionSet,
        arguments: ConditionSet?
    ) -> AccessExplanation? {
        guard let requirement = requirement(of: operation) else { return nil }
        let rights = rights(
            roles: roles,
            scope: scope,
            permissions: permissions,
            satisfying: claims
        )
        let involved = [operation.kind.method, operation].compactMap(\.self)
        return AccessExplanation(
            roles: roles?.map { .init(name: $0, permissions: names(grant(ofRole: $0))) },
            scope: scope?.map { .init(name: $0, permissions: names(grant(ofScope: $0))) },
            permissionsClaim: permissions?.map { name in
                let isKnown = indexByPermission[ExactText(name)] != nil
                return .init(name: name, permissions: isKnown ? [Permission(name)] : nil)
            },
            effective: names(rights.effective),
            operations: involved.map { explain(rulesOf: $0, rights, arguments) },
            decision: arguments.map { requirement.decision(for: rights, satisfying: $0) }
                ?? requirement.decision(for: rights)
        )
    }

    /// The names of what the server has of a kind, sorted.
    public func operations(of kind: ProtectedOperation.Kind) -> [String] {
        declarations.keys.filter { $0.kind == kind }.map(\.name).sorted()
    }

    private func names(_ set: PermissionSet) -> [Permission] { permissions(in: set) }

    private func names(_ set: PermissionSet?) -> [Permission]? { set.map { permissions(in: $0) } }

    private func explain(
        rulesOf operation: ProtectedOperation,
        _ rights: Rights,
        _ arguments: ConditionSet?
    ) -> AccessExplanation.OperationFinding {
        let entry = document.entries.first { $0.operation == operation }
        var rules = entry?.rules ?? [AccessRule(declarations[operation]?.permissions ?? [])]
        if operation == .callTool {
            for index in rules.indices where !rules[index].permissions.contains(.callTools) {
                rules[index].permissions.append(.callTools)
            }
        }
        return AccessExplanation.OperationFinding(
            operation: operation,
            origin: entry == nil ? .declaration : .document,
            rules: rules.map { rule in
                AccessExplanation.RuleFinding(
                    permissions: rule.permissions.map { finding($0, rights) },
                    conditions: rule.conditions.map { finding($0, rights, arguments) }
                )
            }
        )
    }

    private func finding(
        _ permission: Permission,
        _ rights: Rights
    ) -> AccessExplanation.PermissionFinding {
        var state = AccessExplanation.PermissionFinding.State.withheld
        if let index = indexByPermission[ExactText(permission.name)] {
            if rights.effective.contains(index) {
                state = .held
            } else if rights.ceilingWithoutScope.contains(index) {
                state = .outsideScope
            }
        }
        return .init(permission: permission, state: state)
    }

    private func finding(
        _ condition: AccessCondition,
        _ rights: Rights,
        _ arguments: ConditionSet?
    ) -> AccessExplanation.ConditionFinding {
        switch condition.source {
        case .claim:
            let index = claimConditions.firstIndex(of: condition)
            let holds = index.map(rights.satisfiedConditions.contains) ?? false
            return .init(condition: condition, holds: holds)
        case .argument:
            guard let index = argumentConditions.firstIndex(of: condition) else {
                return .init(condition: condition, holds: false)
            }
            return .init(condition: condition, holds: arguments?.contains(index))
        }
    }
}
