internal import Bytes
internal import JSON

/// What a JOSE header says that matters here (RFC 7515 §4).
///
/// Keys, certificates and addresses in the header (`jwk`, `jku`, `x5u`, `x5c`) are never looked at:
/// a token does not bring the key it is to be verified with. They need to be JSON, no more.
struct JOSEHeader {
    /// The parameters that are read, and the most common type.
    private struct Names: Sendable {
        static let shared = Names()

        let algorithm = ShortText("alg")
        let keyID = ShortText("kid")
        let type = ShortText("typ")
        let critical = ShortText("crit")
        let encodesPayload = ShortText("b64")
        let jwt = ShortText("JWT")
    }

    let algorithm: SignatureAlgorithm

    /// Selects among trusted keys, and has no other influence.
    let keyID: JSONString?

    private let type: JSONString?

    /// - Throws: ``TokenRejection`` if the header is malformed, names no supported algorithm or has
    ///   `crit` or `b64`.
    init(reading reader: inout TokenPartReader) throws(TokenRejection) {
        var algorithm: SignatureAlgorithm?
        var keyID: JSONString?
        var type: JSONString?
        let names = Names.shared
        while let member = try reader.nextMember() {
            guard let name = reader.json.shortText(of: member) else { continue }
            if name == names.algorithm {
                guard let value = try reader.readString() else {
                    throw .malformedHeader(.algorithm)
                }
                algorithm = SignatureAlgorithm(value, in: reader.json)
                if algorithm == nil { throw .unsupportedAlgorithm }
            } else if name == names.keyID {
                keyID = try reader.readString()
                if keyID == nil { throw .malformedHeader(.keyID) }
            } else if name == names.type {
                type = try reader.readString()
                if type == nil { throw .malformedHeader(.type) }
            } else if name == names.critical || name == names.encodesPayload {
                throw .criticalExtension
            }
        }
        guard let algorithm else { throw .missingAlgorithm }
        self.algorithm = algorithm
        self.keyID = keyID
        self.type = type
    }

    /// What a token says it is.
    enum TokenType {
        case unnamed, jwt, accessToken
    }

    /// What the token says it is, if that is something to be believed here.
    ///
    /// `typ` is compared without regard to case, with and without `application/` (RFC 7515 §4.1.9,
    /// RFC 9068 §4). A logout token or a DPoP proof thus never passes for an access token (RFC 8725
    /// §3.11).
    ///
    /// - Throws: ``TokenRejection/unsupportedType``
    func tokenType(in reader: borrowing JSONReader) throws(TokenRejection) -> TokenType {
        guard let type else { return .unnamed }
        if reader.shortText(of: type) == Names.shared.jwt { return .jwt }
        guard type.hasEscapes else { return try Self.tokenType(reader.bytes(in: type.range)) }
        var decoded = ByteBuffer()
        reader.decode(type, into: &decoded)
        return try Self.tokenType(decoded.span)
    }

    private static func tokenType(
        _ type: borrowing Span<UInt8>
    ) throws(TokenRejection) -> TokenType {
        if type.equalsIgnoringCase("jwt") || type.equalsIgnoringCase("application/jwt") {
            return .jwt
        }
        if type.equalsIgnoringCase("at+jwt") || type.equalsIgnoringCase("application/at+jwt") {
            return .accessToken
        }
        throw .unsupportedType
    }

    /// The key that the header asks for and `issuer` does not have.
    func unknownKey(of issuer: String, in reader: borrowing JSONReader) -> UnknownKey {
        let name = keyID.map { reader.text(of: $0) }
        let isBounded = (name?.utf8.count ?? 0) <= KeyMaterial.keyIDByteCountMax
        return UnknownKey(issuer: issuer, keyID: isBounded ? name : nil)
    }
}
