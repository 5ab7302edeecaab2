internal import AccessControl
internal import Bytes

/// Turns API keys into principals, on one loop.
///
/// Not `Sendable`: what it remembers belongs to the loop. A key that was accepted is remembered as
/// it was received, so that the next request with it costs a look-up and a comparison, as with
/// tokens; a new list makes it forget everything.
final class APIKeyAuthenticator {
    /// Why a key gives no principal.
    enum Refusal: Error, Hashable {
        /// No key was ever given out that looks so.
        case malformed
        /// Never made, revoked, or with another secret: the server cannot tell, or must not.
        case unknown
        case expired
        /// On the deny list.
        case denied
    }

    private struct Accepted {
        let text: ByteBuffer
        let principal: Principal
        let expiresSeconds: Int64?
    }

    private let policy: PolicyPair
    private var keys = APIKeySet()
    private var denyList = DenyList()

    /// One for each key at most.
    private var accepted: [APIKeyID: Accepted] = [:]

    init(policy: PolicyPair) {
        self.policy = policy
    }

    /// Decides by other lists from now on.
    func replace(_ content: AccessLists.Content) {
        keys = content.apiKeys ?? APIKeySet()
        denyList = content.denyList
        accepted = [:]
    }

    /// Who bears the key in `text`, if it is good now.
    func principal(
        bearing text: Span<UInt8>,
        nowSeconds: Int64
    ) throws(Refusal) -> Principal {
        guard let id = APIKey.id(in: text) else { throw .malformed }
        if let known = accepted[id], known.text.span.equalsInConstantTime(text),
            known.expiresSeconds.map({ nowSeconds < $0 }) ?? true
        {
            return known.principal
        }
        let key: APIKey
        do throws(APIKey.Flaw) {
            key = try APIKey(text)
        } catch {
            throw .malformed
        }
        guard let record = keys[id], record.hash.matches(key) else { throw .unknown }
        guard !record.hasExpired(nowSeconds: nowSeconds) else { throw .expired }
        let principal = principal(of: record)
        guard !denyList.denies(principal, nowSeconds: nowSeconds) else { throw .denied }
        accepted[id] = Accepted(
            text: ByteBuffer(copying: text),
            principal: principal,
            expiresSeconds: record.expiresSeconds
        )
        return principal
    }

    private func principal(of record: APIKeyRecord) -> Principal {
        let holder = record.holder
        return Principal(
            subject: Subject(issuer: APIKeySet.issuer, name: holder.name),
            workspace: holder.workspace,
            rights: policy.policy.rights(of: holder),
            roles: holder.roles,
            expiresAtSeconds: record.expiresSeconds,
            issuedAtSeconds: record.createdSeconds,
            tokenID: "\(record.id)",
            candidate: policy.candidate.map { CandidateRights($0.rights(of: holder)) }
        )
    }
}

extension AccessPolicy {
    /// What an API key permits.
    ///
    /// It has no claims, so no condition on claims holds for it.
    func rights(of holder: APIKeyHolder) -> Rights {
        rights(roles: holder.roles, scope: nil, permissions: holder.permissions)
    }
}

extension APIKeyAuthenticator.Refusal {
    /// For the client: an `error_description` beside `invalid_token` (RFC 6750 §3).
    var challengeDescription: String {
        switch self {
        case .malformed, .unknown: "the API key is not known"
        case .expired: "the API key has expired"
        case .denied: "the API key has been revoked"
        }
    }
}

extension Span<UInt8> {
    /// Takes as long wherever the first difference is: how much of a secret is right shall not be
    /// measured.
    fileprivate func equalsInConstantTime(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}
