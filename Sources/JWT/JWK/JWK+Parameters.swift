// What kind of key a JWK is, and the numbers of it (RFC 7518 §6, RFC 8037 §2).
extension JWK {
    /// The public key, whether or not the private members stand beside it.
    func parameters() throws(KeyError) -> KeyParameters {
        switch try kind() {
        case .secret:
            return .secret(try bytes(of: .keyValue))
        case .rsa:
            return .rsa(modulus: try integer(.modulus), exponent: try integer(.exponent))
        case .p256: return try point(on: .p256)
        case .p384: return try point(on: .p384)
        case .p521: return try point(on: .p521)
        case .ed25519:
            return .ed25519(try bytes(of: .x, count: EdDSAKey.byteCount))
        }
    }

    func kind() throws(KeyError) -> KeyKind {
        switch self[.keyType] {
        case nil: throw .missingMember(.keyType)
        case "oct": return .secret
        case "RSA": return .rsa
        case "EC":
            switch self[.curve] {
            case nil: throw .missingMember(.curve)
            case "P-256": return .p256
            case "P-384": return .p384
            case "P-521": return .p521
            default: throw .unsupportedCurve
            }
        case "OKP":
            switch self[.curve] {
            case nil: throw .missingMember(.curve)
            case "Ed25519": return .ed25519
            default: throw .unsupportedCurve
            }
        default: throw .unsupportedKeyType
        }
    }

    /// The one algorithm that the key is bound to.
    ///
    /// `alg` decides where it is there. RFC 7517 §4.4 lets it be absent, and some issuers use that:
    /// then the caller's algorithms must leave one choice. Without any RSA keys are bound to RS256,
    /// which every issuer signs with by default (OpenID Connect Core §2).
    func algorithm(among accepted: [SignatureAlgorithm]) throws(KeyError) -> SignatureAlgorithm {
        let kind = try kind()
        let fitting = kind.algorithms.filter(accepted.contains)
        // Never by default: a secret in a set that anybody can read is none.
        guard kind != .secret || !fitting.isEmpty else { throw .secretNotAccepted }
        if let name = self[.algorithm] {
            guard let algorithm = SignatureAlgorithm(name: name) else {
                throw .unsupportedAlgorithm
            }
            guard algorithm.keyKind == kind else { throw .algorithmDoesNotFit(algorithm, kind) }
            guard accepted.isEmpty || accepted.contains(algorithm) else {
                throw .algorithmNotAccepted(algorithm)
            }
            return algorithm
        }
        guard let first = fitting.first ?? (accepted.isEmpty ? kind.algorithms.first : nil) else {
            throw .noAlgorithmFits(kind)
        }
        guard fitting.count <= 1 else { throw .ambiguousAlgorithm(kind) }
        return first
    }

    private func point(on curve: EllipticCurve) throws(KeyError) -> KeyParameters {
        .ellipticCurve(
            curve,
            x: try bytes(of: .x, count: curve.coordinateByteCount),
            y: try bytes(of: .y, count: curve.coordinateByteCount)
        )
    }
}
