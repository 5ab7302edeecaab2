public import AccessControl
internal import Bytes

/// Who may: before the body where that can be said, and otherwise with the arguments at hand.
extension Dispatcher {
    /// What can be said of a modern request before its body is read.
    ///
    /// The fields name the method and the tool; the body must repeat them or is refused, so a
    /// decision on the fields is a decision on the request. What they leave open (an unknown tool,
    /// a field that is missing) is allowed here and refused with the body.
    public func decisionBeforeBody(
        _ fields: borrowing MirroredFields,
        of caller: Principal
    ) -> AccessDecision {
        guard fields.method.count == 1 else { return .allowed }
        switch Method(field: fields.method.value.span) {
        case .toolsList:
            return access.listTools.decision(for: caller.rights)
        case .toolsCall:
            guard let index = toolIndex(namedBy: fields) else {
                return access.callTools.decision(for: caller.rights)
            }
            let decision = access.tools[index].decision(for: caller.rights)
            if candidate != nil, decision.isRefusal {
                compare(decision, onToolAt: index, of: caller, arguments: nil)
            }
            return decision
        case .serverDiscover:
            return access.discover.decision(for: caller.rights)
        case .resourcesRead:
            guard let place = resourcePlace(namedBy: fields) else { return .allowed }
            return access[place].decision(for: caller.rights)
        case .promptsGet:
            guard let index = promptIndex(namedBy: fields) else { return .allowed }
            return access.prompts[index].decision(for: caller.rights)
        case .resourcesList:
            return access.listResources.decision(for: caller.rights)
        case .resourceTemplatesList:
            return access.listTemplates.decision(for: caller.rights)
        case .promptsList:
            return access.listPrompts.decision(for: caller.rights)
        case .subscriptionsListen:
            return access.listen.decision(for: caller.rights)
        case .tasksGet, .tasksUpdate, .tasksCancel:
            // Whatever the task: which there are is for their owners to know.
            guard registry.features.hasTasks else { return .allowed }
            return access.callTools.decision(for: caller.rights)
        default:
            return .allowed
        }
    }

    /// What the tool, resource or prompt needs that a modern request names, as its first rule has
    /// it.
    ///
    /// - Returns: `nil` if the request names nothing of this server.
    public func permissionsNamed(by fields: borrowing MirroredFields) -> PermissionSet? {
        guard fields.method.count == 1 else { return nil }
        switch Method(field: fields.method.value.span) {
        case .toolsCall:
            return toolIndex(namedBy: fields).map { access.tools[$0].permissionsOfFirstRule }
        case .resourcesRead:
            return resourcePlace(namedBy: fields).map { access[$0].permissionsOfFirstRule }
        case .promptsGet:
            return promptIndex(namedBy: fields).map { access.prompts[$0].permissionsOfFirstRule }
        default: return nil
        }
    }

    // What `Mcp-Name` names; `nil` if that is nothing of this server.

    func toolIndex(namedBy fields: borrowing MirroredFields) -> Int? {
        guard fields.name.count == 1 else { return nil }
        return HeaderText.read(fields.name.value.span) { registry.toolIndex(named: $0) } ?? nil
    }

    func promptIndex(namedBy fields: borrowing MirroredFields) -> Int? {
        guard fields.name.count == 1 else { return nil }
        return HeaderText.read(fields.name.value.span) { registry.promptIndex(named: $0) } ?? nil
    }

    func resourcePlace(
        namedBy fields: borrowing MirroredFields
    ) -> FeatureRegistry.ResourcePlace? {
        guard fields.name.count == 1 else { return nil }
        let uri = HeaderText.read(fields.name.value.span) { String(validating: $0) } ?? nil
        return uri.flatMap { registry.resourcePlace(of: $0) }
    }

    /// Whether a prompt may be got with these arguments.
    func promptDecision(
        at index: Int,
        of caller: Principal,
        arguments: Span<UInt8>
    ) -> AccessDecision {
        let decision = access.prompts[index].decision(for: caller.rights)
        guard decision == .dependsOnArguments else { return decision }
        return Self.settle(access.prompts[index], policy, caller.rights, arguments)
    }

    /// Whether a tool may be called with these arguments, which no schema has judged yet.
    ///
    /// Arguments that are no object satisfy no condition.
    func decision(
        onToolAt index: Int,
        of caller: Principal,
        arguments: Span<UInt8>
    ) -> AccessDecision {
        var decision = access.tools[index].decision(for: caller.rights)
        if decision == .dependsOnArguments {
            decision = Self.settle(access.tools[index], policy, caller.rights, arguments)
        }
        if candidate != nil { compare(decision, onToolAt: index, of: caller, arguments: arguments) }
        return decision
    }

    /// Reports what the candidate would have decided, if that is something else.
    private func compare(
        _ decision: AccessDecision,
        onToolAt index: Int,
        of caller: Principal,
        arguments: Span<UInt8>?
    ) {
        guard let candidate, let candidateAccess, let rights = caller.candidate?.rights else {
            return
        }
        let requirement = candidateAccess.tools[index]
        var other = requirement.decision(for: rights)
        if other == .dependsOnArguments, let arguments {
            other = Self.settle(requirement, candidate.policy, rights, arguments)
        }
        if decision == .allowed, other == .allowed { return }
        let outcome = policy.outcome(of: decision)
        let otherOutcome = candidate.policy.outcome(of: other)
        guard outcome != otherOutcome else { return }
        candidate.report(
            PolicyDivergence(
                subject: caller.subject,
                operation: .tool(registry.tools[index].name),
                outcome: outcome,
                candidate: otherOutcome
            )
        )
    }

    private static func settle(
        _ requirement: Requirement,
        _ policy: AccessPolicy,
        _ rights: Rights,
        _ arguments: Span<UInt8>
    ) -> AccessDecision {
        let satisfied = policy.conditions(
            requirement.argumentConditions,
            satisfiedBy: arguments
        )
        return requirement.decision(for: rights, satisfying: satisfied)
    }
}
