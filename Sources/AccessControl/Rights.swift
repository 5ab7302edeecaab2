/// What one principal may do, worked out once from the claims of a token.
public struct Rights: Hashable, Sendable {
    /// What the token permits as it is.
    public let effective: PermissionSet

    /// What a token of the same principal with the widest scope would permit.
    ///
    /// A permission outside is withheld by the role or the `permissions` claim, and asking the
    /// authorization server for more scope cannot help.
    public let ceilingWithoutScope: PermissionSet

    /// The policy's conditions on claims that hold for the token.
    public let satisfiedConditions: ConditionSet

    /// - Precondition: `effective` is within `ceilingWithoutScope`.
    init(
        effective: PermissionSet,
        ceilingWithoutScope: PermissionSet,
        satisfiedConditions: ConditionSet = ConditionSet()
    ) {
        precondition(effective.isSubset(of: ceilingWithoutScope), "a scope only takes away")
        self.effective = effective
        self.ceilingWithoutScope = ceilingWithoutScope
        self.satisfiedConditions = satisfiedConditions
    }

    /// The rights of somebody who has none and can get none.
    public static let none = Rights(effective: .init(), ceilingWithoutScope: .init())
}
