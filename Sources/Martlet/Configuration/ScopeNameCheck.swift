internal import AccessControl

/// Whether the names that an issuer's scopes go by exist.
///
/// A scope that names nothing known leaves everything to the role, so that a misspelled name would
/// quietly stop a scope from narrowing.
enum ScopeNameCheck {
    /// - Throws: ``ConfigurationError/unknownScope(issuer:scope:name:)`` for the first, in the
    ///   order of the issuers and then of the scopes.
    static func check(
        _ issuers: [IssuerConfiguration],
        under policy: AccessPolicy
    ) throws(ConfigurationError) {
        for issuer in issuers {
            for (scope, names) in issuer.scopeNames.sorted(by: { $0.key < $1.key }) {
                for name in names {
                    let rights = policy.rights(roles: nil, scope: [name], permissions: nil)
                    guard rights.effective.isEmpty else { continue }
                    throw .unknownScope(issuer: issuer.issuer, scope: scope, name: name)
                }
            }
        }
    }
}
