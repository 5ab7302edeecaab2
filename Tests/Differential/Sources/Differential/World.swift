import Foundation
import JWT
import JWTKit

/// An issuer with one key, whom both libraries trust alike.
struct World {
    static let issuer = "https://issuer.example/é"
    static let audience = "https://mcp.example/mcp"
    static let now = 1_800_000_000

    let key: SigningKey

    /// A key of the same algorithm that nobody trusts.
    let stranger: SigningKey

    private let verifier: TokenVerifier
    let collection: JWTKeyCollection

    init(_ algorithm: SignatureAlgorithm) async throws {
        key = try SigningKey.generate(algorithm, keyID: "k1")
        stranger = try SigningKey.generate(algorithm, keyID: "k1")
        verifier = try TokenVerifier(
            issuers: [
                TrustedIssuer(
                    Self.issuer,
                    audiences: [Self.audience],
                    algorithms: [algorithm],
                    keys: try KeySet(making: [key.keyMaterial])
                )
            ],
            clockSkewSeconds: 0
        )
        collection = JWTKeyCollection()
        try await Self.add(key, to: collection)
    }

    /// What Martlet says.
    func martlet(_ token: String) -> Martlet {
        do {
            let claims = try verifier.verify(
                Array(token.utf8).span,
                at: NumericDate(seconds: Int64(Self.now))
            )
            return .accepted(subject: claims.subject)
        } catch {
            return .refused(error)
        }
    }

    /// What jwt-kit says.
    func jwtKit(_ token: String) async -> JWTKitOpinion {
        do {
            return .accepted(subject: try await collection.verify(token, as: Claims.self).sub.value)
        } catch {
            return .refused("\(error)")
        }
    }

    /// The private half, so that both can sign.
    private static func add(_ key: SigningKey, to keys: JWTKeyCollection) async throws {
        let pem = key.pem ?? ""
        switch key.algorithm {
        case .hs256: await keys.add(hmac: try secret(key), digestAlgorithm: .sha256, kid: "k1")
        case .hs384: await keys.add(hmac: try secret(key), digestAlgorithm: .sha384, kid: "k1")
        case .hs512: await keys.add(hmac: try secret(key), digestAlgorithm: .sha512, kid: "k1")
        case .rs256:
            try await keys.add(rsa: rsa(pem), digestAlgorithm: .sha256, kid: "k1")
        case .rs384:
            try await keys.add(rsa: rsa(pem), digestAlgorithm: .sha384, kid: "k1")
        case .rs512:
            try await keys.add(rsa: rsa(pem), digestAlgorithm: .sha512, kid: "k1")
        case .ps256:
            try await keys.add(pss: rsa(pem), digestAlgorithm: .sha256, kid: "k1")
        case .ps384:
            try await keys.add(pss: rsa(pem), digestAlgorithm: .sha384, kid: "k1")
        case .ps512:
            try await keys.add(pss: rsa(pem), digestAlgorithm: .sha512, kid: "k1")
        case .es256: try await keys.add(ecdsa: ES256PrivateKey(pem: pem), kid: "k1")
        case .es384: try await keys.add(ecdsa: ES384PrivateKey(pem: pem), kid: "k1")
        case .es512: try await keys.add(ecdsa: ES512PrivateKey(pem: pem), kid: "k1")
        case .edDSA: try await keys.add(eddsa: EdDSA.PrivateKey(pem: pem), kid: "k1")
        }
    }

    private static func rsa(_ pem: String) throws -> Insecure.RSA.PrivateKey {
        try Insecure.RSA.PrivateKey(pem: pem)
    }

    private static func secret(_ key: SigningKey) throws -> JWTKit.HMACKey {
        struct OctetKey: Decodable {
            let k: String
        }
        let jwk = try JSONDecoder().decode(OctetKey.self, from: Data(key.jwk.description.utf8))
        let base64 = jwk.k.replacing("-", with: "+").replacing("_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let secret = Data(base64Encoded: padded) else { throw CocoaError(.coderInvalidValue) }
        return JWTKit.HMACKey(from: secret)
    }
}
