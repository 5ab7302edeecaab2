public import AccessControl
public import JWT

/// One issuer of tokens, and how its claims are read.
public struct IssuerConfiguration: Sendable {
    /// What `iss` must be, exactly.
    public var issuer: String

    /// What `aud` must name one of, exactly; empty means the server's canonical URI.
    public var audiences: [String]

    /// Where the keys are that its tokens are verified with.
    public var keySource: KeySource

    /// What its tokens may be signed with; empty allows what its keys are bound to, and of a
    /// fetched set all but symmetric ones.
    public var algorithms: [SignatureAlgorithm] = []

    /// Whether its tokens must follow RFC 9068.
    public var profile = AccessTokenProfile.ignored

    /// Which workspace a token's bearer works in.
    public var workspace: WorkspaceRule

    /// Where roles are, as paths of member names; all of those that are there count.
    public var roleClaimPaths: [[String]] = [["role"], ["roles"]]

    /// Whether a token without a role claim has no rights, rather than those that its scope names.
    public var requiresRoles = false

    /// What the issuer's roles or groups are called here.
    ///
    /// A role that is not among them counts for nothing; `nil` takes roles as they are.
    public var roleNames: [String: [String]]?

    /// Where the scope is; the first of those that are there counts.
    public var scopeClaimPaths = scopeClaimPathsDefault

    public static let scopeClaimPathsDefault = [["scope"], ["scp"]]

    /// What the issuer's scopes are called here.
    ///
    /// A scope that is not among them counts as it is: scopes only narrow what a role permits, and
    /// one that is dropped would not.
    public var scopeNames: [String: [String]] = [:]

    /// What takes away from the rights all that it does not list, where it is there.
    public var permissionsClaimPath = ["permissions"]

    public init(
        _ issuer: String,
        audiences: [String] = [],
        keys: KeySource,
        workspace: WorkspaceRule
    ) {
        self.issuer = issuer
        self.audiences = audiences
        keySource = keys
        self.workspace = workspace
    }

    /// An issuer with which secrets are shared.
    public init(
        _ issuer: String,
        audiences: [String] = [],
        keys: [SharedSecret],
        workspace: WorkspaceRule
    ) {
        self.init(issuer, audiences: audiences, keys: .secrets(keys), workspace: workspace)
    }

    /// The issuer for one loop, with keys that no other loop has.
    package func trustedIssuer(audiences canonical: [String]) throws(KeyError) -> TrustedIssuer {
        TrustedIssuer(
            issuer,
            audiences: audiences.isEmpty ? canonical : audiences,
            algorithms: algorithms,
            profile: profile,
            keys: try knownKeys()
        )
    }

    /// `nil` if they are to be fetched first.
    private func knownKeys() throws(KeyError) -> KeySet? {
        switch keySource {
        case .keys(let materials):
            return try KeySet(making: materials)
        case .secrets(let secrets):
            var keys: [VerificationKey] = []
            for secret in secrets { keys.append(try secret.material().makeKey()) }
            return KeySet(keys)
        case .keySetURL, .discovery:
            return nil
        }
    }
}
