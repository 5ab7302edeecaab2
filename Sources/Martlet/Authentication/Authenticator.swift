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
        /// The token verifies, and the deny list names it.
        case revoked
    }

    private var verifier: TokenVerifier
    private let mappings: [String: ClaimMapping]
    private let policy: PolicyPair
    private let clockSkewSeconds: Int64
    private var cache = VerifiedTokenCache()
    private var denyList = DenyList()

    init(
        issuers: [IssuerConfiguration],
        canonicalURL: PublicURL,
        policy: PolicyPair,
        clockSkewSeconds: Int64
    ) throws(ConfigurationError) {
        var trusted: [TrustedIssuer] = []
        for issuer in issuers {
            do throws(KeyError) {
                trusted.append(try issuer.trustedIssuer(audiences: canonicalURL.audiences))
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
        mappings = Dictionary(
            issuers.map { ($0.issuer, ClaimMapping($0)) },
            uniquingKeysWith: { first, _ in first }
        )
        self.policy = policy
        self.clockSkewSeconds = clockSkewSeconds
    }

    /// Who bears `token`, if it verified before, to the byte, and is still in force.
    func knownPrincipal(bearing token: Span<UInt8>, nowSeconds: Int64) -> Principal? {
        cache.principal(for: token, nowSeconds: nowSeconds)
    }

    /// Who bears `token`, if it verifies now.
    func principal(
        bearing token: Span<UInt8>,
        nowSeconds: Int64
    ) throws(Refusal) -> Principal {
        let claims: ClaimsSet
        do throws(TokenRejection) {
            claims = try verifier.verify(token, at: NumericDate(seconds: nowSeconds))
        } catch {
            throw .token(error)
        }
        let principal = try principal(for: claims, of: token)
        guard !denyList.denies(principal, nowSeconds: nowSeconds) else { throw .revoked }
        let end = claims.expiresAt.advanced(bySeconds: clockSkewSeconds).seconds
        let beginning = claims.notBefore?.advanced(bySeconds: -clockSkewSeconds).seconds ?? .min
        cache.insert(token, principal, validSeconds: beginning..<end)
        return principal
    }

    /// Verifies by other keys from now on, tokens that are remembered included.
    ///
    /// - Throws: ``KeyError`` if one makes no key; nothing has changed then.
    func setKeys(_ materials: [KeyMaterial], ofIssuer issuer: String) throws(KeyError) {
        verifier.setKeys(try KeySet(making: materials), ofIssuer: issuer)
        cache.removeAll()
    }

    /// Refuses whatever `list` denies from now on, tokens that are remembered included.
    func deny(_ list: DenyList, nowSeconds: Int64) {
        denyList = list
        cache.removeAll { list.denies($0, nowSeconds: nowSeconds) }
    }

    private func principal(
        for claims: ClaimsSet,
        of token: Span<UInt8>
    ) throws(Refusal) -> Principal {
        guard let mapping = mappings[claims.issuer] else { throw .token(.untrustedIssuer) }
        let subject = Subject(issuer: claims.issuer, name: claims.subject)
        let callerClaims: CallerClaims
        do throws(TokenRejection) {
            callerClaims = try CallerClaims(claims, by: mapping, of: token, for: policy)
        } catch {
            throw .token(error)
        }
        return Principal(
            subject: subject,
            workspace: try workspace(in: claims, by: mapping, of: subject),
            rights: callerClaims.rights(under: policy.policy),
            roles: callerClaims.roles ?? [],
            expiresAtSeconds: claims.expiresAt.seconds,
            issuedAtSeconds: claims.issuedAt?.seconds,
            tokenID: claims.tokenID,
            candidate: policy.candidateRights(callerClaims)
        )
    }

    private func workspace(
        in claims: ClaimsSet,
        by mapping: ClaimMapping,
        of subject: Subject
    ) throws(Refusal) -> Workspace {
        do throws(WorkspaceRefusal) {
            return try mapping.workspace(in: claims, of: subject)
        } catch {
            throw .workspace(error)
        }
    }
}
