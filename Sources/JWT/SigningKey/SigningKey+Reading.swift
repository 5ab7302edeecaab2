extension SigningKey {
    /// A private key from a PEM document: PKCS #8, PKCS #1 or SEC 1 (RFC 7468, RFC 5915).
    ///
    /// - Parameters:
    ///   - pem: The document, of which the first block that holds a key is read.
    ///   - algorithm: `nil` for the first that works with the key: RS256 for RSA, and there is only
    ///     one for the others.
    ///   - keyID: `nil` for the thumbprint.
    /// - Throws: ``KeyError`` if there is no private key, or it is not for the algorithm.
    public init(
        pem: String,
        algorithm: SignatureAlgorithm? = nil,
        keyID: String? = nil
    ) throws(KeyError) {
        let parameters = try PrivateKeyParameters(try PEMBlock(reading: pem))
        guard let algorithm = algorithm ?? parameters.kind.algorithms.first else {
            throw .noAlgorithmFits(parameters.kind)
        }
        try self.init(parameters, algorithm: algorithm, keyID: keyID)
    }

    /// A private key or a secret from a JWK (RFC 7517).
    ///
    /// - Parameters:
    ///   - jwk: One JSON object with the private members, and all of them for RSA.
    ///   - algorithms: Those accepted; empty accepts all. A key without `alg` is bound to the only
    ///     one that works with it, an RSA key to RS256 if none is named.
    /// - Throws: ``KeyError`` if it is not the whole of a key, or not for those algorithms.
    public init(
        jwk: borrowing Span<UInt8>,
        algorithms: [SignatureAlgorithm] = []
    ) throws(KeyError) {
        let jwk = try JWK(reading: jwk)
        try jwk.validateUse()
        let parameters = try PrivateKeyParameters(jwk)
        // A secret in a file of one's own is what was meant, and its alg says for which algorithm.
        let accepted =
            algorithms.isEmpty && parameters.kind == .secret
            ? SignatureAlgorithm.allCases : algorithms
        try self.init(
            parameters,
            algorithm: try jwk.algorithm(among: accepted),
            keyID: jwk[.keyID]
        )
        guard try jwk.parameters() == keyMaterial.parameters else { throw .halvesDiffer }
    }
}
