import Bytes
import JWT
import Testing

@Suite("JSON Web Keys (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2)")
struct JWKTests {
    private let vectors: SignatureVectors

    init() throws {
        vectors = try SignatureVectors.load()
    }

    @Test func `A public key is bound to its alg, or to the only algorithm that works with it`()
        throws
    {
        for key in vectors.keys {
            for algorithm in key.algorithms {
                let jwk = key.jwk(\.publicJWK, ["alg": algorithm.rawValue, "kid": "k1"])
                let material = try KeyMaterial(jwk: jwk.span)
                #expect(material.algorithm == algorithm && material.keyID == "k1")
            }
            let unbound = try KeyMaterial(jwk: key.jwk().span)
            #expect(unbound.algorithm == (key.name == "RSA" ? .rs256 : key.algorithms.first))
            #expect(unbound.thumbprint == key.thumbprint)
        }
    }

    @Test func `A key without alg takes the one accepted algorithm that works with it`() throws {
        let rsa = try vectors.key("RSA").jwk()
        #expect(try algorithm(rsa, [.ps384, .es256, .hs256]) == .ps384)
        #expect(throws: KeyError.ambiguousAlgorithm(.rsa)) { try algorithm(rsa, [.rs256, .ps256]) }
        #expect(throws: KeyError.noAlgorithmFits(.rsa)) { try algorithm(rsa, [.es256]) }
        #expect(try algorithm(rsa, [.rs512, .rs512]) == .rs512)
        let curve = try vectors.key("P-384").jwk()
        #expect(try algorithm(curve, [.es256, .es384]) == .es384)
        #expect(throws: KeyError.noAlgorithmFits(.p384)) { try algorithm(curve, [.es256]) }
    }

    @Test func `An alg that is not accepted, unknown or of another kind of key is refused`() throws
    {
        let rsa = try vectors.key("RSA")
        func named(_ name: String) -> ByteBuffer { rsa.jwk(\.publicJWK, ["alg": name]) }
        #expect(throws: KeyError.algorithmNotAccepted(.rs256)) {
            try algorithm(named("RS256"), [.ps256])
        }
        #expect(throws: KeyError.algorithmDoesNotFit(.es256, .rsa)) {
            try algorithm(named("ES256"), [])
        }
        for name in ["RSA-OAEP", "RS1", "none", "rs256", ""] {
            #expect(throws: KeyError.unsupportedAlgorithm) { try algorithm(named(name), []) }
        }
    }

    @Test func `Ed25519 and EdDSA are one algorithm (RFC 9864 §2.2)`() throws {
        let key = try vectors.key("Ed25519")
        for name in ["EdDSA", "Ed25519"] {
            let jwk = key.jwk(\.publicJWK, ["alg": name])
            #expect(try algorithm(jwk, [.edDSA]) == .edDSA)
        }
        #expect(SignatureAlgorithm(name: "Ed25519") == .edDSA)
        #expect(SignatureAlgorithm(name: "Ed448") == nil)
    }

    @Test func `A shared secret counts only where an HMAC algorithm is accepted by name`() throws {
        let text = TokenForge.base64URL(TokenForge.secretBytes)
        let jwk = ByteBuffer(#"{"kty":"oct","k":"\#(text)","alg":"HS256"}"#)
        #expect(try algorithm(jwk, [.rs256, .hs256]) == .hs256)
        for accepted in [[], [.rs256]] as [[SignatureAlgorithm]] {
            #expect(throws: KeyError.secretNotAccepted) { try algorithm(jwk, accepted) }
        }
        #expect(throws: KeyError.algorithmNotAccepted(.hs256)) { try algorithm(jwk, [.hs512]) }
        let short = ByteBuffer(#"{"kty":"oct","k":"c2hvcnQ","alg":"HS256"}"#)
        #expect(
            throws: KeyError.secretTooShort(algorithm: .hs256, byteCount: 5, byteCountMin: 32)
        ) { try algorithm(short, [.hs256]) }
    }

    @Test(
        arguments: [
            ("use", "enc", .notForSignatures), ("use", "", .notForSignatures),
            ("kty", "oKP", .unsupportedKeyType), ("kty", "AKP", .unsupportedKeyType),
            ("kty", nil, .missingMember(.keyType)), ("crv", nil, .missingMember(.curve)),
            ("crv", "secp256k1", .unsupportedCurve), ("crv", "Ed25519", .unsupportedCurve),
            ("x", nil, .missingMember(.x)), ("y", nil, .missingMember(.y)),
            ("x", "", .malformedMember(.x)), ("x", "AA", .malformedMember(.x)),
            ("x", "=", .malformedMember(.x)), ("y", "a+b/", .malformedMember(.y)),
            ("crv", "P-384", .malformedMember(.x)),
            ("kid", String(repeating: "k", count: 256), .keyIDTooLong(byteCountMax: 255)),
        ] as [(String, String?, KeyError)]
    )
    func `A key that lacks something or has it wrong is refused, and it is said what`(
        member: String,
        value: String?,
        reason: KeyError
    ) throws {
        let jwk = try vectors.key("P-256").jwk(\.publicJWK, [member: value])
        #expect(throws: reason) { try algorithm(jwk, []) }
        #expect(!reason.description.isEmpty)
    }

    @Test func `A point that is not on its curve is no key`() throws {
        let key = try vectors.key("P-256")
        let other = try #require(key.publicJWK["x"])
        let jwk = key.jwk(\.publicJWK, ["y": other])
        #expect(throws: KeyError.pointNotOnCurve(.p256)) { try algorithm(jwk, []) }
        let zeros = TokenForge.base64URL([UInt8](repeating: 0, count: 32))
        let origin = key.jwk(\.publicJWK, ["x": zeros, "y": zeros])
        #expect(throws: KeyError.pointNotOnCurve(.p256)) { try algorithm(origin, []) }
    }

    @Test func `An RSA key is 2,048 to 8,192 bits long, and its exponent odd and above 1`() throws {
        func rsa(bitCount: Int, exponent: String = "AQAB") -> ByteBuffer {
            var modulus = [UInt8](repeating: 0xFF, count: (bitCount + 7) / 8)
            modulus[0] >>= UInt8((8 - bitCount % 8) % 8)
            let text = TokenForge.base64URL(modulus)
            return ByteBuffer(#"{"kty":"RSA","n":"\#(text)","e":"\#(exponent)"}"#)
        }
        for bitCount in [2_048, 2_049, 3_072, 8_192] {
            #expect(try algorithm(rsa(bitCount: bitCount), []) == .rs256)
        }
        for bitCount in [1_024, 2_047] {
            #expect(throws: KeyError.modulusTooShort(bitCount: bitCount, bitCountMin: 2_048)) {
                try algorithm(rsa(bitCount: bitCount), [])
            }
        }
        for bitCount in [8_193, 16_384] {
            #expect(throws: KeyError.modulusTooLong(bitCount: bitCount, bitCountMax: 8_192)) {
                try algorithm(rsa(bitCount: bitCount), [])
            }
        }
        #expect(try algorithm(rsa(bitCount: 2_048, exponent: "Aw"), []) == .rs256)
        // 1, 2, and 2^33 + 1, which is 34 bits long.
        for exponent in ["AQ", "Ag", "AgAAAAE"] {
            #expect(throws: KeyError.malformedRSAKey) {
                try algorithm(rsa(bitCount: 2_048, exponent: exponent), [])
            }
        }
        #expect(throws: KeyError.malformedMember(.exponent)) {
            try algorithm(rsa(bitCount: 2_048, exponent: "AA"), [])
        }
    }

    @Test func `A zero in front of a modulus is dropped, as some writers put it there`() throws {
        let key = try vectors.key("RSA")
        var modulus = ByteBuffer()
        let text = ByteBuffer(try #require(key.publicJWK["n"]))
        let isValid = Base64URL.decode(text.span, into: &modulus)
        #expect(isValid)
        let padded = TokenForge.base64URL([0] + modulus.bytes)
        let material = try KeyMaterial(jwk: key.jwk(\.publicJWK, ["n": padded]).span)
        #expect(material.thumbprint == key.thumbprint)
    }

    @Test(arguments: [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ])
    func `An Ed25519 key of low order, under which anybody can sign, is refused`(
        hexadecimal: String
    ) throws {
        #expect(throws: KeyError.weakEd25519Key) { try ed25519(hexadecimal) }
    }

    @Test(arguments: [
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ])
    func `An Ed25519 key with a coordinate beyond the field is refused`(hexadecimal: String) throws
    {
        #expect(throws: KeyError.malformedEd25519Key) { try ed25519(hexadecimal) }
    }

    @Test func `A member that stands twice, and a document that is no object, are refused`() throws
    {
        let key = try vectors.key("P-256").jwk()
        let text = String(decoding: key.bytes, as: UTF8.self)
        let twice = ByteBuffer(text.dropLast() + #","\u006bty":"EC"}"#)
        #expect(throws: KeyError.repeatedMember) { try algorithm(twice, []) }
        let other = ByteBuffer(text.dropLast() + #","x5t":"a","x5t":"b"}"#)
        #expect(throws: KeyError.repeatedMember) { try algorithm(other, []) }
        for text in ["", "[]", "null", "\"x\"", "{", "{}}", text + "x"] {
            #expect(throws: KeyError.self) { try algorithm(ByteBuffer(text), []) }
        }
        for member in ["kty", "use", "alg", "kid", "key_ops", "x"] {
            for value in ["1", "null", "{}", "[1]"] {
                let jwk = ByteBuffer(#"{"\#(member)":\#(value)}"#)
                #expect(throws: KeyError.malformedMember(try #require(JWKMember(rawValue: member))))
                { try algorithm(jwk, []) }
            }
        }
    }

    @Test func `key_ops must permit to verify, or to sign where the private half is there`() throws
    {
        func key(_ operations: String) throws -> ByteBuffer {
            let text = String(decoding: try vectors.key("P-256").jwk().bytes, as: UTF8.self)
            return ByteBuffer(text.dropLast() + #","key_ops":\#(operations)}"#)
        }
        for operations in [#"["verify"]"#, #"["sign","verify"]"#, #"["sign"]"#] {
            #expect(try algorithm(try key(operations), []) == .es256)
        }
        for operations in ["[]", #"["encrypt"]"#, #"["Verify"]"#] {
            #expect(throws: KeyError.operationNotPermitted) {
                try algorithm(try key(operations), [])
            }
        }
        #expect(throws: KeyError.malformedMember(.keyOperations)) {
            try algorithm(try key(#""verify""#), [])
        }
    }

    private func algorithm(
        _ jwk: ByteBuffer,
        _ accepted: [SignatureAlgorithm]
    ) throws(KeyError) -> SignatureAlgorithm {
        try KeyMaterial(jwk: jwk.span, algorithms: accepted).algorithm
    }

    private func ed25519(_ hexadecimal: String) throws -> KeyMaterial {
        let digits = Array(hexadecimal)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
        #expect(bytes.count == 32)
        let text = TokenForge.base64URL(bytes)
        let jwk = ByteBuffer(#"{"kty":"OKP","crv":"Ed25519","x":"\#(text)"}"#)
        return try KeyMaterial(jwk: jwk.span)
    }
}
