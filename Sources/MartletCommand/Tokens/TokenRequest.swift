import AccessControl
import Bytes
import Foundation
import JSON
import JWT

/// A token that somebody asks for.
package struct TokenRequest: Sendable {
    /// The claim that names the workspace, in tokens of the issuers this command configures.
    package static let workspaceClaim: ClaimName = "workspace"

    private static let roleClaim: ClaimName = "role"
    private static let clientClaim: ClaimName = "client_id"

    /// Who asks for tokens of this command (RFC 9068 §2.2), where nobody says otherwise.
    package static let clientIDDefault = "martlet"

    package var role: String?
    package var subject: String
    package var workspace: Workspace?
    package var scope: String?
    package var seconds: Int64
    package var type = TokenSigner.TokenType.jwt

    /// Further claims, which replace those of the same name.
    package var claims: [(name: ClaimName, value: RawJSON)] = []

    package init(role: String?, subject: String, seconds: Int64) {
        self.role = role
        self.subject = subject
        self.seconds = seconds
    }

    /// Signs the token.
    ///
    /// - Parameters:
    ///   - issuer: Who signs.
    ///   - audience: Whom the token is for.
    ///   - secret: What `issuer` signs with.
    ///   - now: When it is signed.
    /// - Returns: The token in compact serialization.
    /// - Throws: ``KeyError`` if the secret is too short.
    package func sign(
        as issuer: IssuerSettings,
        audience: String,
        secret: [UInt8],
        now: NumericDate
    ) throws(KeyError) -> String {
        let key = try HMACKey(issuer.algorithm, secret: secret.span)
        return sign(
            by: TokenSigner(key: key, type: type),
            as: issuer.name,
            audiences: [audience],
            now: now
        )
    }

    /// Signs the token with any key.
    ///
    /// - Parameters:
    ///   - signer: Made for ``type``.
    ///   - issuer: What `iss` says.
    ///   - audiences: What `aud` says: a string if there is one, else an array.
    ///   - now: When it is signed.
    /// - Returns: The token in compact serialization.
    package func sign(
        by signer: TokenSigner,
        as issuer: String,
        audiences: [String],
        now: NumericDate
    ) -> String {
        let token = signer.sign(claimsSet(issuer: issuer, audiences: audiences, now: now))
        return String(decoding: token.bytes, as: UTF8.self)
    }

    private func claimsSet(
        issuer: String,
        audiences: [String],
        now: NumericDate
    ) -> ClaimsSetBuilder {
        var set = ClaimsSetBuilder()
        set.set(.issuer, to: .string(issuer))
        set.set(.subject, to: .string(subject))
        set.set(.audience, to: audiences.count == 1 ? .string(audiences[0]) : .strings(audiences))
        if let role { set.set(Self.roleClaim, to: .string(role)) }
        if let workspace { set.set(Self.workspaceClaim, to: .string(workspace.name)) }
        if let scope { set.set(.scope, to: .string(scope)) }
        // Required of an access token (RFC 9068 §2.2), beside what every token has here.
        if type == .accessToken { set.set(Self.clientClaim, to: .string(Self.clientIDDefault)) }
        set.set(.issuedAt, to: .date(now))
        set.set(.expirationTime, to: .date(now.advanced(bySeconds: seconds)))
        set.set(.tokenID, to: .string(UUID().uuidString))
        for claim in claims { set.set(claim.name, to: .json(claim.value)) }
        return set
    }
}
