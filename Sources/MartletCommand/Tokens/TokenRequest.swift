import AccessControl
import Bytes
import Foundation
import JWT

/// A token that somebody asks for.
package struct TokenRequest: Sendable {
    /// The claim that names the workspace, in tokens of the issuers this command configures.
    package static let workspaceClaim: ClaimName = "workspace"

    private static let roleClaim: ClaimName = "role"

    package var role: String
    package var subject: String
    package var workspace: Workspace?
    package var scope: String?
    package var seconds: Int64

    package init(role: String, subject: String, seconds: Int64) {
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
        var claims = ClaimsSetBuilder()
        claims.set(.issuer, to: .string(issuer.name))
        claims.set(.subject, to: .string(subject))
        claims.set(.audience, to: .string(audience))
        claims.set(Self.roleClaim, to: .string(role))
        if let workspace { claims.set(Self.workspaceClaim, to: .string(workspace.name)) }
        if let scope { claims.set(.scope, to: .string(scope)) }
        claims.set(.issuedAt, to: .date(now))
        claims.set(.expirationTime, to: .date(now.advanced(bySeconds: seconds)))
        claims.set(.tokenID, to: .string(UUID().uuidString))
        let key = try HMACKey(issuer.algorithm, secret: secret.span)
        let token = TokenSigner(key: key).sign(claims)
        return String(decoding: token.bytes, as: UTF8.self)
    }
}
