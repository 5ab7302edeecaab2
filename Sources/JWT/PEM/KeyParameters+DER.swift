extension KeyParameters {
    /// The key of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    init(subjectPublicKeyInfo der: [UInt8]) throws(KeyError) {
        var document = DERReader(der)
        var info = try document.readSequence()
        try document.finish()
        let identifier = try KeyAlgorithmIdentifier(reading: &info)
        let key = Array(try info.readBitString())
        try info.finish()
        switch identifier {
        case .rsa: try self.init(pkcs1PublicKey: key)
        case .ellipticCurve(let curve): try self.init(curve, point: key)
        case .ed25519: self = .ed25519(key)
        }
    }

    /// RSAPublicKey (RFC 8017 A.1.1).
    init(pkcs1PublicKey der: [UInt8]) throws(KeyError) {
        var document = DERReader(der)
        var key = try document.readSequence()
        try document.finish()
        let modulus = try key.readInteger()
        let exponent = try key.readInteger()
        try key.finish()
        self = .rsa(modulus: modulus, exponent: exponent)
    }

    /// A point as SEC 1 §2.3.3 writes it, uncompressed.
    init(_ curve: EllipticCurve, point: some Collection<UInt8>) throws(KeyError) {
        let count = curve.coordinateByteCount
        if let first = point.first, first == 0x02 || first == 0x03 {
            throw .unsupportedPEMEncoding
        }
        guard point.first == 0x04, point.count == 1 + 2 * count else { throw .damagedPEM }
        let coordinates = point.dropFirst()
        self = .ellipticCurve(
            curve,
            x: Array(coordinates.prefix(count)),
            y: Array(coordinates.dropFirst(count))
        )
    }

    /// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    ///
    /// - Returns: `nil` for a secret.
    var subjectPublicKeyInfo: [UInt8]? {
        switch self {
        case .secret:
            nil
        case .rsa(let modulus, let exponent):
            DERWriter.sequence(
                KeyAlgorithmIdentifier.rsa.der,
                DERWriter.bitString(
                    DERWriter.sequence(DERWriter.integer(modulus), DERWriter.integer(exponent))
                )
            )
        case .ellipticCurve(let curve, let x, let y):
            DERWriter.sequence(
                KeyAlgorithmIdentifier.ellipticCurve(curve).der,
                DERWriter.bitString([0x04] + x + y)
            )
        case .ed25519(let bytes):
            DERWriter.sequence(
                KeyAlgorithmIdentifier.ed25519.der,
                DERWriter.bitString(bytes)
            )
        }
    }
}
