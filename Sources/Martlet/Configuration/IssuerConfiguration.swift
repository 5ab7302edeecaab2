public import AccessControl
public import JWT

/// One issuer of tokens, and how its claims are read.
public struct IssuerConfiguration: Sendable {
    /// A key as it was configured, from which every loop makes its own.
    ///
    /// A key's hash state is counted at each use; one that loops share would be shared writes.
    public enum KeyMaterial: Sendable {
        case secret([UInt8], algorithm: HMACKey.Algorithm, keyID: String?)
    }

    /// What `iss` must be, exactly.
    public var issuer: String

    /// What `aud` must name one of, exactly; empty means the server's canonical URI.
    public var audiences: [String]

    public var keys: [KeyMaterial]

    /// Which workspace a token's bearer works in.
    public var workspace: WorkspaceRule

    /// Where roles are, as paths of member names.
    public var roleClaimPaths: [[String]] = [["role"], ["roles"]]

    public var permissionsClaimPath = ["permissions"]

    public init(
        _ issuer: String,
        audiences: [String] = [],
        keys: [KeyMaterial],
        workspace: WorkspaceRule
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.keys = keys
        self.workspace = workspace
    }

    func trustedIssuer(canonicalURI: String) throws(KeyError) -> TrustedIssuer {
        var verificationKeys: [VerificationKey] = []
        for case .secret(let secret, let algorithm, let keyID) in keys {
            verificationKeys.append(
                .hmac(try HMACKey(algorithm, secret: secret.span, keyID: keyID))
            )
        }
        return TrustedIssuer(
            issuer,
            audiences: audiences.isEmpty ? [canonicalURI] : audiences,
            keys: KeySet(verificationKeys)
        )
    }
}
