public import Bytes
internal import JSON

/// The keys that one issuer is trusted to sign with.
public struct KeySet: Sendable {
    /// How many public keys are tried for one token.
    ///
    /// Each try is tens of microseconds. A token whose `kid` names one key needs one; a set whose
    /// tokens name none must have no more keys of an algorithm than this.
    public static let publicKeyTryCountMax = 8

    public let keys: [VerificationKey]

    /// - Parameter keys: In the order in which they are tried when a token's header does not tell
    ///   them apart.
    public init(_ keys: [VerificationKey]) {
        self.keys = keys
    }

    /// A set of keys made anew, which shares no state with any other.
    public init(making materials: [KeyMaterial]) throws(KeyError) {
        var keys: [VerificationKey] = []
        for material in materials { keys.append(try material.makeKey()) }
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
        let verdict = verdict(
            on: unverified.signature,
            for: token.extracting(unverified.signingInput),
            header,
            in: reader.json
        )
        switch verdict {
        case .valid: return unverified.takePayload()
        case .invalid: throw .invalidSignature
        case .noKey: throw .unknownKey(header.unknownKey(of: "", in: reader.json))
        case .noAlgorithm: throw .wrongAlgorithm(header.algorithm)
        }
    }

    /// What the keys say of a signature.
    enum Verdict {
        case valid
        /// No key that came into question made it.
        case invalid
        /// No key for the algorithm has the `kid` that the header names.
        case noKey
        /// No key is for the algorithm.
        case noAlgorithm
    }

    /// Whether a trusted key made the signature.
    ///
    /// A key comes into question if it is bound to the algorithm that the header names and neither
    /// it nor the header says `kid`, or both say the same. A key without `kid` is tried for every
    /// token: a hint that leads nowhere is no evidence against a signature that verifies.
    func verdict(
        on signature: borrowing Span<UInt8>,
        for input: borrowing Span<UInt8>,
        _ header: JOSEHeader,
        in reader: borrowing JSONReader
    ) -> Verdict {
        var hasAlgorithm = false
        var wasTried = false
        var publicKeyTryCount = 0
        for key in keys where key.algorithm == header.algorithm {
            hasAlgorithm = true
            if let wanted = header.keyID, let keyID = key.keyID, !reader.equals(wanted, keyID) {
                continue
            }
            if !header.algorithm.isSymmetric {
                guard publicKeyTryCount < Self.publicKeyTryCountMax else { break }
                publicKeyTryCount += 1
            }
            wasTried = true
            if key.isValid(signature, for: input) { return .valid }
        }
        if let wanted = header.keyID, hasOnlyOtherKeyIDs(than: wanted, in: reader) {
            return .noKey
        }
        guard hasAlgorithm else { return .noAlgorithm }
        return wasTried ? .invalid : .noKey
    }

    /// Whether keys have a `kid` and none has this one: it may be that of a key just published.
    ///
    /// Where no key has any, a token's says nothing.
    private func hasOnlyOtherKeyIDs(
        than wanted: JSONString,
        in reader: borrowing JSONReader
    ) -> Bool {
        var hasKeyID = false
        for key in keys {
            guard let keyID = key.keyID else { continue }
            if reader.equals(wanted, keyID) { return false }
            hasKeyID = true
        }
        return hasKeyID
    }
}
