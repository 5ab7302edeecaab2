import AccessControl
import JWT

/// One element of `issuers` in the configuration file.
///
/// What is mistaken has its default here. Nothing is served as long as there are mistakes, so that
/// such an entry only serves to find more of them.
package struct IssuerEntry: Hashable, Sendable {
    /// Where its keys come from.
    package enum Keys: Hashable, Sendable {
        case secretFile(path: String)
        case files([KeyFileEntry])
        case keySetURL(String)
        case discovery
    }

    /// A file of keys and what tokens call them, where the file does not say so itself.
    package struct KeyFileEntry: Hashable, Sendable {
        package var path: String
        package var algorithm: SignatureAlgorithm?
        package var keyID: String?

        package init(path: String = "", algorithm: SignatureAlgorithm? = nil, keyID: String? = nil)
        {
            self.path = path
            self.algorithm = algorithm
            self.keyID = keyID
        }
    }

    /// Where it stands: `issuers[0]`.
    package let place: String

    package var issuer = ""
    package var audiences: [String] = []

    /// Empty where the keys decide.
    package var algorithms: [SignatureAlgorithm] = []

    /// `nil` where that is mistaken.
    package var keys: Keys?
    package var profile = AccessTokenProfile.preferred
    package var rolesClaims: [[String]]?
    package var rolesRequired = false
    package var roleNames: [String: [String]]?
    package var scopeClaims: [[String]]?
    package var scopeNames: [String: [String]] = [:]
    package var permissionsClaim: [String]?
    package var workspace: WorkspaceRule?
}
