internal import Crypto
internal import CryptoExtras

extension SigningKey {
    /// Makes a new key from the system's random numbers.
    ///
    /// - Parameters:
    ///   - algorithm: What it is to sign with.
    ///   - keyID: `nil` for the thumbprint.
    ///   - modulusBitCount: Of an RSA key; rounded down to a multiple of 128.
    /// - Returns: A key that nobody else has.
    /// - Throws: ``KeyError`` if an RSA key of that length is not allowed, or `keyID` is too long.
    public static func generate(
        _ algorithm: SignatureAlgorithm,
        keyID: String? = nil,
        modulusBitCount: Int = RSAKey.modulusBitCountMin
    ) throws(KeyError) -> SigningKey {
        try SigningKey(
            try parameters(algorithm, modulusBitCount: modulusBitCount),
            algorithm: algorithm,
            keyID: keyID
        )
    }

    private static func parameters(
        _ algorithm: SignatureAlgorithm,
        modulusBitCount: Int
    ) throws(KeyError) -> PrivateKeyParameters {
        switch algorithm.keyKind {
        case .secret:
            return .secret(secret(for: algorithm))
        case .rsa:
            return .rsa(try rsaNumbers(modulusBitCount))
        case .p256:
            return .ellipticCurve(.p256, Array(P256.Signing.PrivateKey().rawRepresentation))
        case .p384:
            return .ellipticCurve(.p384, Array(P384.Signing.PrivateKey().rawRepresentation))
        case .p521:
            return .ellipticCurve(.p521, Array(P521.Signing.PrivateKey().rawRepresentation))
        case .ed25519:
            return .ed25519(Array(Curve25519.Signing.PrivateKey().rawRepresentation))
        }
    }

    /// As many bytes as the hash has, from the system's generator.
    private static func secret(for algorithm: SignatureAlgorithm) -> [UInt8] {
        let count = HMACKey.Algorithm(algorithm)?.secretByteCountMin ?? 0
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private static func rsaNumbers(
        _ modulusBitCount: Int
    ) throws(KeyError) -> RSAPrivateNumbers {
        guard modulusBitCount >= RSAKey.modulusBitCountMin else {
            throw .modulusTooShort(
                bitCount: modulusBitCount,
                bitCountMin: RSAKey.modulusBitCountMin
            )
        }
        guard modulusBitCount <= RSAKey.modulusBitCountMax else {
            throw .modulusTooLong(
                bitCount: modulusBitCount,
                bitCountMax: RSAKey.modulusBitCountMax
            )
        }
        // BoringSSL rounds down like this by itself, and swift-crypto traps unless it is bytes.
        let size = _RSA.Signing.KeySize(bitCount: modulusBitCount / 128 * 128)
        let key: _RSA.Signing.PrivateKey
        do {
            key = try _RSA.Signing.PrivateKey(keySize: size)
        } catch {
            throw .malformedRSAKey
        }
        return try RSAPrivateNumbers(pkcs1: Array(key.derRepresentation))
    }
}
