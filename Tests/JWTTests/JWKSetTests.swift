import Bytes
import JSON
import JWT
import Testing

@Suite("JWK Sets (RFC 7517 §5)")
struct JWKSetTests {
    private let vectors: SignatureVectors

    init() throws {
        vectors = try SignatureVectors.load()
    }

    @Test func `What cannot be used is skipped with its reason, and the rest is kept in order`()
        throws
    {
        let rsa = try vectors.key("RSA")
        let set = try JWKSet(
            reading: document([
                rsa.jwk(\.publicJWK, ["kid": "a", "alg": "RS256"]),
                rsa.jwk(\.publicJWK, ["kid": "enc", "use": "enc", "alg": "RSA-OAEP"]),
                ByteBuffer(#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AA","kid":"pq"}"#),
                ByteBuffer(#"{"kty":"OKP","crv":"X25519","x":"AA","kid":"dh"}"#),
                ByteBuffer("7"),
                ByteBuffer("{}"),
                try vectors.key("P-256").jwk(\.publicJWK, ["kid": "b"]),
                ByteBuffer(#"{"kty":"oct","k":"AAAA","kid":"secret"}"#),
                rsa.jwk(\.publicJWK, ["kid": "a", "alg": "RS256", "x5t": "x"]),
            ]).span
        )
        #expect(set.keys.map(\.keyID) == ["a", "b", "a"])
        #expect(set.keys.map(\.algorithm) == [.rs256, .es256, .rs256])
        #expect(set.skipped.map(\.index) == [1, 2, 3, 4, 5, 7])
        #expect(set.skipped.map(\.keyID) == ["enc", "pq", "dh", nil, nil, "secret"])
        let reasons = set.skipped.map(\.reason)
        #expect(reasons[0] == .notForSignatures && reasons[1] == .unsupportedKeyType)
        #expect(reasons[2] == .unsupportedCurve && reasons[4] == .missingMember(.keyType))
        #expect(reasons[5] == .secretNotAccepted)
        guard case .notJSON = reasons[3] else {
            Issue.record("a number was taken for a key: \(reasons[3])")
            return
        }
    }

    @Test func `Keys without alg, as Entra ID has them, are bound as the issuer is configured`()
        throws
    {
        let key = try vectors.key("RSA").jwk(\.publicJWK, ["kid": "k", "use": "sig"])
        let one = try JWKSet(reading: document([key]).span, algorithms: [.rs256])
        #expect(one.keys.map(\.algorithm) == [.rs256])
        let several = try JWKSet(reading: document([key]).span, algorithms: [.rs256, .ps256])
        #expect(several.keys.isEmpty)
        #expect(several.skipped.map(\.reason) == [.ambiguousAlgorithm(.rsa)])
    }

    @Test func `Two keys of one kid and algorithm are both tried`() throws {
        let first = try SigningKey.generate(.es256, keyID: "k")
        let second = try SigningKey.generate(.es256, keyID: "k")
        let set = JWKSet.encode([first.keyMaterial, second.keyMaterial])
        let keys = try KeySet(making: try JWKSet(reading: set.span).keys)
        for key in [first, second] {
            let token = TokenSigner(key: key).sign(payload: ByteBuffer("{}").span)
            #expect(keys.verifies(String(decoding: token.bytes, as: UTF8.self)))
        }
    }

    @Test func `A private key in a set counts as its public half, and is named`() throws {
        let keys = try vectors.keys.map { try SigningKey(jwk: $0.jwk(\.privateJWK).span) }
        let set = try JWKSet(
            reading: document([keys[0].publicJWK, keys[1].jwk, keys[2].jwk].compactMap(\.?.bytes))
                .span
        )
        #expect(set.keys == keys[0...2].map(\.keyMaterial))
        #expect(set.privateKeyIndices == [1, 2])
    }

    @Test func `64 keys are read, and the first one too many is said to be`() throws {
        let key = try vectors.key("Ed25519").jwk()
        let most = try JWKSet(reading: document(Array(repeating: key, count: 64)).span)
        #expect(most.keys.count == 64 && most.skipped.isEmpty)
        let more = try JWKSet(reading: document(Array(repeating: key, count: 1_000)).span)
        #expect(more.keys.count == 64)
        #expect(more.skipped.map(\.reason) == [.tooManyKeys(countMax: 64)])
        #expect(more.skipped.map(\.index) == [64])
    }

    @Test func `A set without a usable key is not an error, and one without keys is`() throws {
        #expect(try JWKSet(reading: document([]).span).keys.isEmpty)
        let other = ByteBuffer(#"{"x":[{}],"keys":[],"y":null}"#)
        #expect(try JWKSet(reading: other.span).skipped.isEmpty)
        for text in ["{}", #"{"keys":null}"#, #"{"keys":{}}"#, #"{"Keys":[]}"#] {
            #expect(throws: JWKSetError.noKeys) { try JWKSet(reading: ByteBuffer(text).span) }
        }
        for text in [#"{"keys":[],"keys":[]}"#, #"{"keys":[],"\u006beys":[]}"#] {
            #expect(throws: JWKSetError.repeatedMember) {
                try JWKSet(reading: ByteBuffer(text).span)
            }
        }
        for text in ["", "[]", "<html>", #"{"keys":[]"#, #"{"keys":[]}}"#, #"{"keys":[{]}"#] {
            #expect {
                _ = try JWKSet(reading: ByteBuffer(text).span)
            } throws: { error in
                guard case .notJSON = error as? JWKSetError else { return false }
                return true
            }
        }
    }

    @Test func `2,000 mutated sets never trap`() throws {
        let document = Array(
            document(vectors.keys.map { $0.jwk(\.privateJWK, ["kid": "k", "use": "sig"]) }).bytes
        )
        var generator = SeededGenerator(seed: 7_517)
        var keyCounts: Set<Int> = []
        for _ in 0..<2_000 {
            var mutant = document
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = mutant.indices.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutant[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: mutant.remove(at: index)
                default: mutant.insert(mutant[index], at: index)
                }
            }
            do {
                let set = try JWKSet(reading: mutant.span)
                keyCounts.insert(set.keys.count)
                #expect(set.keys.count + set.skipped.count >= 1)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(keyCounts.count > 2)
    }

    private func document(_ keys: [ByteBuffer]) -> ByteBuffer {
        let texts = keys.map { String(decoding: $0.bytes, as: UTF8.self) }
        return ByteBuffer(#"{"keys":["# + texts.joined(separator: ",") + "]}")
    }
}
