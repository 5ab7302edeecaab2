/// The bearer of a verified token: who it is, where it works and what it may do.
///
/// Immutable, and a class so that a cached principal travels with a request for one retain.
public final class Principal: Sendable {
    public let subject: Subject
    public let workspace: Workspace
    public let rights: Rights

    /// The role claim as the token has it, for logs; ``rights`` is what decides.
    public let roles: [String]

    /// The `exp` claim, in seconds since 1970; `nil` where no token stands behind the principal.
    public let expiresAtSeconds: Int64?

    /// The `jti` claim, by which a single token can be denied.
    public let tokenID: String?

    public init(
        subject: Subject,
        workspace: Workspace,
        rights: Rights,
        roles: [String] = [],
        expiresAtSeconds: Int64? = nil,
        tokenID: String? = nil
    ) {
        self.subject = subject
        self.workspace = workspace
        self.rights = rights
        self.roles = roles
        self.expiresAtSeconds = expiresAtSeconds
        self.tokenID = tokenID
    }

    public func decision(on requirement: Requirement) -> AccessDecision {
        requirement.decision(for: rights)
    }
}
