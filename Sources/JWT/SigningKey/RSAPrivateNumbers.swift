/// The numbers of an RSA private key (RFC 8017 §3.2), big-endian, without leading zeros.
struct RSAPrivateNumbers: Sendable {
    let modulus: [UInt8]
    let exponent: [UInt8]
    let privateExponent: [UInt8]
    let firstPrimeFactor: [UInt8]
    let secondPrimeFactor: [UInt8]
    let firstFactorExponent: [UInt8]
    let secondFactorExponent: [UInt8]
    let firstCoefficient: [UInt8]
}

extension RSAPrivateNumbers {
    /// RSAPrivateKey of two primes (RFC 8017 A.1.2).
    init(pkcs1 der: [UInt8]) throws(KeyError) {
        var document = DERReader(der)
        var key = try document.readSequence()
        try document.finish()
        // Version 1 is for more than two primes.
        guard try key.readInteger().isEmpty else { throw .unsupportedPEMEncoding }
        modulus = try key.readInteger()
        exponent = try key.readInteger()
        privateExponent = try key.readInteger()
        firstPrimeFactor = try key.readInteger()
        secondPrimeFactor = try key.readInteger()
        firstFactorExponent = try key.readInteger()
        secondFactorExponent = try key.readInteger()
        firstCoefficient = try key.readInteger()
        try key.finish()
    }

    /// RSAPrivateKey of two primes (RFC 8017 A.1.2).
    var pkcs1: [UInt8] {
        DERWriter.sequence(
            DERWriter.integer([]),
            DERWriter.integer(modulus),
            DERWriter.integer(exponent),
            DERWriter.integer(privateExponent),
            DERWriter.integer(firstPrimeFactor),
            DERWriter.integer(secondPrimeFactor),
            DERWriter.integer(firstFactorExponent),
            DERWriter.integer(secondFactorExponent),
            DERWriter.integer(firstCoefficient)
        )
    }
}
