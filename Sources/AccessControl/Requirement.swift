/// What an operation needs: permissions, all of them, or one of several rules.
///
/// A tool call needs `call:tools` and what the tool itself declares, or what the policy says in the
/// place of that. ``AccessPolicy`` makes requirements from names, once, at start-up.
public struct Requirement: Hashable, Sendable {
    /// A rule in bits: satisfied by who holds all permissions where all conditions hold.
    struct Alternative: Hashable, Sendable {
        var permissions = PermissionSet()
        var claims = ConditionSet()
        var arguments = ConditionSet()

        func and(_ other: Alternative) -> Alternative {
            Alternative(
                permissions: permissions.union(other.permissions),
                claims: claims.union(other.claims),
                arguments: arguments.union(other.arguments)
            )
        }
    }

    /// Every permission that some rule names.
    public let permissions: PermissionSet

    /// What the first rule names; the least that a caller is told to ask for.
    public var permissionsOfFirstRule: PermissionSet {
        rules.first?.permissions ?? PermissionSet()
    }

    /// Every condition on arguments that some rule places.
    public let argumentConditions: ConditionSet

    /// Whether ``permissions`` is all there is: one rule without conditions, by far the most
    /// frequent.
    private let isPlain: Bool

    /// Empty if ``isPlain``, so that such a requirement holds no storage that loops would share and
    /// count references to.
    private let alternatives: [Alternative]

    init(permissions: PermissionSet) {
        self.init([Alternative(permissions: permissions)])
    }

    /// - Parameter alternatives: One of them must be satisfied; without any, nobody can.
    init(_ alternatives: [Alternative]) {
        permissions = alternatives.reduce(PermissionSet()) { $0.union($1.permissions) }
        argumentConditions = alternatives.reduce(ConditionSet()) { $0.union($1.arguments) }
        isPlain =
            alternatives.count == 1 && alternatives[0].claims.isEmpty
            && alternatives[0].arguments.isEmpty
        self.alternatives = isPlain ? [] : alternatives
    }

    private var rules: [Alternative] {
        isPlain ? [Alternative(permissions: permissions)] : alternatives
    }

    /// Asks for nothing: open to every principal whose token verifies.
    public static let none = Requirement(permissions: .init())

    /// This and another requirement together.
    public func and(_ other: Requirement) -> Requirement {
        Requirement(rules.flatMap { own in other.rules.map { own.and($0) } })
    }

    /// Whether `rights` suffice, and if not, whether a wider scope could change that.
    ///
    /// Before the arguments are known: what they could change is
    /// ``AccessDecision/dependsOnArguments``.
    public func decision(for rights: Rights) -> AccessDecision {
        isPlain ? plainDecision(for: rights) : decisionBeforeArguments(for: rights)
    }

    /// The same once the arguments are known, `arguments` being the conditions they satisfy.
    ///
    /// Never ``AccessDecision/dependsOnArguments``.
    public func decision(
        for rights: Rights,
        satisfying arguments: ConditionSet
    ) -> AccessDecision {
        guard !isPlain else { return plainDecision(for: rights) }
        var needed: PermissionSet?
        for rule in alternatives
        where rule.claims.isSubset(of: rights.satisfiedConditions)
            && rule.arguments.isSubset(of: arguments)
        {
            if rule.permissions.isSubset(of: rights.effective) { return .allowed }
            if needed == nil, rule.permissions.isSubset(of: rights.ceilingWithoutScope) {
                needed = rule.permissions
            }
        }
        return needed.map { .insufficientScope(needed: $0) } ?? refusal(of: rights)
    }

    /// Whether there are arguments with which `rights` suffice.
    public func canBeMet(by rights: Rights) -> Bool {
        guard !isPlain else { return permissions.isSubset(of: rights.effective) }
        for rule in alternatives
        where rule.claims.isSubset(of: rights.satisfiedConditions)
            && rule.permissions.isSubset(of: rights.effective)
        {
            return true
        }
        return false
    }

    private func plainDecision(for rights: Rights) -> AccessDecision {
        if permissions.isSubset(of: rights.effective) { return .allowed }
        if permissions.isSubset(of: rights.ceilingWithoutScope) {
            return .insufficientScope(needed: permissions)
        }
        return .forbidden(missing: permissions.subtracting(rights.ceilingWithoutScope))
    }

    /// One answer if it is the same whichever of the conditions on arguments hold.
    private func decisionBeforeArguments(for rights: Rights) -> AccessDecision {
        var dependsOnArguments = false
        // What a refusal would name: settled by the first rule that needs a wider scope and no
        // arguments, unless a rule before it would name something else.
        var needed: PermissionSet?
        var isSettled = false
        for rule in alternatives where rule.claims.isSubset(of: rights.satisfiedConditions) {
            if rule.permissions.isSubset(of: rights.effective) {
                if rule.arguments.isEmpty { return .allowed }
                dependsOnArguments = true
            } else if !isSettled, rule.permissions.isSubset(of: rights.ceilingWithoutScope) {
                isSettled = rule.arguments.isEmpty
                if let needed, needed != rule.permissions { dependsOnArguments = true }
                needed = needed ?? rule.permissions
            }
        }
        if dependsOnArguments { return .dependsOnArguments }
        guard let needed else { return refusal(of: rights) }
        return isSettled ? .insufficientScope(needed: needed) : .dependsOnArguments
    }

    private func refusal(of rights: Rights) -> AccessDecision {
        let wanted = alternatives.first?.permissions ?? PermissionSet()
        return .forbidden(missing: wanted.subtracting(rights.ceilingWithoutScope))
    }
}
