internal import JSON

extension PrivateKeyParameters {
    /// The private key of a JWK (RFC 7518 §6.2.2, §6.3.2 and §6.4.1, RFC 8037 §2).
    ///
    /// An RSA key must have all of its numbers: computing the primes from the exponents is work
    /// that a key file saves.
    init(_ jwk: JWK) throws(KeyError) {
        let kind = try jwk.kind()
        guard kind == .secret || jwk.isPrivate else { throw .notPrivate }
        switch kind {
        case .secret: self = .secret(try jwk.bytes(of: .keyValue))
        case .rsa: self = .rsa(try RSAPrivateNumbers(jwk))
        case .p256: self = try Self.scalar(on: .p256, jwk)
        case .p384: self = try Self.scalar(on: .p384, jwk)
        case .p521: self = try Self.scalar(on: .p521, jwk)
        case .ed25519:
            self = .ed25519(try jwk.bytes(of: .privateExponent, count: EdDSAKey.byteCount))
        }
    }

    private static func scalar(
        on curve: EllipticCurve,
        _ jwk: JWK
    ) throws(KeyError) -> PrivateKeyParameters {
        let scalar = try jwk.bytes(of: .privateExponent, count: curve.coordinateByteCount)
        return .ellipticCurve(curve, scalar)
    }

    /// The members beside the public ones; a secret has none.
    func encodePrivateMembers(into writer: inout JSONWriter) {
        switch self {
        case .secret:
            break
        case .rsa(let numbers):
            writer.write(numbers.privateExponent, as: .privateExponent)
            writer.write(numbers.firstPrimeFactor, as: .firstPrimeFactor)
            writer.write(numbers.secondPrimeFactor, as: .secondPrimeFactor)
            writer.write(numbers.firstFactorExponent, as: .firstFactorExponent)
            writer.write(numbers.secondFactorExponent, as: .secondFactorExponent)
            writer.write(numbers.firstCoefficient, as: .firstCoefficient)
        case .ellipticCurve(_, let scalar):
            writer.write(scalar, as: .privateExponent)
        case .ed25519(let seed):
            writer.write(seed, as: .privateExponent)
        }
    }
}

extension RSAPrivateNumbers {
    init(_ jwk: JWK) throws(KeyError) {
        modulus = try jwk.integer(.modulus)
        exponent = try jwk.integer(.exponent)
        privateExponent = try jwk.integer(.privateExponent)
        firstPrimeFactor = try jwk.integer(.firstPrimeFactor)
        secondPrimeFactor = try jwk.integer(.secondPrimeFactor)
        firstFactorExponent = try jwk.integer(.firstFactorExponent)
        secondFactorExponent = try jwk.integer(.secondFactorExponent)
        firstCoefficient = try jwk.integer(.firstCoefficient)
    }
}
