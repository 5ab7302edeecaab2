import Bytes
import JSON
import JWT
import Testing

@Suite("Signing keys (RFC 7515 §5.1, RFC 7638)")
struct SigningKeyTests {
    @Test(arguments: SignatureAlgorithm.allCases)
    func `A new key signs tokens that its public JWK verifies`(
        algorithm: SignatureAlgorithm
    ) throws {
        let key = try SigningKey.generate(algorithm, keyID: "k1")
        #expect(key.algorithm == algorithm && key.keyID == "k1")
        let copy = try SigningKey(jwk: key.jwk.span)
        #expect(copy.keyMaterial == key.keyMaterial)

        var claims = ClaimsSetBuilder()
        claims.set(.issuer, to: .string(TokenForge.issuer))
        claims.set(.audience, to: .string(TokenForge.audience))
        claims.set(.subject, to: .string("ada"))
        claims.set(.expirationTime, to: .date(NumericDate(seconds: 1_000_001)))
        let token = TokenSigner(key: copy, type: .accessToken).sign(claims)

        let keys = try publicKeys(of: key)
        let verified = try TokenForge.verifier(keys).verify(token.span, at: TokenForge.now)
        #expect(verified.subject == "ada")
    }

    @Test func `A key without a kid is called by its thumbprint, and a secret by nothing`()
        throws
    {
        let key = try SigningKey.generate(.es256)
        #expect(key.keyID == key.keyMaterial.thumbprint && key.keyID?.utf8.count == 43)
        let secret = try SigningKey.generate(.hs256)
        #expect(secret.keyID == nil && secret.keyMaterial.thumbprint == nil)
    }

    @Test func `A secret has no public half to publish`() throws {
        let secret = try SigningKey.generate(.hs512, keyID: "s")
        #expect(secret.publicJWK == nil && secret.publicPEM == nil && secret.pem == nil)
        let other = try SigningKey.generate(.edDSA, keyID: "e")
        let set = JWKSet.encode([secret.keyMaterial, other.keyMaterial])
        let jwk = try #require(other.publicJWK)
        #expect(set.description == #"{"keys":[\#(jwk)]}"#)
        #expect(try JWKSet(reading: set.span).keys == [other.keyMaterial])
    }

    @Test func `The public JWK of a key holds none of its private members`() throws {
        for vector in try SignatureVectors.load().keys {
            let key = try SigningKey(jwk: vector.jwk(\.privateJWK).span)
            let text = try #require(key.publicJWK).description
            for (name, value) in vector.privateJWK where vector.publicJWK[name] == nil {
                #expect(!text.contains(value), "\(vector.name) \(name)")
            }
            for (name, value) in vector.publicJWK {
                #expect(text.contains(#""\#(name)":"\#(value)""#), "\(vector.name) \(name)")
            }
            for (name, value) in vector.privateJWK {
                #expect(key.jwk.description.contains(#""\#(name)":"\#(value)""#))
            }
        }
    }

    @Test func `Neither description nor dump shows a private number or a secret`() throws {
        for vector in try SignatureVectors.load().keys {
            let key = try SigningKey(jwk: vector.jwk(\.privateJWK, ["kid": "k1"]).span)
            var dumped = ""
            dump(key, to: &dumped)
            for text in ["\(key)", String(reflecting: key), dumped] {
                #expect(text.contains("k1") && text.utf8.count < 100)
            }
        }
        let material = try KeyMaterial.secret(TokenForge.secretBytes, .hs256, keyID: "k1")
        var dumped = ""
        dump(material, to: &dumped)
        for text in ["\(material)", String(reflecting: material), dumped] {
            #expect(text.contains("k1") && text.utf8.count < 100 && !text.contains("48"))
        }
    }

    @Test func `Halves that do not belong together are no key`() throws {
        let vectors = try SignatureVectors.load()
        for (name, members) in [
            ("RSA", ["n", "d", "p", "dp", "qi"]), ("P-256", ["d"]), ("P-521", ["d"]),
            ("Ed25519", ["d"]),
        ] {
            let vector = try vectors.key(name)
            let other = try SigningKey.generate(try #require(vector.algorithms.first))
            for member in members {
                let value = try #require(try Self.member(member, of: other.jwk))
                let jwk = vector.jwk(\.privateJWK, [member: value])
                #expect(throws: KeyError.self, "\(name) \(member)") {
                    try SigningKey(jwk: jwk.span)
                }
            }
        }
        let point = try vectors.key("P-256")
        let other = try SigningKey.generate(.es256)
        let x = try #require(try Self.member("x", of: other.jwk))
        let y = try #require(try Self.member("y", of: other.jwk))
        #expect(throws: KeyError.halvesDiffer) {
            try SigningKey(jwk: point.jwk(\.privateJWK, ["x": x, "y": y]).span)
        }
    }

    @Test func `A private key must be whole, and its scalar within the order of its curve`() throws
    {
        let vectors = try SignatureVectors.load()
        for vector in vectors.keys {
            #expect(throws: KeyError.notPrivate) { try SigningKey(jwk: vector.jwk().span) }
        }
        let rsa = try vectors.key("RSA")
        for (name, member) in [
            ("p", .firstPrimeFactor), ("q", .secondPrimeFactor), ("dp", .firstFactorExponent),
            ("dq", .secondFactorExponent), ("qi", .firstCoefficient), ("n", .modulus),
            ("e", .exponent),
        ] as [(String, JWKMember)] {
            #expect(throws: KeyError.missingMember(member)) {
                try SigningKey(jwk: rsa.jwk(\.privateJWK, [name: nil]).span)
            }
        }
        let point = try vectors.key("P-256")
        for byte in [0x00, 0xFF] as [UInt8] {
            let scalar = TokenForge.base64URL([UInt8](repeating: byte, count: 32))
            #expect(throws: KeyError.malformedPrivateKey(.p256)) {
                try SigningKey(jwk: point.jwk(\.privateJWK, ["d": scalar]).span)
            }
        }
    }

    @Test func `A new RSA key is as long as asked for, within the bounds`() throws {
        let key = try SigningKey.generate(.ps256, modulusBitCount: 2_200)
        let modulus = try #require(try Self.member("n", of: key.jwk))
        #expect(modulus.utf8.count == (2_176 / 8 * 4 + 2) / 3)
        for bitCount in [0, -8, 2_047] {
            #expect(throws: KeyError.modulusTooShort(bitCount: bitCount, bitCountMin: 2_048)) {
                try SigningKey.generate(.rs256, modulusBitCount: bitCount)
            }
        }
        #expect(throws: KeyError.modulusTooLong(bitCount: 8_200, bitCountMax: 8_192)) {
            try SigningKey.generate(.rs256, modulusBitCount: 8_200)
        }
    }

    private func publicKeys(of key: SigningKey) throws -> [VerificationKey] {
        guard let jwk = key.publicJWK else { return [try key.keyMaterial.makeKey()] }
        return [try KeyMaterial(jwk: jwk.span).makeKey()]
    }

    private static func member(_ name: String, of jwk: RawJSON) throws -> String? {
        var reader = JSONReader(jwk.span)
        try reader.beginObject()
        while let next = try reader.nextMember() {
            if reader.equals(next, name) { return reader.text(of: try reader.readString()) }
        }
        return nil
    }
}
