import Bytes
import JWT
import Testing

@Suite("Signatures of every algorithm (RFC 7518 §3, RFC 8037 §3.1)")
struct SignatureVectorTests {
    @Test func `Tokens that others signed verify, and each way to sign wrongly is found`() throws {
        let vectors = try SignatureVectors.load()
        var keySets: [String: KeySet] = [:]
        var validCount = 0
        for vector in vectors.tokens {
            let algorithm = try #require(SignatureAlgorithm(name: vector.algorithm))
            let name = "\(vector.key) \(vector.algorithm)"
            let keys: KeySet
            if let made = keySets[name] {
                keys = made
            } else {
                keys = try Self.keys(try vectors.key(vector.key), algorithm)
                keySets[name] = keys
            }
            #expect(keys.verifies(vector.token) == vector.isValid, "\(vector.name)")
            if vector.isValid { validCount += 1 }
        }
        // Two libraries for each of ten algorithms, and two oddities for each of three curves.
        #expect(validCount == 26)
        #expect(vectors.tokens.count > 390)
    }

    @Test func `A signature of every algorithm verifies with its own key and algorithm only`()
        throws
    {
        let keys = try SignatureAlgorithm.allCases.map { try Self.signingKey($0) }
        let verifying = try keys.map { try KeySet(making: [$0.keyMaterial]) }
        for (index, key) in keys.enumerated() {
            let token = TokenSigner(key: key).sign(payload: ByteBuffer("{}").span)
            let text = String(decoding: token.bytes, as: UTF8.self)
            #expect(verifying.map { $0.verifies(text) } == keys.indices.map { $0 == index })
        }
    }

    @Test func `No byte of a signature and none of what is signed can be changed`() throws {
        for algorithm in [SignatureAlgorithm.rs256, .ps256, .es256, .es512, .edDSA, .hs256] {
            let key = try Self.signingKey(algorithm)
            let verifying = try KeySet(making: [key.keyMaterial])
            let start = TokenForge.base64URL(Array(#"{"alg":"\#(algorithm.rawValue)"}"#.utf8))
            let signature = key.signature(for: ByteBuffer("\(start).e30").span)
            #expect(verifying.verifies("\(start).e30.\(TokenForge.base64URL(signature))"))
            // Of the long ones every eighth byte: they are slow to verify.
            let step = signature.count > 64 ? 8 : 1
            for index in stride(from: 0, to: signature.count, by: step) {
                var other = signature
                other[index] ^= 0x10
                #expect(!verifying.verifies("\(start).e30.\(TokenForge.base64URL(other))"))
            }
            for count in stride(from: 0, to: signature.count, by: step) {
                let short = TokenForge.base64URL(Array(signature.prefix(count)))
                #expect(!verifying.verifies("\(start).e30.\(short)"))
            }
            #expect(!verifying.verifies("\(start).e31.\(TokenForge.base64URL(signature))"))
        }
    }

    /// A key of the vectors, or a new one where there is none.
    private static func signingKey(_ algorithm: SignatureAlgorithm) throws -> SigningKey {
        guard !algorithm.isSymmetric else { return try .generate(algorithm) }
        let key = try SignatureVectors.load().key(algorithm.keyKind.rawValue)
        return try SigningKey(pem: try #require(key.pem["pkcs8"]), algorithm: algorithm)
    }

    /// The key, bound to the algorithm; where that works with a secret, to all it can be bound to.
    private static func keys(
        _ key: SignatureVectors.Key,
        _ algorithm: SignatureAlgorithm
    ) throws -> KeySet {
        let algorithms = algorithm.isSymmetric ? key.algorithms : [algorithm]
        return try KeySet(
            making: algorithms.map { try KeyMaterial(jwk: key.jwk().span, algorithms: [$0]) }
        )
    }
}
