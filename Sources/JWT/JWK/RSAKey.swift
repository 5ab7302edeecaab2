internal import Bytes
internal import Crypto
internal import CryptoExtras

/// The public half of an RSA key, bound to one algorithm (RFC 7518 §3.3 and §3.5).
public struct RSAKey: Sendable {
    /// "A key of size 2048 bits or larger MUST be used" (RFC 7518 §3.3).
    public static let modulusBitCountMin = 2_048

    /// A verification's work grows with the square of the modulus.
    ///
    /// At this size it is some fifteen times that of 2048 bits; BoringSSL refuses longer ones too.
    public static let modulusBitCountMax = 8_192

    public let algorithm: SignatureAlgorithm
    public let keyID: String?

    private let key: _RSA.Signing.PublicKey

    /// - Throws: ``KeyError`` if the modulus is too short or too long, or the numbers make no key.
    /// - Precondition: `algorithm` is one for RSA.
    init(
        _ algorithm: SignatureAlgorithm,
        modulus: [UInt8],
        exponent: [UInt8],
        keyID: String?
    ) throws(KeyError) {
        precondition(algorithm.keyKind == .rsa)
        let bitCount = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bitCount >= Self.modulusBitCountMin else {
            throw .modulusTooShort(bitCount: bitCount, bitCountMin: Self.modulusBitCountMin)
        }
        guard bitCount <= Self.modulusBitCountMax else {
            throw .modulusTooLong(bitCount: bitCount, bitCountMax: Self.modulusBitCountMax)
        }
        do {
            key = try _RSA.Signing.PublicKey(n: modulus, e: exponent)
        } catch {
            throw .malformedRSAKey
        }
        self.algorithm = algorithm
        self.keyID = keyID
    }

    /// A signature of another length than the modulus is wrong at once (RFC 8017 §8.1.2, §8.2.2).
    func isValid(_ signature: borrowing Span<UInt8>, for input: borrowing Span<UInt8>) -> Bool {
        let signature = _RSA.Signing.RSASignature(
            rawRepresentation: ByteBuffer(copying: signature).bytes
        )
        let message = ByteBuffer(copying: input).bytes
        return switch algorithm {
        case .rs256:
            key.isValidSignature(
                signature,
                for: SHA256.hash(data: message),
                padding: .insecurePKCS1v1_5
            )
        case .rs384:
            key.isValidSignature(
                signature,
                for: SHA384.hash(data: message),
                padding: .insecurePKCS1v1_5
            )
        case .rs512:
            key.isValidSignature(
                signature,
                for: SHA512.hash(data: message),
                padding: .insecurePKCS1v1_5
            )
        // The salt is as long as the hash, and no other length passes (RFC 7518 §3.5).
        case .ps256:
            key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .PSS)
        case .ps384:
            key.isValidSignature(signature, for: SHA384.hash(data: message), padding: .PSS)
        case .ps512:
            key.isValidSignature(signature, for: SHA512.hash(data: message), padding: .PSS)
        case .hs256, .hs384, .hs512, .es256, .es384, .es512, .edDSA:
            preconditionFailure("an RSA key is bound to \(algorithm)")
        }
    }
}

extension RSAKey: CustomStringConvertible {
    public var description: String { "\(algorithm.rawValue) key \(keyID ?? "without kid")" }
}
