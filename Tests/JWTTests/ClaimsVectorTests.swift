import Bytes
import JWT
import Testing

/// `Tests/Vectors/claims.json`: what claims decide where the signature is right.
@Suite("Our vectors for claims (RFC 7519 §4.1, RFC 9068 §4)")
struct ClaimsVectorTests {
    @Test func `Every vector is accepted or refused for the reason it gives`() throws {
        let file: ClaimsVectorFile = try VectorFiles.load("claims.json")
        let verifiers = try file.configurations.mapValues { try $0.verifier(keys: file.keys) }
        for vector in file.vectors {
            let verifier = try #require(verifiers[vector.configuration])
            let now = NumericDate(seconds: vector.time)
            do {
                let claims = try verifier.verify(ByteBuffer(vector.token).span, at: now)
                #expect(vector.reason == nil, "\(vector.name)")
                #expect(vector.result == "accepted", "\(vector.name)")
                if let expected = vector.expected {
                    #expect(expected.matches(claims), "\(vector.name)")
                }
            } catch {
                #expect(vector.reason == error.vectorReason, "\(vector.name): \(error)")
                #expect(vector.result == "refused", "\(vector.name): \(error)")
            }
        }
        #expect(file.vectors.count >= 300)
    }

    @Test func `A vector's token is made of the header and the claims that it shows`() throws {
        let file: ClaimsVectorFile = try VectorFiles.load("claims.json")
        for vector in file.vectors {
            let start = [vector.header, vector.payload].map { TokenForge.base64URL(Array($0.utf8)) }
            #expect(vector.token.hasPrefix(start.joined(separator: ".") + "."), "\(vector.name)")
        }
    }

    @Test func `Every section has vectors that are accepted and vectors that are refused`() throws {
        let file: ClaimsVectorFile = try VectorFiles.load("claims.json")
        let results = Dictionary(grouping: file.vectors, by: \.section)
            .mapValues { Set($0.map(\.result)) }
        // A member that stands twice is never right.
        for (section, found) in results where section != "repeated members" {
            #expect(found == ["accepted", "refused"], "\(section)")
        }
        #expect(results.count == 14)
    }
}

private struct ClaimsVectorFile: Decodable {
    struct Key: Decodable {
        let k: String
        let alg: String
        let kid: String

        var jwk: ByteBuffer {
            ByteBuffer(#"{"kty":"oct","k":"\#(k)","alg":"\#(alg)","kid":"\#(kid)"}"#)
        }
    }

    struct Configuration: Decodable {
        struct Issuer: Decodable {
            let issuer: String
            let audiences: [String]
            let algorithms: [String]
            let profile: String
            let keys: [String]
        }

        let clockSkewSeconds: Int
        let issuers: [Issuer]

        func verifier(keys: [String: Key]) throws -> TokenVerifier {
            let trusted = try issuers.map { issuer in
                let materials = try issuer.keys.map { name in
                    let key = try #require(keys[name])
                    return try KeyMaterial(jwk: key.jwk.span, algorithms: [.hs256])
                }
                return TrustedIssuer(
                    issuer.issuer,
                    audiences: issuer.audiences,
                    algorithms: issuer.algorithms.compactMap(SignatureAlgorithm.init(name:)),
                    profile: try #require(AccessTokenProfile(rawValue: issuer.profile)),
                    keys: try KeySet(making: materials)
                )
            }
            return try TokenVerifier(issuers: trusted, clockSkewSeconds: clockSkewSeconds)
        }
    }

    struct Vector: Decodable {
        let id: Int
        let section: String
        let comment: String
        let configuration: String
        let time: Int64
        let header: String
        let payload: String
        let token: String
        let result: String
        let reason: String?
        let expected: Expected?

        var name: String { "\(id) \(section): \(comment)" }
    }

    /// What the claims of an accepted token say; a member that is absent is not looked at.
    struct Expected: Decodable {
        private enum CodingKeys: CodingKey {
            case scope, clientID
        }

        private let scope: [String]??
        private let clientID: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            scope =
                container.contains(.scope)
                ? .some(try container.decode([String]?.self, forKey: .scope)) : nil
            clientID = try container.decodeIfPresent(String.self, forKey: .clientID)
        }

        func matches(_ claims: ClaimsSet) -> Bool {
            let hasScope = scope.map { $0 == claims.scope } ?? true
            let hasClientID = clientID.map { $0 == claims.clientID } ?? true
            return hasScope && hasClientID
        }
    }

    let keys: [String: Key]
    let configurations: [String: Configuration]
    let vectors: [Vector]
}

extension TokenRejection {
    /// The word that the vectors have for it.
    fileprivate var vectorReason: String {
        switch self {
        case .tooLong, .notCompactSerialization, .notBase64URL, .notJSONObject, .missingAlgorithm,
            .malformedHeader:
            "malformed"
        case .repeatedMember: "repeated-member"
        case .unsupportedAlgorithm, .wrongAlgorithm: "algorithm"
        case .unsupportedType: "type"
        case .criticalExtension: "extension"
        case .keysUnavailable: "keys-unavailable"
        case .unknownKey: "key"
        case .invalidSignature: "signature"
        case .missingClaim(let name): "missing:\(name)"
        case .malformedClaim(let name): "malformed:\(name)"
        case .untrustedIssuer: "issuer"
        case .wrongAudience: "audience"
        case .expired: "expired"
        case .notYetValid: "not-yet-valid"
        case .identityToken: "identity-token"
        }
    }
}
