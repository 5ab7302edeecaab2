internal import Bytes
internal import JSON

/// What a JOSE header says that matters here (RFC 7515 §4).
///
/// Keys, certificates and addresses in the header (`jwk`, `jku`, `x5u`, `x5c`) are never looked at:
/// a token does not bring the key it is to be verified with. They need to be JSON, no more.
struct JOSEHeader {
    let algorithm: SignatureAlgorithm

    /// Selects among trusted keys, and has no other influence.
    let keyID: JSONString?

    private let type: JSONString?

    /// - Throws: ``TokenRejection`` if the header is malformed, names no supported algorithm or has
    ///   `crit`.
    init(reading reader: inout TokenPartReader) throws(TokenRejection) {
        var algorithm: SignatureAlgorithm?
        var keyID: JSONString?
        var type: JSONString?
        while let name = try reader.nextMember() {
            if reader.json.equals(name, "alg") {
                guard let value = try reader.readString() else {
                    throw .malformedHeader(.algorithm)
                }
                algorithm = SignatureAlgorithm(value, in: reader.json)
                if algorithm == nil { throw .unsupportedAlgorithm }
            } else if reader.json.equals(name, "kid") {
                keyID = try reader.readString()
                if keyID == nil { throw .malformedHeader(.keyID) }
            } else if reader.json.equals(name, "typ") {
                type = try reader.readString()
                if type == nil { throw .malformedHeader(.type) }
            } else if reader.json.equals(name, "crit") {
                throw .criticalExtension
            }
        }
        guard let algorithm else { throw .missingAlgorithm }
        self.algorithm = algorithm
        self.keyID = keyID
        self.type = type
    }

    /// Checks that the token says of itself that it is an access token, or says nothing.
    ///
    /// `typ` is compared without regard to case, with and without `application/` (RFC 7515 §4.1.9,
    /// RFC 9068 §4). A logout token or a DPoP proof thus never passes for an access token (RFC 8725
    /// §3.11).
    func validateType(in reader: borrowing JSONReader) throws(TokenRejection) {
        guard let type else { return }
        if type.hasEscapes {
            var decoded = ByteBuffer()
            reader.decode(type, into: &decoded)
            guard Self.isAccepted(decoded.span) else { throw .unsupportedType }
        } else {
            guard Self.isAccepted(reader.bytes(in: type.range)) else { throw .unsupportedType }
        }
    }

    private static func isAccepted(_ type: borrowing Span<UInt8>) -> Bool {
        type.equalsIgnoringCase("jwt") || type.equalsIgnoringCase("at+jwt")
            || type.equalsIgnoringCase("application/jwt")
            || type.equalsIgnoringCase("application/at+jwt")
    }
}
