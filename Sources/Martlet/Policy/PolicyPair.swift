internal import AccessControl
internal import JWT
internal import MCP

/// The policy that decides, and the one that is tried out beside it, if any.
///
/// A class, so that handing it on counts one reference instead of those of all its parts.
final class PolicyPair: Sendable {
    let policy: AccessPolicy
    let candidate: AccessPolicy?

    /// - Throws: ``ConfigurationError`` with all that is wrong with either.
    init(
        _ configuration: ServerConfiguration,
        for operations: [OperationDeclaration]
    ) throws(ConfigurationError) {
        do throws(PolicyMistakes) {
            policy = try AccessPolicy(configuration.policy, for: operations)
        } catch {
            throw .policy(error)
        }
        do throws(PolicyMistakes) {
            candidate = try configuration.shadowPolicy.map { document throws(PolicyMistakes) in
                try AccessPolicy(document, for: operations)
            }
        } catch {
            throw .shadowPolicy(error)
        }
    }

    /// Whether a decision can depend on more of the claims than roles and scopes.
    var hasClaimConditions: Bool {
        !policy.claimConditions.isEmpty || candidate?.claimConditions.isEmpty == false
    }

    /// What a principal may do under the candidate; `nil` without one.
    func candidateRights(_ claims: CallerClaims) -> CandidateRights? {
        candidate.map { CandidateRights(claims.rights(under: $0)) }
    }
}
