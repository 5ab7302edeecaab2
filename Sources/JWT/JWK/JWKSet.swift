public import JSON

/// The keys of a JWK Set (RFC 7517 §5), as far as they can be used.
///
/// "Implementations SHOULD ignore JWKs within a JWK Set that use `kty` values that are not
/// understood by them, that are missing required members, or for which values are out of the
/// supported ranges": a key that cannot be used is skipped with the reason, and never keeps the
/// others from being used.
public struct JWKSet: Sendable {
    /// How many keys of a set are looked at.
    public static let keyCountMax = 64

    /// Those that can be used, in the order of the set.
    ///
    /// Two with the same `kid` and algorithm are both kept.
    public let keys: [KeyMaterial]

    public let skipped: [SkippedKey]

    /// Which keys stand there with their private halves, which are passed over.
    ///
    /// Harmless in a file of one's own. Whoever publishes such a set has lost the key.
    public let privateKeyIndices: [Int]

    /// - Parameters:
    ///   - document: The set as JSON; its size is bounded by the caller.
    ///   - algorithms: Those accepted; empty accepts all but those with a shared secret, and binds
    ///     an RSA key without `alg` to RS256.
    /// - Throws: ``JWKSetError`` if it is no JWK Set. One without a usable key is not an error.
    public init(
        reading document: borrowing Span<UInt8>,
        algorithms: [SignatureAlgorithm] = []
    ) throws(JWKSetError) {
        let source = copy document
        var keys: [KeyMaterial] = []
        var skipped: [SkippedKey] = []
        var privateKeyIndices: [Int] = []
        for (index, range) in try Self.keyRanges(in: source).enumerated() {
            guard index < Self.keyCountMax else {
                let reason = KeyError.tooManyKeys(countMax: Self.keyCountMax)
                skipped.append(SkippedKey(index: index, keyID: nil, reason: reason))
                break
            }
            var keyID: String?
            do throws(KeyError) {
                let jwk = try JWK(reading: source.extracting(range))
                keyID = jwk[.keyID].map { String($0.prefix(KeyMaterial.keyIDByteCountMax)) }
                if jwk.isPrivate { privateKeyIndices.append(index) }
                keys.append(try KeyMaterial(jwk, algorithms: algorithms))
            } catch {
                skipped.append(SkippedKey(index: index, keyID: keyID, reason: error))
            }
        }
        self.keys = keys
        self.skipped = skipped
        self.privateKeyIndices = privateKeyIndices
    }

    /// Where the keys stand: those looked at, and one more if there are more.
    private static func keyRanges(in document: Span<UInt8>) throws(JWKSetError) -> [Range<Int>] {
        let result: Result<[Range<Int>], JWKSetError>
        do throws(JSONError) {
            result = try find(in: document)
        } catch {
            throw .notJSON(error)
        }
        return try result.get()
    }

    private static func find(
        in document: Span<UInt8>
    ) throws(JSONError) -> Result<[Range<Int>], JWKSetError> {
        var reader = JSONReader(document)
        var names = MemberNames()
        var ranges: [Range<Int>]?
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard names.insert(name, in: reader) else { return .failure(.repeatedMember) }
            guard reader.equals(name, "keys") else { continue }
            guard try reader.peek() == .array else { return .failure(.noKeys) }
            var found: [Range<Int>] = []
            try reader.beginArray()
            while try reader.nextElement() {
                let range = try reader.skipValue()
                if found.count <= keyCountMax { found.append(range) }
            }
            ranges = found
        }
        try reader.finish()
        return ranges.map { .success($0) } ?? .failure(.noKeys)
    }
}

extension JWKSet {
    /// The set of the public halves, as it is published; shared secrets are left out.
    public static func encode(_ keys: [KeyMaterial]) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name("keys")
            writer.beginArray()
            for key in keys {
                if let jwk = key.publicJWK { writer.raw(jwk.span) }
            }
            writer.endArray()
            writer.endObject()
        }
    }
}

extension JWKSet: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(keys.count) keys, \(skipped.count) skipped" }

    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
