extension KeyMaterial {
    /// A public key, or the public half of a private one, from a PEM document (RFC 7468).
    ///
    /// Read are SubjectPublicKeyInfo, PKCS #1, PKCS #8 and SEC 1, the first block that is one of
    /// them; certificates and encrypted keys are not.
    ///
    /// - Throws: ``KeyError`` if there is none, or it is not for the algorithm.
    public init(
        pem: String,
        algorithm: SignatureAlgorithm,
        keyID: String? = nil
    ) throws(KeyError) {
        let block = try PEMBlock(reading: pem)
        let parameters: KeyParameters
        switch block.label {
        case .publicKey:
            parameters = try KeyParameters(subjectPublicKeyInfo: block.bytes)
        case .rsaPublicKey:
            parameters = try KeyParameters(pkcs1PublicKey: block.bytes)
        case .privateKey, .rsaPrivateKey, .ellipticCurvePrivateKey:
            parameters = try PrivateKeyParameters(block).publicParameters()
        }
        try self.init(parameters, algorithm: algorithm, keyID: keyID)
    }

    /// The key as a PEM document, a SubjectPublicKeyInfo.
    ///
    /// - Returns: `nil` for a shared secret, which has no public half.
    public var publicPEM: String? {
        parameters.subjectPublicKeyInfo.map { PEMText.encode(.publicKey, $0) }
    }
}
