import Foundation
import JSON
import JWT
import MartletCommand
import Testing

@Suite("What is said of a token (RFC 7515, RFC 7519, RFC 9068)")
struct InspectTokenTests {
    private static let now = NumericDate(seconds: 1_795_000_000)
    private static let issuer = "https://login.example"
    private static let audience = "https://todos.example/mcp"

    // MARK: Form

    @Test(
        arguments: [
            ("", .empty),
            ("abc", .opaque),
            ("e30.e30", .noSignature),
            ("e30.e30.", .emptySignature),
            ("e30.e30.e30.e30", .partCount(4)),
            ("e30.a.b.c.d", .encrypted),
            ("e30=.e30.AAAA", .padded(.header)),
            ("e30.e30.AA+/", .otherAlphabet(.signature)),
            ("e30.e3 0.AAAA", nil),
            ("e30.e3*0.AAAA", .foreignCharacter(.payload, offset: 2)),
            ("e30.e30x.AAAA", .notJSON(.payload, JSONError(.trailingBytes, offset: 2))),
            ("e30.e30.AAAAA", .cutOff(.signature)),
            ("e30.W10.AAAA", .notObject(.payload)),
            ("eyJhIjoxLCJhIjoyfQ.e30.AAAA", .repeatedMember(.header, name: "a")),
        ] as [(String, TokenFault?)]
    )
    func `Each fault of form is named`(text: String, fault: TokenFault?) {
        #expect(TokenAnatomy(TokenText(text)).faults == (fault.map { [$0] } ?? []))
    }

    @Test func `A token that is cut off anywhere is told to be faulty and never traps`() throws {
        let token = try Self.token()
        for count in 0..<token.utf8.count - 1 {
            let text = TokenText(String(token.prefix(count)))
            let faults = TokenAnatomy(text).faults
            // A signature may be cut where base64url still ends: its check tells that.
            let isCutSignature = count > (token.lastIndex(of: ".")?.utf16Offset(in: token) ?? 0) + 1
            #expect(!faults.isEmpty || isCutSignature, "\(count)")
        }
    }

    // MARK: Checks

    @Test func `A token that a server accepts passes every check`() throws {
        let judgement = try judge(try Self.token())
        #expect(judgement.checks.allSatisfy { $0.outcome == .passed }, "\(judgement.checks)")
        guard case .accepted(let claims) = judgement.decision else {
            Issue.record("\(judgement.decision)")
            return
        }
        #expect(claims.subject == "ada")
    }

    @Test(arguments: [
        ("iss", "\"https://login.example/\"", TokenCheck.Subject.issuer, "slash"),
        ("iss", "\"https://other.example\"", .issuer, "trusted is \"https://login.example\""),
        ("aud", "\"https://todos.example/mcp/\"", .audience, "slash"),
        ("aud", "[\"a\",\"b\"]", .audience, "\"a\", \"b\""),
        ("aud", "7", .audience, "neither a string nor an array"),
        ("sub", "7", .subject, "not a string"),
        ("exp", "1794990000", .time, "expired 2 h ago, at 2026-11-18"),
        ("exp", "\"soon\"", .time, "not a number"),
        ("nbf", "1795010000", .time, "in 2 h"),
    ])
    func `A claim that is wrong fails its check, and the server refuses`(
        name: String,
        json: String,
        subject: TokenCheck.Subject,
        words: String
    ) throws {
        let judgement = try judge(try Self.token(claims: [name: json]))
        let failure = try #require(judgement.failures.first)
        #expect(failure.subject == subject)
        #expect(failure.text.contains(words), "\(failure)")
        guard case .refused = judgement.decision else {
            Issue.record("\(judgement.decision)")
            return
        }
    }

    @Test func `All that is wrong is told, not only what a server meets first`() throws {
        let token = try Self.token(
            claims: ["aud": "\"x\"", "exp": "1"],
            key: try SigningKey.generate(.es256, keyID: "k")
        )
        #expect(Set(try judge(token).failures.map(\.subject)) == [.signature, .audience, .time])
    }

    @Test func `A kid that is not the issuer's is told beside those that are`() throws {
        let other = try SigningKey.generate(.es256, keyID: "other")
        let failure = try #require(try judge(try Self.token(key: other)).failures.first)
        #expect(failure.subject == .key)
        #expect(failure.text.contains("\"other\"") && failure.text.contains("\"k\""))
    }

    @Test func `An algorithm that is not the issuer's is told`() throws {
        let other = try SigningKey.generate(.edDSA, keyID: "k")
        let token = try Self.token(key: other)
        #expect(try judge(token).failures.map(\.subject) == [.key])
        #expect(try judge(token, algorithms: [.es256]).failures.map(\.subject) == [.algorithm])
    }

    @Test(
        arguments: [
            (#"{"alg":"none"}"#, .algorithm, "anybody"),
            (#"{"alg":"ES256K"}"#, .algorithm, "ES256K"),
            (#"{}"#, .algorithm, "no alg"),
            (#"{"alg":"ES256","typ":"logout+jwt"}"#, .type, "no access token"),
            (#"{"alg":"ES256","crit":["x"]}"#, .type, "crit"),
        ] as [(String, TokenCheck.Subject, String)]
    )
    func `A header that is wrong fails its check`(
        header: String,
        subject: TokenCheck.Subject,
        words: String
    ) throws {
        let encoded = Data(header.utf8).base64EncodedString().replacing("=", with: "")
        let rest = try Self.token().drop { $0 != "." }
        let failures = try judge("\(encoded)\(rest)").failures
        let failure = try #require(failures.first { $0.subject == subject })
        #expect(failure.text.contains(words))
    }

    @Test func `Where only access tokens are accepted, another fails by its type`() throws {
        let plain = try judge(try Self.token(), profile: .required)
        #expect(plain.failures.map(\.subject) == [.type])
        let access = try judge(try Self.token(type: .accessToken), profile: .required)
        #expect(access.failures.isEmpty)
        guard case .accepted = access.decision else {
            Issue.record("\(access.decision)")
            return
        }
    }

    @Test(
        arguments: [
            ["exp": "1795000000.5"], ["exp": "1795000000"], ["exp": "1e300"], ["exp": "1e999"],
            ["exp": "-1"], ["nbf": "1e300"], ["nbf": "\"1\""], ["iat": "\"now\""],
            ["aud": "[\"x\",\"https://todos.example/mcp\"]"], ["aud": "[]"], ["aud": "[1]"],
            ["sub": "\"\""], ["sub": "\"a\\u0000\""], ["scope": "7"], ["jti": "7"],
            ["nonce": "\"n\""], ["at_hash": "\"h\""], ["client_id": "null"], ["iss": "null"],
        ] as [[String: String]],
        [TokenSigner.TokenType.jwt, .accessToken]
    )
    func `A check fails if and only if the server refuses`(
        claims: [String: String],
        type: TokenSigner.TokenType
    ) throws {
        for profile in AccessTokenProfile.allCases {
            let token = try Self.token(claims: claims, type: type)
            let judgement = try judge(token, profile: profile)
            var isAccepted = false
            if case .accepted = judgement.decision { isAccepted = true }
            #expect(judgement.failures.isEmpty == isAccepted, "\(judgement.checks)")
        }
    }

    @Test func `Without the issuer's keys all but the signature is checked`() throws {
        let judgement = try judge(try Self.token(claims: ["aud": "\"x\""]), keys: [])
        guard case .undecided = judgement.decision else {
            Issue.record("\(judgement.decision)")
            return
        }
        #expect(judgement.failures.map(\.subject) == [.audience])
        #expect(judgement.checks.filter { $0.outcome == .open }.map(\.subject) == [.signature])
    }

    // MARK: The report

    @Test func `Neither the token nor its signature is shown`() throws {
        let token = try Self.token()
        let text = TokenText("Bearer \(token)")
        let report = TokenReport(text, TokenAnatomy(text), now: Self.now)
        let lines = report.lines.joined(separator: "\n")
        for part in token.split(separator: ".") { #expect(!lines.contains(part)) }
        #expect(lines.hasPrefix("note: the text began with \"Bearer\""))
        #expect(lines.contains("2026-11-18 12:06:40 UTC, in 60 min"))
    }

    @Test func `Control characters in claims are escaped`() throws {
        let value = try JSONValue(parsing: Array("{\"a\":\"\u{9B}\u{202E}\",\"exp\":0}".utf8))
        #expect(
            TokenListing(now: Self.now).lines(value, indent: "")
                == [
                    "{", "  \"a\": \"\\u009b\\u202e\",",
                    "  \"exp\": 0    1970-01-01 00:00:00 UTC, 20775 d ago", "}",
                ]
        )
    }

    @Test(
        arguments: [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (-1, "1969-12-31 23:59:59 UTC"),
            (253_402_300_799, "9999-12-31 23:59:59 UTC"),
            (253_402_300_800, "beyond the calendar"),
            (-62_167_219_200, "0000-01-01 00:00:00 UTC"),
            (.max, "beyond the calendar"), (.min, "beyond the calendar"),
        ] as [(Int64, String)]
    )
    func `A time is told in the calendar`(seconds: Int64, text: String) {
        #expect(UTCTime(NumericDate(seconds: seconds)).calendarText == text)
    }

    @Test(
        arguments: [
            (0, "now"), (1, "in 1 s"), (-119, "119 s ago"), (120, "in 2 min"), (7_200, "in 2 h"),
            (-172_799, "47 h ago"), (172_800, "in 2 d"), (.max, "in ages"), (.min, "ages ago"),
        ] as [(Int64, String)]
    )
    func `A time is told from now`(seconds: Int64, text: String) {
        let now = NumericDate(seconds: seconds == .max ? -1 : 0)
        #expect(UTCTime(NumericDate(seconds: seconds)).relativeText(to: now) == text)
    }

    // MARK: Making tokens

    private static let key: Result<SigningKey, any Error> = Result {
        try SigningKey.generate(.es256, keyID: "k")
    }

    private static func token(
        claims: [String: String] = [:],
        type: TokenSigner.TokenType = .jwt,
        key: SigningKey? = nil
    ) throws -> String {
        var request = TokenRequest(role: "user", subject: "ada", seconds: 3_600)
        request.type = type
        for (name, json) in claims.sorted(by: { $0.key < $1.key }) {
            request.claims.append((ClaimName(name), try RawJSON(parsing: json)))
        }
        return request.sign(
            by: TokenSigner(key: try key ?? Self.key.get(), type: type),
            as: issuer,
            audiences: [audience],
            now: now
        )
    }

    /// Judges as a server that trusts the issuer; one without keys does not know them.
    private func judge(
        _ token: String,
        algorithms: [SignatureAlgorithm] = [],
        profile: AccessTokenProfile = .preferred,
        keys: [SigningKey]? = nil
    ) throws -> TokenJudgement {
        let keys = try keys ?? [Self.key.get()]
        let trusted = TrustedIssuer(
            Self.issuer,
            audiences: [Self.audience],
            algorithms: algorithms,
            profile: profile,
            keys: keys.isEmpty ? nil : try KeySet(making: keys.map(\.keyMaterial))
        )
        return try TokenJudgement(
            of: token,
            TokenAnatomy(TokenText(token)),
            by: [trusted],
            at: Self.now
        )
    }
}
