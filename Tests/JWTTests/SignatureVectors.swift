import Bytes
import Foundation
import JSON
import JWT
import Testing

/// `Tests/Vectors/signatures.json`: keys in every form, and tokens signed with them.
struct SignatureVectors: Decodable {
    struct Key: Decodable {
        let name: String
        let privateJWK: [String: String]
        let publicJWK: [String: String]
        let thumbprint: String
        let pem: [String: String]
        let encryptedPEM: String

        /// The JWK, with members changed, added or (`nil`) removed.
        func jwk(
            _ half: KeyPath<Key, [String: String]> = \.publicJWK,
            _ changes: [String: String?] = [:]
        ) -> ByteBuffer {
            let members = self[keyPath: half].merging(changes.compactMapValues { $0 }) { $1 }
                .filter { changes[$0.key] != .some(nil) }
            return RawJSON { writer in
                writer.beginObject()
                for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                    writer.name(name)
                    writer.string(value)
                }
                writer.endObject()
            }.bytes
        }

        /// The algorithms that work with it.
        var algorithms: [SignatureAlgorithm] {
            SignatureAlgorithm.allCases.filter { $0.keyKind.rawValue == name }
        }
    }

    struct Token: Decodable {
        let key: String
        let algorithm: String
        let comment: String
        let token: String
        let result: String

        var name: String { "\(key) \(algorithm) \(comment)" }
        var isValid: Bool { result == "valid" }
    }

    let keys: [Key]
    let tokens: [Token]

    static func load() throws -> SignatureVectors {
        let vectors: SignatureVectors = try VectorFiles.load("signatures.json")
        // The curves of ECDSA go by two names.
        let names = ["secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"]
        return SignatureVectors(
            keys: vectors.keys.map { key in
                Key(
                    name: names[key.name] ?? key.name,
                    privateJWK: key.privateJWK,
                    publicJWK: key.publicJWK,
                    thumbprint: key.thumbprint,
                    pem: key.pem,
                    encryptedPEM: key.encryptedPEM
                )
            },
            tokens: vectors.tokens.map { token in
                Token(
                    key: names[token.key] ?? token.key,
                    algorithm: token.algorithm,
                    comment: token.comment,
                    token: token.token,
                    result: token.result
                )
            }
        )
    }

    func key(_ name: String) throws -> Key {
        try #require(keys.first { $0.name == name })
    }
}

extension KeySet {
    func verifies(_ token: String) -> Bool {
        do {
            _ = try verifiedPayload(of: ByteBuffer(token).span)
            return true
        } catch {
            return false
        }
    }
}
