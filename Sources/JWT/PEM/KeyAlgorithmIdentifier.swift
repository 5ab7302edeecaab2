/// What kind of key a document in DER says it holds: AlgorithmIdentifier (RFC 5280 §4.1.1.2).
enum KeyAlgorithmIdentifier: Hashable {
    case rsa
    case ellipticCurve(EllipticCurve)
    case ed25519

    /// - Throws: ``KeyError`` unless it is one of the above.
    init(reading reader: inout DERReader) throws(KeyError) {
        var identifier = try reader.readSequence()
        switch Array(try identifier.read(.objectIdentifier)) {
        case Self.rsaEncryption:
            self = .rsa
        case Self.rsaPSS:
            // The parameters may say which hash is to be used; the caller's algorithm does here.
            self = .rsa
            return
        case Self.ed25519Identifier:
            self = .ed25519
        case Self.ecPublicKey:
            self = .ellipticCurve(try EllipticCurve(readingName: &identifier))
        default:
            throw .unsupportedPEMAlgorithm
        }
        if identifier.isNext(.null) { _ = try identifier.read(.null) }
        try identifier.finish()
    }

    var der: [UInt8] {
        switch self {
        case .rsa:
            DERWriter.sequence(
                DERWriter.value(.objectIdentifier, Self.rsaEncryption),
                DERWriter.value(.null, [])
            )
        case .ellipticCurve(let curve):
            DERWriter.sequence(
                DERWriter.value(.objectIdentifier, Self.ecPublicKey),
                DERWriter.value(.objectIdentifier, curve.objectIdentifier)
            )
        case .ed25519:
            DERWriter.sequence(DERWriter.value(.objectIdentifier, Self.ed25519Identifier))
        }
    }

    /// 1.2.840.113549.1.1.1 (RFC 8017 appendix C).
    private static let rsaEncryption: [UInt8] = [
        0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01,
    ]
    /// 1.2.840.113549.1.1.10 (RFC 8017 appendix C).
    private static let rsaPSS: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A]
    /// 1.2.840.10045.2.1 (RFC 5480 §2.1.1).
    private static let ecPublicKey: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    /// 1.3.101.112 (RFC 8410 §3).
    private static let ed25519Identifier: [UInt8] = [0x2B, 0x65, 0x70]
}

extension EllipticCurve {
    /// RFC 5480 §2.1.1.1.
    var objectIdentifier: [UInt8] {
        switch self {
        case .p256: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x2B, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x2B, 0x81, 0x04, 0x00, 0x23]
        }
    }

    init(readingName reader: inout DERReader) throws(KeyError) {
        // Otherwise the curve is spelled out, and could be any.
        guard reader.isNext(.objectIdentifier) else { throw .unsupportedPEMEncoding }
        let name = Array(try reader.read(.objectIdentifier))
        guard let curve = Self.allCases.first(where: { $0.objectIdentifier == name }) else {
            throw .unsupportedPEMAlgorithm
        }
        self = curve
    }
}
