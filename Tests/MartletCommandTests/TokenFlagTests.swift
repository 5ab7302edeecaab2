import Bytes
import JSON
import JWT
import MartletCommand
import Testing

@Suite("What martlet token is told")
struct TokenFlagTests {
    @Test func `All mistakes are told at once`() {
        var reader = TokenFlagReader()
        _ = reader.claims(["a", "=1", "b=x", "c=1", "c=2"])
        _ = reader.role("root", isOptional: true)
        _ = reader.subject("")
        _ = reader.workspace("~x")
        _ = reader.seconds("soon")
        _ = reader.type("logout+jwt")
        _ = reader.algorithm("none", hasKeyFile: true)
        _ = reader.audiences([""])
        #expect(
            reader.mistakes == [
                .malformedClaim("a"), .malformedClaim("=1"),
                .claimNotJSON(name: "b", JSONError(.expectedValue, offset: 0)),
                .claimTwice(name: "c"), .unknownRole("root"), .malformedSubject,
                .malformedWorkspace, .malformedTime("soon"), .unknownType("logout+jwt"),
                .unknownAlgorithm("none"), .emptyAudience,
            ]
        )
        for mistake in reader.mistakes { #expect(!"\(mistake)".contains("\n")) }
    }

    @Test func `What is right is no mistake`() {
        var reader = TokenFlagReader()
        let claims = reader.claims(["a.b=[1]", "c=\"x=y\""])
        #expect(claims.map(\.name.text) == ["a.b", "c"])
        #expect(reader.role("admin", isOptional: false) == "admin")
        #expect(reader.role(nil, isOptional: true) == nil)
        #expect(reader.subject(String(repeating: "s", count: 255))?.count == 255)
        #expect(reader.seconds("90m") == 5_400)
        #expect(reader.type("AT+JWT") == .accessToken)
        #expect(reader.type(nil) == .jwt)
        #expect(reader.algorithm("Ed25519", hasKeyFile: true) == .edDSA)
        #expect(reader.algorithm("HS512", hasKeyFile: false) == .hs512)
        #expect(reader.audiences(["a", "b"]) == ["a", "b"])
        #expect(reader.mistakes.isEmpty)
    }

    @Test func `A role or another claim is needed, and a private key for its algorithm`() {
        var reader = TokenFlagReader()
        _ = reader.role(nil, isOptional: false)
        _ = reader.subject(String(repeating: "s", count: 256))
        _ = reader.algorithm("ES256", hasKeyFile: false)
        #expect(
            reader.mistakes == [.noRole, .malformedSubject, .algorithmNeedsKeyFile(.es256)]
        )
    }

    @Test func `An access token has the claims of RFC 9068 §2_2`() throws {
        let key = try SigningKey.generate(.es256)
        var request = TokenRequest(role: "user", subject: "ada", seconds: 60)
        request.type = .accessToken
        let token = request.sign(
            by: TokenSigner(key: key, type: .accessToken),
            as: "issuer",
            audiences: ["here", "there"],
            now: NumericDate(seconds: 7)
        )
        let trusted = TrustedIssuer(
            "issuer",
            audiences: ["there"],
            profile: .required,
            keys: try KeySet(making: [key.keyMaterial])
        )
        let verifier = try TokenVerifier(issuers: [trusted])
        let claims = try verifier.verify(Array(token.utf8).span, at: NumericDate(seconds: 8))
        #expect(claims.string(at: ["client_id"]) == "martlet")
        #expect(claims.strings(at: ["aud"]) == ["here", "there"])
        #expect(claims.issuedAt == NumericDate(seconds: 7))
        #expect(claims.tokenID != nil)
    }

    @Test func `A claim replaces that of the same name`() throws {
        let key = try SigningKey.generate(.hs256)
        var request = TokenRequest(role: "user", subject: "ada", seconds: 60)
        request.claims = [("role", try RawJSON(parsing: "[\"admin\"]"))]
        let token = request.sign(
            by: TokenSigner(key: key),
            as: "issuer",
            audiences: ["here"],
            now: NumericDate(seconds: 0)
        )
        let anatomy = TokenAnatomy(TokenText(token))
        #expect(anatomy.claims?["role"] == .array([.string("admin")]))
        #expect(anatomy.claims?.members.filter { $0.name == "role" }.count == 1)
    }

    @Test func `A token is signed with a key from a JWK Set, a JWK or PEM`() throws {
        try withTemporaryDirectory { directory in
            let key = try SigningKey.generate(.es256)
            let pem = try #require(key.pem)
            let jwk = String(decoding: key.jwk.bytes.bytes, as: UTF8.self)
            for (index, text) in [SigningKeySet([key]).text, "\n \(jwk)", pem].enumerated() {
                let file = KeyFile(path: "\(directory)/\(index)")
                try file.create(with: text)
                #expect(try TokenKeyFile(path: file.path).read(nil).keyID == key.keyID)
                #expect(throws: SigningKeyFileError.self) {
                    try TokenKeyFile(path: file.path).read(.rs256)
                }
            }
            for (index, text) in ["", "{", "{}", "PEM", "{\"keys\":[]}"].enumerated() {
                let file = KeyFile(path: "\(directory)/wrong-\(index)")
                try file.create(with: text)
                #expect(throws: SigningKeyFileError.self) {
                    try TokenKeyFile(path: file.path).read(nil)
                }
            }
        }
    }
}
