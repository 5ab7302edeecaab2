/// What follows from a requirement and a principal's rights.
public enum AccessDecision: Hashable, Sendable {
    case allowed

    /// Whether the call is allowed, or how it is refused, follows from its arguments, which are not
    /// known yet.
    ///
    /// Decided before the body only, and settled by
    /// ``Requirement/decision(for:satisfying:)`` after it.
    case dependsOnArguments

    /// A wider scope would help: `insufficient_scope` (RFC 6750 §3.1).
    ///
    /// `needed` is all that the operation needs, what the principal already has included, since a
    /// client that steps up replaces its scope. Of several rules it is the first that a wider scope
    /// would satisfy.
    case insufficientScope(needed: PermissionSet)

    /// Role, `permissions` claim or a condition withhold it, and no scope brings it back.
    ///
    /// `missing` is what the principal cannot have of the first rule; empty if it is conditions
    /// alone that fail, or nobody may.
    case forbidden(missing: PermissionSet)
}
