import Foundation
import JWTKit

/// A payload as a user of jwt-kit would declare it, to check what Martlet checks.
struct Claims: JWTPayload {
    let iss: IssuerClaim
    let sub: SubjectClaim
    let aud: Audience
    let exp: ExpirationClaim
    let nbf: NotBeforeClaim?

    func verify(using algorithm: some JWTAlgorithm) throws {
        let now = Date(timeIntervalSince1970: Double(World.now))
        try exp.verifyNotExpired(currentDate: now)
        try nbf?.verifyNotBefore(currentDate: now)
        guard iss.value == World.issuer else {
            throw JWTError.claimVerificationFailure(failedClaim: iss, reason: "not trusted")
        }
        guard aud.names.contains(World.audience) else {
            throw JWTError.generic(identifier: "aud", reason: "meant for somebody else")
        }
    }

    /// jwt-kit's own claim traps on an empty array, so it cannot be given tokens from outside.
    struct Audience: Codable {
        let names: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do {
                names = [try container.decode(String.self)]
            } catch DecodingError.typeMismatch {
                names = try container.decode([String].self)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(names)
        }
    }
}
