internal import AccessControl
internal import Bytes
internal import JWT

/// Turns tokens into principals, on one loop.
///
/// Not `Sendable`: keys and cache belong to the loop.
final class Authenticator {
    /// Why a token gives no principal.
    enum Refusal: Error, Hashable {
        case token(TokenRejection)
        case workspace(WorkspaceRefusal)

    }

    private let verifier: TokenVerifier
    private let issuers: [String: IssuerConfiguration]
    private let policy: AccessPolicy
    private let clockSkewSeconds: Int64
    private var cache = VerifiedTokenCache()

    init(
        issuers: [IssuerConfiguration],
        canonicalURI: String,
        policy: AccessPolicy,
        clockSkewSeconds: Int64
    ) throws(ConfigurationError) {
        var trusted: [TrustedIssuer] = []
        for issuer in issuers {
            do throws(KeyError) {
                trusted.append(try issuer.trustedIssuer(canonicalURI: canonicalURI))
            } catch {
                throw .key(error)
            }
        }
        do throws(TrustError) {
            verifier = try TokenVerifier(
                issuers: trusted,
                clockSkewSeconds: Int(clamping: clockSkewSeconds)
            )
        } catch {
            throw .trust(error)
        }
        self.issuers = Dictionary(
            issuers.map { ($0.issuer, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.policy = policy
        self.clockSkewSeconds = clockSkewSeconds
    }

    /// Who bears `token`, if it verifies now.
    ///
    /// A token that verified before, to the byte, is not verified again while it is in force.
    func principal(
        bearing token: Span<UInt8>,
        nowSeconds: Int64
    ) throws(Refusal) -> Principal {
        if let principal = cache.principal(for: token, nowSeconds: nowSeconds) { return principal }
        let claims: ClaimsSet
        do throws(TokenRejection) {
            claims = try verifier.verify(token, at: NumericDate(seconds: nowSeconds))
        } catch {
            throw .token(error)
        }
        let principal = try principal(for: claims)
        let end = claims.expiresAt.advanced(bySeconds: clockSkewSeconds)
        cache.insert(token, principal, validBeforeSeconds: end.seconds)
        return principal
    }

    private func principal(for claims: ClaimsSet) throws(Refusal) -> Principal {
        guard let issuer = issuers[claims.issuer] else { throw .token(.untrustedIssuer) }
        let subject = Subject(issuer: claims.issuer, name: claims.subject)
        let roles = roles(in: claims, of: issuer)
        return Principal(
            subject: subject,
            workspace: try workspace(in: claims, of: issuer, subject: subject),
            rights: policy.rights(
                roles: roles,
                scope: claims.scope,
                permissions: claims.strings(at: issuer.permissionsClaimPath)
            ),
            roles: roles ?? [],
            expiresAtSeconds: claims.expiresAt.seconds,
            tokenID: claims.tokenID
        )
    }

    /// The union of the role claims; `nil` only if none is there.
    private func roles(in claims: ClaimsSet, of issuer: IssuerConfiguration) -> [String]? {
        var roles: [String]?
        for path in issuer.roleClaimPaths {
            if let named = claims.strings(at: path) { roles = (roles ?? []) + named }
        }
        return roles
    }

    private func workspace(
        in claims: ClaimsSet,
        of issuer: IssuerConfiguration,
        subject: Subject
    ) throws(Refusal) -> Workspace {
        var claim = WorkspaceRule.Claim.absent
        if let path = issuer.workspace.claimPath, claims.contains(at: path) {
            claim = claims.string(at: path).map { .name($0) } ?? .malformed
        }
        do throws(WorkspaceRefusal) {
            return try issuer.workspace.workspace(for: subject, claim: claim)
        } catch {
            throw .workspace(error)
        }
    }
}
