package import AccessControl
package import JWT

/// The bearer of a token as a server would know it.
package struct TrialCaller: Sendable {
    package let subject: Subject
    package let workspace: Workspace
    package let expiresAt: NumericDate

    /// `false` where the keys are elsewhere: anybody may have written these claims.
    package let isSignatureChecked: Bool

    let claims: CallerClaims
}
