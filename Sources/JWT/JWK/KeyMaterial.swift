/// A verification key as a plain value, from which every loop makes a ``VerificationKey`` of its own.
///
/// A key's state is counted at each use; one that loops share would be shared writes. What this
/// holds was proved to make a key.
public struct KeyMaterial: Hashable, Sendable {
    /// The longest `kid` that a key can have; a token with a longer one names no key.
    public static let keyIDByteCountMax = 255

    public let algorithm: SignatureAlgorithm

    /// The `kid` of the tokens that are signed with this key; `nil` if the key is to be tried for
    /// any token.
    public let keyID: String?

    let parameters: KeyParameters

    /// - Throws: ``KeyError`` if the parameters make no key for the algorithm.
    init(
        _ parameters: KeyParameters,
        algorithm: SignatureAlgorithm,
        keyID: String?
    ) throws(KeyError) {
        guard parameters.kind == algorithm.keyKind else {
            throw .algorithmDoesNotFit(algorithm, parameters.kind)
        }
        guard (keyID?.utf8.count ?? 0) <= Self.keyIDByteCountMax else {
            throw .keyIDTooLong(byteCountMax: Self.keyIDByteCountMax)
        }
        self.parameters = parameters
        self.algorithm = algorithm
        self.keyID = keyID
        _ = try makeKey()
    }

    /// A secret shared with the issuer.
    ///
    /// - Throws: ``KeyError/secretTooShort(algorithm:byteCount:byteCountMin:)``
    public static func secret(
        _ secret: [UInt8],
        _ algorithm: HMACKey.Algorithm,
        keyID: String? = nil
    ) throws(KeyError) -> KeyMaterial {
        try KeyMaterial(
            .secret(secret),
            algorithm: algorithm.signatureAlgorithm,
            keyID: keyID
        )
    }

    /// A key to verify with, which shares no state with any other.
    public func makeKey() throws(KeyError) -> VerificationKey {
        switch parameters {
        case .secret(let secret):
            guard let algorithm = HMACKey.Algorithm(algorithm) else {
                throw .algorithmDoesNotFit(algorithm, .secret)
            }
            return .hmac(try HMACKey(algorithm, secret: secret.span, keyID: keyID))
        case .rsa(let modulus, let exponent):
            return .rsa(
                try RSAKey(algorithm, modulus: modulus, exponent: exponent, keyID: keyID)
            )
        case .ellipticCurve(let curve, let x, let y):
            return .ecdsa(try ECDSAKey(curve, x: x, y: y, keyID: keyID))
        case .ed25519(let bytes):
            return .edDSA(try EdDSAKey(bytes, keyID: keyID))
        }
    }
}

extension KeyMaterial: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(algorithm.rawValue) key \(keyID ?? "without kid")" }

    /// Empty, so that `dump` shows no secret.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
