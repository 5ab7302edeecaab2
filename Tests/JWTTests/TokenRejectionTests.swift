import JSON
import JWT
import Testing

@Suite("Token rejections (RFC 6750 §3)")
struct TokenRejectionTests {
    static let unknownKey = UnknownKey(issuer: "https://i", keyID: "Robert'); --")

    static let all: [TokenRejection] =
        [
            .tooLong(byteCountMax: 8_192), .notCompactSerialization, .missingAlgorithm,
            .unsupportedAlgorithm, .wrongAlgorithm(.hs512), .unsupportedType, .criticalExtension,
            .unknownKey(unknownKey), .keysUnavailable(issuer: "https://i"), .identityToken,
            .invalidSignature, .missingClaim(.expirationTime),
            .malformedClaim(.audience), .untrustedIssuer, .wrongAudience,
            .expired(at: NumericDate(seconds: 5)), .notYetValid(until: NumericDate(seconds: -5)),
            .malformedHeader(.algorithm), .malformedHeader(.type), .malformedHeader(.keyID),
        ]
        + [.header, .payload, .signature].flatMap { part -> [TokenRejection] in
            [
                .notBase64URL(part), .repeatedMember(part),
                .notJSONObject(part, JSONError(.endOfInput, offset: 3)),
            ]
        }

    @Test(arguments: all)
    func `What the client is told can stand in error_description as it is`(
        rejection: TokenRejection
    ) {
        // RFC 6750 §3: %x20-21 / %x23-5B / %x5D-7E
        let text = rejection.challengeDescription
        #expect(!text.isEmpty && text.utf8.count < 80)
        #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
    }

    @Test func `Each rejection reads differently to the operator`() {
        #expect(Set(Self.all.map(\.description)).count == Self.all.count)
    }

    @Test func `The client is not told whether kid or secret is at fault`() {
        #expect(
            TokenRejection.unknownKey(Self.unknownKey).challengeDescription
                == TokenRejection.invalidSignature.challengeDescription
        )
    }

    @Test func `No description shows the kid that somebody wrote into a token`() {
        let rejection = TokenRejection.unknownKey(Self.unknownKey)
        var dumped = ""
        dump(rejection, to: &dumped)
        for text in ["\(rejection)", String(reflecting: rejection), dumped] {
            #expect(!text.contains("Robert"))
        }
        #expect(rejection.description.contains("https://i"))
    }
}
