internal import AccessControl
internal import JSON
internal import JWT
internal import MCP

/// What the claims of one token say of its bearer's rights, before a policy has judged them.
struct CallerClaims: Sendable {
    /// The role claim in this server's names; `nil` only if it is absent.
    let roles: [String]?
    let scope: [String]?
    let permissions: [String]?

    /// All claims, where some policy places conditions on them.
    private let json: RawJSON?

    /// - Parameters:
    ///   - claims: What `token` says, verified.
    ///   - mapping: How its issuer's claims are read.
    ///   - token: The token.
    ///   - policy: What may ask for more than roles and scopes.
    /// - Throws: ``TokenRejection`` if the scope cannot be read.
    init(
        _ claims: ClaimsSet,
        by mapping: ClaimMapping,
        of token: Span<UInt8>,
        for policy: PolicyPair
    ) throws(TokenRejection) {
        roles = mapping.roles(in: claims)
        scope = try mapping.scope(in: claims)
        permissions = mapping.permissions(in: claims)
        // Verified with the token a moment ago.
        json =
            policy.hasClaimConditions
            ? try TokenInspection(decoding: token).unverifiedPayload : nil
    }

    func rights(under policy: AccessPolicy) -> Rights {
        policy.rights(
            roles: roles,
            scope: scope,
            permissions: permissions,
            satisfying: satisfiedConditions(of: policy)
        )
    }

    /// The policy's conditions on claims that hold.
    func satisfiedConditions(of policy: AccessPolicy) -> ConditionSet {
        guard let json, !policy.claimConditions.isEmpty else { return ConditionSet() }
        return policy.claimConditions(satisfiedBy: json.span)
    }
}
