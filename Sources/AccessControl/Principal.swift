/// The bearer of a verified token: who it is, where it works and what it may do.
///
/// Immutable, and a class so that a cached principal travels with a request for one retain.
public final class Principal: Sendable {
    public let subject: Subject
    public let workspace: Workspace
    public let rights: Rights

    /// What a policy that is tried out beside the real one would permit; `nil` without one.
    ///
    /// Behind a reference, so that a principal without one pays a word for it.
    public let candidate: CandidateRights?

    /// The role claim as the token has it, for logs; ``rights`` is what decides.
    public let roles: [String]

    /// The `exp` claim, in seconds since 1970; `nil` where no token stands behind the principal.
    public let expiresAtSeconds: Int64?

    /// The `iat` claim, in seconds since 1970, by which tokens can be denied up to a date; `nil` if
    /// nobody says.
    public let issuedAtSeconds: Int64?

    /// The `jti` claim, by which a single token can be denied.
    public let tokenID: String?

    public init(
        subject: Subject,
        workspace: Workspace,
        rights: Rights,
        roles: [String] = [],
        expiresAtSeconds: Int64? = nil,
        issuedAtSeconds: Int64? = nil,
        tokenID: String? = nil,
        candidate: CandidateRights? = nil
    ) {
        self.subject = subject
        self.workspace = workspace
        self.rights = rights
        self.roles = roles
        self.expiresAtSeconds = expiresAtSeconds
        self.issuedAtSeconds = issuedAtSeconds
        self.tokenID = tokenID
        self.candidate = candidate
    }

    public func decision(on requirement: Requirement) -> AccessDecision {
        requirement.decision(for: rights)
    }
}

/// The rights of a principal under a policy that decides nothing yet.
public final class CandidateRights: Sendable {
    public let rights: Rights

    public init(_ rights: Rights) {
        self.rights = rights
    }
}
