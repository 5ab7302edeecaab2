extension PrivateKeyParameters {
    /// - Throws: ``KeyError``; ``KeyError/notPrivate`` if the block holds a public key.
    init(_ block: PEMBlock) throws(KeyError) {
        switch block.label {
        case .publicKey, .rsaPublicKey: throw .notPrivate
        case .privateKey: try self.init(pkcs8: block.bytes)
        case .rsaPrivateKey: self = .rsa(try RSAPrivateNumbers(pkcs1: block.bytes))
        case .ellipticCurvePrivateKey: try self.init(sec1: block.bytes, on: nil)
        }
    }

    /// PrivateKeyInfo and OneAsymmetricKey (RFC 5958 §2); attributes and the public half, which
    /// may follow, are passed over.
    private init(pkcs8 der: [UInt8]) throws(KeyError) {
        var document = DERReader(der)
        var info = try document.readSequence()
        try document.finish()
        _ = try info.readInteger()
        let identifier = try KeyAlgorithmIdentifier(reading: &info)
        let key = Array(try info.read(.octetString))
        switch identifier {
        case .rsa:
            self = .rsa(try RSAPrivateNumbers(pkcs1: key))
        case .ellipticCurve(let curve):
            try self.init(sec1: key, on: curve)
        case .ed25519:
            // An octet string within the octet string (RFC 8410 §7).
            var seed = DERReader(key)
            self = .ed25519(Array(try seed.read(.octetString)))
            try seed.finish()
        }
    }

    /// ECPrivateKey (RFC 5915 §3); the public half, which may follow, is passed over.
    ///
    /// `curve` is the one that the document around it names, if there is any.
    private init(sec1 der: [UInt8], on curve: EllipticCurve?) throws(KeyError) {
        var document = DERReader(der)
        var key = try document.readSequence()
        try document.finish()
        _ = try key.readInteger()
        let scalar = Array(try key.read(.octetString))
        var named: EllipticCurve?
        if key.isNext(.context0) {
            var parameters = DERReader(try key.read(.context0))
            named = try EllipticCurve(readingName: &parameters)
        }
        guard let curve = curve ?? named, named == nil || named == curve else {
            throw .damagedPEM
        }
        self = .ellipticCurve(curve, try Self.padded(scalar, to: curve.coordinateByteCount))
    }

    /// Some writers drop the zeros that RFC 5915 §3 wants in front.
    private static func padded(_ scalar: [UInt8], to count: Int) throws(KeyError) -> [UInt8] {
        guard scalar.count <= count else { throw .damagedPEM }
        return [UInt8](repeating: 0, count: count - scalar.count) + scalar
    }

    /// PrivateKeyInfo (RFC 5958 §2, version 0).
    ///
    /// - Returns: `nil` for a secret.
    func pkcs8(_ publicHalf: KeyParameters) -> [UInt8]? {
        switch self {
        case .secret:
            return nil
        case .rsa(let numbers):
            return Self.privateKeyInfo(.rsa, numbers.pkcs1)
        case .ellipticCurve(let curve, let scalar):
            var content = DERWriter.integer([1]) + DERWriter.value(.octetString, scalar)
            if case .ellipticCurve(_, let x, let y) = publicHalf {
                content += DERWriter.value(.context1, DERWriter.bitString([0x04] + x + y))
            }
            return Self.privateKeyInfo(
                .ellipticCurve(curve),
                DERWriter.value(.sequence, content)
            )
        case .ed25519(let seed):
            return Self.privateKeyInfo(.ed25519, DERWriter.value(.octetString, seed))
        }
    }

    private static func privateKeyInfo(
        _ identifier: KeyAlgorithmIdentifier,
        _ key: [UInt8]
    ) -> [UInt8] {
        DERWriter.sequence(
            DERWriter.integer([]),
            identifier.der,
            DERWriter.value(.octetString, key)
        )
    }
}
