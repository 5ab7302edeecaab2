public import JSON

extension KeyMaterial {
    /// The public half of a JWK (RFC 7517 §4), bound to its `alg` or to the only one of
    /// `algorithms` that works with it.
    ///
    /// - Parameters:
    ///   - jwk: One JSON object. Private members are passed over.
    ///   - algorithms: Those accepted; empty accepts all but those with a shared secret, and binds
    ///     an RSA key without `alg` to RS256.
    /// - Throws: ``KeyError`` if it is no key, not for signatures or not for those algorithms.
    public init(
        jwk: borrowing Span<UInt8>,
        algorithms: [SignatureAlgorithm] = []
    ) throws(KeyError) {
        try self.init(try JWK(reading: jwk), algorithms: algorithms)
    }

    init(_ jwk: JWK, algorithms: [SignatureAlgorithm]) throws(KeyError) {
        try jwk.validateUse()
        let algorithm = try jwk.algorithm(among: algorithms)
        try self.init(try jwk.parameters(), algorithm: algorithm, keyID: jwk[.keyID])
    }

    /// The key as a JWK with `use` and `alg`.
    ///
    /// - Returns: `nil` for a shared secret, which has no public half.
    public var publicJWK: RawJSON? {
        guard parameters.kind != .secret else { return nil }
        return RawJSON { writer in
            writer.beginObject()
            parameters.encode(into: &writer)
            encodeDescription(into: &writer)
            writer.endObject()
        }
    }

    /// The members that say what the key is for and what it is called.
    func encodeDescription(into writer: inout JSONWriter) {
        writer.name(JWKMember.publicKeyUse.rawValue)
        writer.string("sig")
        writer.name(JWKMember.algorithm.rawValue)
        writer.string(algorithm.rawValue)
        if let keyID {
            writer.name(JWKMember.keyID.rawValue)
            writer.string(keyID)
        }
    }
}
