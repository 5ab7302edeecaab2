import Bytes
import JWT
import Testing

@Suite("HMAC keys (RFC 7518 §3.2)")
struct HMACKeyTests {
    @Test(arguments: HMACKey.Algorithm.allCases)
    func `A secret as long as the hash is accepted and one byte less refused`(
        algorithm: HMACKey.Algorithm
    ) throws {
        let byteCountMin = algorithm.secretByteCountMin
        let secret = [UInt8](repeating: 7, count: byteCountMin)
        _ = try HMACKey(algorithm, secret: secret.span)

        let short = Array(secret.dropLast())
        #expect(
            throws: KeyError.secretTooShort(
                algorithm: algorithm.signatureAlgorithm,
                byteCount: byteCountMin - 1,
                byteCountMin: byteCountMin
            )
        ) {
            try HMACKey(algorithm, secret: short.span)
        }
    }

    @Test(arguments: HMACKey.Algorithm.allCases)
    func `Secrets and messages of every length about a block are taken in`(
        algorithm: HMACKey.Algorithm
    ) throws {
        // Blocks are 64 and 128 bytes; a longer secret is hashed first (RFC 2104 §2).
        for secretCount in [64, 65, 127, 128, 129, 300] {
            let secret = (0..<secretCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let verifier = try TokenForge.verifier([TokenForge.key(algorithm, secret: secret)])
            for extraCount in [0, 1, 63, 64, 65, 500] {
                let extra = String(repeating: "x", count: extraCount)
                let payload = TokenForge.claims(#","x":"\#(extra)""#)
                let token = TokenForge.token(
                    header: #"{"alg":"\#(algorithm.signatureAlgorithm.rawValue)"}"#,
                    payload: payload,
                    algorithm: algorithm,
                    secret: secret
                )
                #expect(TokenForge.rejection(of: token, by: verifier) == nil)
            }
        }
    }

    @Test func `The lengths are those of the hashes`() {
        #expect(HMACKey.Algorithm.allCases.map(\.secretByteCountMin) == [32, 48, 64])
    }

    @Test func `Neither description nor dump shows the secret`() throws {
        let secret = Array(String(repeating: "hunter2!", count: 8).utf8)
        let key = try HMACKey(.hs512, secret: secret.span, keyID: "k1")
        var dumped = ""
        dump(VerificationKey.hmac(key), to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(text.contains("HS512") && text.contains("k1"))
            #expect(!text.contains("hunter2") && !text.contains("104"))
        }
    }

    @Test(
        arguments: HMACKey.Algorithm.allCases,
        [64, 65, 127, 128, 129, 1_000]
    )
    func `Signatures are the codes that swift-crypto computes in one go`(
        algorithm: HMACKey.Algorithm,
        secretByteCount: Int
    ) throws {
        var generator = SeededGenerator(seed: UInt64(secretByteCount))
        let secret = (0..<secretByteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let signer = TokenSigner(key: try HMACKey(algorithm, secret: secret.span))

        for length in [0, 1, 63, 64, 65, 300] {
            let payload = [UInt8](repeating: 0x61, count: length)
            let token = String(decoding: signer.sign(payload: payload.span).bytes, as: UTF8.self)
            let parts = token.split(separator: ".", omittingEmptySubsequences: false)
            let code = TokenForge.code(of: "\(parts[0]).\(parts[1])", algorithm, secret)
            #expect(parts.count == 3)
            #expect(String(parts[2]) == TokenForge.base64URL(code))
        }
    }
}
