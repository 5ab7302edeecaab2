public import Bytes
internal import JSON

/// The keys that one issuer is trusted to sign with.
public struct KeySet: Sendable {
    public let keys: [VerificationKey]

    /// - Parameter keys: In the order in which they are tried when a token's header does not tell
    ///   them apart.
    public init(_ keys: [VerificationKey]) {
        self.keys = keys
    }

    /// The payload of a token that one of these keys signed (RFC 7515 §5.2).
    ///
    /// For payloads that are no claims. Says nothing about who issued the token, for whom and
    /// until when; ``TokenVerifier`` does.
    ///
    /// - Throws: ``TokenRejection`` if it is no compact serialization or no key signed it.
    public func verifiedPayload(
        of token: borrowing Span<UInt8>
    ) throws(TokenRejection) -> ByteBuffer {
        let unverified = try UnverifiedToken(decoding: token)
        var reader = try TokenPartReader(unverified.header, of: .header)
        let header = try JOSEHeader(reading: &reader)
        try verify(
            unverified.signature,
            for: token.extracting(unverified.signingInput),
            header,
            in: reader.json
        )
        return unverified.takePayload()
    }

    /// Checks that a trusted key made the signature.
    ///
    /// A key comes into question if it is bound to the algorithm that the header names and neither
    /// it nor the header says `kid`, or both say the same. A key without `kid` is tried for every
    /// token: a hint that leads nowhere is no evidence against a signature that verifies.
    func verify(
        _ signature: borrowing Span<UInt8>,
        for input: borrowing Span<UInt8>,
        _ header: JOSEHeader,
        in reader: borrowing JSONReader
    ) throws(TokenRejection) {
        var hasAlgorithm = false
        var hasKey = false
        for key in keys where key.algorithm == header.algorithm {
            hasAlgorithm = true
            if let wanted = header.keyID, let keyID = key.keyID, !reader.equals(wanted, keyID) {
                continue
            }
            hasKey = true
            if key.isValid(signature, for: input) { return }
        }
        guard hasAlgorithm else { throw .wrongAlgorithm(header.algorithm) }
        throw hasKey ? .invalidSignature : .unknownKey
    }
}
