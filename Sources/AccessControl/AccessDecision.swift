/// What follows from a requirement and a principal's rights.
///
/// Both facts are known before the body of a request is read. An operation whose requirement the
/// arguments settle has no place here yet; it is to be a case of its own, so that every `switch`
/// has to say what it does before the arguments are known.
public enum AccessDecision: Hashable, Sendable {
    case allowed

    /// A wider scope would help: `insufficient_scope` (RFC 6750 §3.1).
    ///
    /// `needed` is all that the operation needs, what the principal already has included, since a
    /// client that steps up replaces its scope.
    case insufficientScope(needed: PermissionSet)

    /// Role or `permissions` claim withhold `missing`, and no scope brings it back.
    case forbidden(missing: PermissionSet)
}
