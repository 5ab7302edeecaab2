internal import JSON

/// Where the claims stand in a payload, and the dates among them; no signature is checked yet.
///
/// One pass over the payload serves both to learn whose keys to try and to judge the claims once
/// the signature has proved them.
struct UnverifiedClaims {
    private(set) var issuer: JSONString?
    private(set) var subject: JSONString?
    private(set) var audience: Range<Int>?
    private(set) var times = TimeClaims()
    private(set) var issuedAt: NumericDate?
    private(set) var tokenID: JSONString?
    private(set) var scope: Range<Int>?
    private var scopeAlternative: Range<Int>?
    private(set) var clientID: JSONString?
    private(set) var authorizedParty: JSONString?
    private(set) var kind = ClaimedKind()

    /// - Throws: ``TokenRejection`` if the payload is not an object with every name once, or a
    ///   registered claim is of the wrong kind.
    init(reading reader: inout TokenPartReader) throws(TokenRejection) {
        while let name = try reader.nextMember() {
            if reader.json.equals(name, ClaimName.issuer.text) {
                issuer = try Self.string(.issuer, &reader)
            } else if reader.json.equals(name, ClaimName.subject.text) {
                subject = try Self.string(.subject, &reader)
            } else if reader.json.equals(name, ClaimName.audience.text) {
                audience = try reader.skipValue()
            } else if reader.json.equals(name, ClaimName.expirationTime.text) {
                times.expiresAt = try Self.date(.expirationTime, &reader)
            } else if reader.json.equals(name, ClaimName.notBefore.text) {
                times.notBefore = try Self.date(.notBefore, &reader)
            } else if reader.json.equals(name, ClaimName.issuedAt.text) {
                issuedAt = try Self.date(.issuedAt, &reader)
            } else if reader.json.equals(name, ClaimName.tokenID.text) {
                tokenID = try Self.string(.tokenID, &reader)
            } else if reader.json.equals(name, ClaimName.scope.text) {
                scope = try reader.skipValue()
            } else if reader.json.equals(name, ClaimName.scopeAlternative.text) {
                scopeAlternative = try reader.skipValue()
            } else if reader.json.equals(name, ClaimName.clientID.text) {
                clientID = try Self.string(.clientID, &reader)
            } else if reader.json.equals(name, ClaimName.authorizedParty.text) {
                authorizedParty = try Self.string(.authorizedParty, &reader)
            } else {
                try kind.note(name, &reader)
            }
        }
        // Where both are present the registered name counts.
        scope = scope ?? scopeAlternative
    }

    /// Checks that the claims are there which RFC 9068 §2.2 requires and other tokens need not
    /// have.
    func validateAccessToken() throws(TokenRejection) {
        guard let clientID else { throw .missingClaim(.clientID) }
        guard !clientID.range.isEmpty else { throw .malformedClaim(.clientID) }
        guard issuedAt != nil else { throw .missingClaim(.issuedAt) }
        guard let tokenID else { throw .missingClaim(.tokenID) }
        guard !tokenID.range.isEmpty else { throw .malformedClaim(.tokenID) }
    }

    private static func string(
        _ name: ClaimName,
        _ reader: inout TokenPartReader
    ) throws(TokenRejection) -> JSONString {
        guard let string = try reader.readString() else { throw .malformedClaim(name) }
        return string
    }

    /// A number of seconds, a fraction allowed and dropped (RFC 7519 §2).
    private static func date(
        _ name: ClaimName,
        _ reader: inout TokenPartReader
    ) throws(TokenRejection) -> NumericDate {
        guard let number = try reader.readNumber() else { throw .malformedClaim(name) }
        if let integer = reader.json.integer(of: number) {
            return NumericDate(seconds: Int64(integer))
        }
        guard let double = reader.json.double(of: number),
            let date = NumericDate(roundingDown: double)
        else { throw .malformedClaim(name) }
        return date
    }
}
