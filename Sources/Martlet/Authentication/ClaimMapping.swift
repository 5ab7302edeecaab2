internal import AccessControl
internal import JWT

/// What the claims of one issuer mean here: which roles, scopes and permissions they name, and
/// which workspace.
///
/// Whatever cannot be read limits the bearer or is refused. It is never taken for absent, since a
/// role, a scope or a permission that is absent leaves more to the others.
///
/// A class, so that handing it on counts one reference instead of those of all its parts.
final class ClaimMapping: Sendable {
    private let roleClaimPaths: [[String]]
    private let requiresRoles: Bool

    /// By the bytes of the issuer's name: `String` would find names that are canonically equivalent.
    private let roleNames: [[UInt8]: [String]]?

    private let scopeClaimPaths: [[String]]
    private let scopeNames: [[UInt8]: [String]]
    private let permissionsClaimPath: [String]
    private let workspace: WorkspaceRule

    init(_ issuer: IssuerConfiguration) {
        roleClaimPaths = issuer.roleClaimPaths
        requiresRoles = issuer.requiresRoles
        roleNames = issuer.roleNames.map(Self.byBytes)
        scopeClaimPaths = issuer.scopeClaimPaths
        scopeNames = Self.byBytes(issuer.scopeNames)
        permissionsClaimPath = issuer.permissionsClaimPath
        workspace = issuer.workspace
    }

    /// The union of the role claims, in this server's names; `nil` only if none is there and none
    /// is required.
    func roles(in claims: ClaimsSet) -> [String]? {
        var roles: [String]? = requiresRoles ? [] : nil
        for path in roleClaimPaths {
            if let named = strings(at: path, in: claims) { roles = (roles ?? []) + named }
        }
        guard let roleNames else { return roles }
        return roles?.flatMap { roleNames[Array($0.utf8)] ?? [] }
    }

    /// The names in the first scope claim that is there, in this server's names; `nil` if none is.
    ///
    /// - Throws: ``TokenRejection/malformedClaim(_:)`` if it cannot be read. A scope that names
    ///   nothing would leave everything to the role, so an empty list counts as unreadable unless
    ///   the claim is one of the two that ``ClaimsSet`` itself has read.
    func scope(in claims: ClaimsSet) throws(TokenRejection) -> [String]? {
        let scope: [String]?
        if scopeClaimPaths == IssuerConfiguration.scopeClaimPathsDefault {
            scope = claims.scope
        } else {
            scope = try configuredScope(in: claims)
        }
        guard !scopeNames.isEmpty else { return scope }
        return scope?.flatMap { scopeNames[Array($0.utf8)] ?? [$0] }
    }

    /// What the `permissions` claim lists; `nil` only if it is absent.
    func permissions(in claims: ClaimsSet) -> [String]? {
        strings(at: permissionsClaimPath, in: claims)
    }

    func workspace(
        in claims: ClaimsSet,
        of subject: Subject
    ) throws(WorkspaceRefusal) -> Workspace {
        var claim = WorkspaceRule.Claim.absent
        if let path = workspace.claimPath {
            if claims.contains(at: path) {
                claim = claims.string(at: path).map { .name($0) } ?? .malformed
            } else if isElsewhere(path, in: claims) {
                claim = .malformed
            }
        }
        return try workspace.workspace(for: subject, claim: claim)
    }

    private func configuredScope(in claims: ClaimsSet) throws(TokenRejection) -> [String]? {
        for path in scopeClaimPaths {
            guard let texts = strings(at: path, in: claims) else { continue }
            guard !texts.isEmpty else { throw .malformedClaim(.scope) }
            return texts.flatMap { $0.split(separator: " ").map(String.init) }
        }
        return nil
    }

    /// The strings at `path`; none if the claim is there and cannot be read, `nil` if it is absent.
    private func strings(at path: [String], in claims: ClaimsSet) -> [String]? {
        claims.strings(at: path) ?? (isElsewhere(path, in: claims) ? [] : nil)
    }

    /// Whether the issuer says that it has the claim and that the token does not.
    ///
    /// `_claim_names` lists claims that are to be fetched from somewhere else (OpenID Connect Core
    /// §5.6.2). Microsoft Entra ID names `groups` there when somebody is in too many of them.
    private func isElsewhere(_ path: [String], in claims: ClaimsSet) -> Bool {
        path.first.map { claims.contains(at: ["_claim_names", $0]) } ?? false
    }

    private static func byBytes(_ names: [String: [String]]) -> [[UInt8]: [String]] {
        var map: [[UInt8]: [String]] = [:]
        for (name, meaning) in names { map[Array(name.utf8)] = meaning }
        return map
    }
}
