import JSON
import JWT

/// Why two decisions on one token differ, where that is known.
///
/// Where Martlet refuses what jwt-kit accepts, it is Martlet's reason that is judged: it must be one
/// that jwt-kit does not know. A signature that only one of them believes has no explanation, and
/// neither has a token that both accept and read differently.
enum Difference {
    static func explanation(
        _ martlet: Martlet,
        _ jwtKit: JWTKitOpinion,
        _ mutation: String
    ) -> String? {
        switch (martlet, jwtKit) {
        case (.refused(let rejection), .accepted): explanation(ofRefusal: rejection, mutation)
        case (.accepted, .refused(let reason)): explanation(ofRefusalByOther: reason, mutation)
        case (.accepted, .accepted), (.refused, .refused): nil
        }
    }

    private static func explanation(
        ofRefusal rejection: TokenRejection,
        _ mutation: String
    ) -> String? {
        switch rejection {
        case .unsupportedAlgorithm, .wrongAlgorithm, .missingAlgorithm,
            .malformedHeader(.algorithm):
            "jwt-kit verifies with the key it has, whatever alg says"
        case .malformedHeader(.type), .unsupportedType: "jwt-kit does not read typ"
        case .malformedHeader(.keyID): "jwt-kit takes a kid of null for none"
        case .unknownKey: "jwt-kit takes its default key for a kid that it does not know"
        case .criticalExtension: "jwt-kit passes over crit"
        case .repeatedMember: "Foundation takes one of two members with the same name"
        case .notBase64URL: "Foundation accepts padding, the other alphabet and stray bits"
        case .tooLong: "jwt-kit has no limit of length"
        case .malformedClaim(.subject): "jwt-kit takes any string for a subject"
        case .malformedClaim(.notBefore): "a claim of null is none to an optional property"
        case .malformedClaim(.scope), .malformedClaim(.issuedAt), .malformedClaim(.tokenID),
            .malformedClaim(.clientID), .malformedClaim(.authorizedParty):
            "the payload declares no such claim"
        case .identityToken: "jwt-kit does not tell kinds of tokens apart"
        case .untrustedIssuer: "Swift's strings are equal if they are canonically equivalent"
        case .expired(let date) where date.seconds == Int64(World.now):
            "Martlet drops fractions of a second"
        case .notJSONObject(_, let error): explanation(of: error, mutation)
        case .notCompactSerialization, .invalidSignature, .keysUnavailable, .missingClaim,
            .malformedClaim, .wrongAudience, .expired, .notYetValid:
            nil
        }
    }

    /// What Foundation reads and RFC 8259 does not allow, or Martlet does not.
    private static func explanation(of error: JSONError, _ mutation: String) -> String? {
        switch error.reason {
        case .tooDeep: "Martlet reads 64 levels of nesting, Foundation 512"
        case .invalidUTF8: "Foundation accepts bytes that are no UTF-8"
        case .malformedEscape, .controlCharacter, .loneSurrogate:
            "Foundation does not look into a string that nobody asks for"
        case .malformedNumber: "Foundation does not look into a number that nobody asks for"
        case .expectedValue where mutation == "another encoding",
            .expectedMemberName where mutation == "another encoding":
            "Foundation reads UTF-16 and passes over a byte order mark"
        case .expectedMemberName: "Foundation accepts a comma before the closing brace"
        case .endOfInput, .expectedValue, .expectedColon, .expectedCommaOrEnd, .trailingBytes,
            .unexpectedKind:
            nil
        }
    }

    private static func explanation(
        ofRefusalByOther reason: String,
        _ mutation: String
    ) -> String? {
        if mutation == "nbf", reason.contains("too soon") {
            return "jwt-kit wants nbf to lie before now, to the fraction of a second"
        }
        if mutation == "a date too small for a double", reason.contains("not valid JSON") {
            return "Foundation refuses a number that is too small for a double"
        }
        return nil
    }
}
