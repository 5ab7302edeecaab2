/// The members of an issuer in the configuration file.
package enum IssuerMember: String, CaseIterable, Sendable {
    case issuer
    case audiences
    case algorithms
    case secretFile = "secret-file"
    case keyFiles = "key-files"
    case keySetURL = "key-set-url"
    case discovery
    case profile
    case rolesClaims = "roles-claims"
    case rolesRequired = "roles-required"
    case roleNames = "role-names"
    case scopeClaims = "scope-claims"
    case scopeNames = "scope-names"
    case permissionsClaim = "permissions-claim"
    case workspace

    /// Where keys may come from, of which an issuer has one.
    package static let keySources: [IssuerMember] = [
        .secretFile, .keyFiles, .keySetURL, .discovery,
    ]

    /// What people call a secret that they write into the file by mistake.
    static let secretNames = ["secret", "jwt-secret", "client-secret", "key"]
}

/// The members of `workspace`.
package enum WorkspaceMember: String, CaseIterable, Sendable {
    case claim, names, absent
}

/// The members of an element of `key-files` that is more than a file name.
package enum KeyFileMember: String, CaseIterable, Sendable {
    case path, algorithm, kid
}
