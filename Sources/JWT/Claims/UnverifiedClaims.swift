internal import Bytes
internal import JSON

/// Where the claims stand in a payload, and the dates among them, before they have been judged.
struct UnverifiedClaims {
    /// The claims that are read.
    private struct Names: Sendable {
        static let shared = Names()

        let issuer = ShortText(ClaimName.issuer.text)
        let subject = ShortText(ClaimName.subject.text)
        let audience = ShortText(ClaimName.audience.text)
        let expirationTime = ShortText(ClaimName.expirationTime.text)
        let notBefore = ShortText(ClaimName.notBefore.text)
        let issuedAt = ShortText(ClaimName.issuedAt.text)
        let tokenID = ShortText(ClaimName.tokenID.text)
        let scope = ShortText(ClaimName.scope.text)
        let scopeAlternative = ShortText(ClaimName.scopeAlternative.text)
        let clientID = ShortText(ClaimName.clientID.text)
        let authorizedParty = ShortText(ClaimName.authorizedParty.text)
    }

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
        let names = Names.shared
        while let member = try reader.nextMember() {
            guard let name = reader.json.shortText(of: member) else { continue }
            if name == names.issuer {
                issuer = try Self.string(.issuer, &reader)
            } else if name == names.subject {
                subject = try Self.string(.subject, &reader)
            } else if name == names.audience {
                audience = try reader.skipValue()
            } else if name == names.expirationTime {
                times.expiresAt = try Self.date(.expirationTime, &reader)
            } else if name == names.notBefore {
                times.notBefore = try Self.date(.notBefore, &reader)
            } else if name == names.issuedAt {
                issuedAt = try Self.date(.issuedAt, &reader)
            } else if name == names.tokenID {
                tokenID = try Self.string(.tokenID, &reader)
            } else if name == names.scope {
                scope = try reader.skipValue()
            } else if name == names.scopeAlternative {
                scopeAlternative = try reader.skipValue()
            } else if name == names.clientID {
                clientID = try Self.string(.clientID, &reader)
            } else if name == names.authorizedParty {
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
