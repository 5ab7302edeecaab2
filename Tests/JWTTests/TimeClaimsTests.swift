import JWT
import Testing

@Suite("Time claims (RFC 7519 §4.1.4–5)")
struct TimeClaimsTests {
    @Test func `A token is in force from nbf up to, and not at, exp`() throws {
        #expect(try rejection("100", nbf: "10", at: 9) == .notYetValid(until: date(10)))
        #expect(try rejection("100", nbf: "10", at: 10) == nil)
        #expect(try rejection("100", nbf: "10", at: 99) == nil)
        #expect(try rejection("100", nbf: "10", at: 100) == .expired(at: date(100)))
    }

    @Test(arguments: [0, 1, 60, 300])
    func `The clock skew widens both ends by exactly its seconds`(skew: Int) throws {
        let begin = Int64(1_000 - skew)
        let end = Int64(2_000 + skew)
        func rejection(_ now: Int64) throws -> TokenRejection? {
            try self.rejection("2000", nbf: "1000", at: now, skew: skew)
        }
        #expect(try rejection(begin - 1) == .notYetValid(until: date(1_000)))
        #expect(try rejection(begin) == nil)
        #expect(try rejection(end - 1) == nil)
        #expect(try rejection(end) == .expired(at: date(2_000)))
    }

    @Test(arguments: [
        ("100.0", 100), ("1e2", 100), ("100.999", 100), ("99.999", 99), ("-0.5", -1),
        ("9223372036854775807", Int64.max), ("9223372036854775808", .max), ("1e300", .max),
        ("-9223372036854775808", .min), ("-1e300", .min), ("1e-400", 0), ("0", 0), ("-0", 0),
    ])
    func `Any JSON number is a date, rounded down, and none traps`(
        number: String,
        seconds: Int64
    ) throws {
        // The last moment: a token that expires at the beginning of time never was in force.
        if seconds > .min { #expect(try rejection(number, at: seconds - 1) == nil) }
        #expect(try rejection(number, at: seconds) == .expired(at: date(seconds)))
        #expect(try rejection(number, at: .max) == .expired(at: date(seconds)))
    }

    @Test(arguments: ["9223372036854775807", "1e300", "1e18"])
    func `A token that is to begin in the far future is not in force now`(number: String) throws {
        let rejection = try rejection("9223372036854775807", nbf: number, at: 1_000, skew: 300)
        guard case .notYetValid = rejection else {
            Issue.record("nbf \(number) → \(rejection as Any)")
            return
        }
    }

    @Test func `The ends of time and the widest skew saturate`() throws {
        #expect(try rejection("1e300", nbf: "-1e300", at: .min, skew: 300) == nil)
        #expect(try rejection("1e300", nbf: "-1e300", at: .max - 1, skew: 300) == nil)
        #expect(try rejection("-1e300", at: .min, skew: 300) == nil)
        #expect(try rejection("-1e300", at: 0, skew: 300) == .expired(at: date(.min)))
    }

    @Test func `The time of issue is reported and limits nothing`() throws {
        let payload = TokenForge.claims(#","iat":99999999.5"#)
        let token = Array(TokenForge.token(payload: payload).utf8)
        let claims = try TokenForge.verifier().verify(token.span, at: TokenForge.now)
        #expect(claims.issuedAt == date(99_999_999))
    }

    private func date(_ seconds: Int64) -> NumericDate { NumericDate(seconds: seconds) }

    private func rejection(
        _ exp: String,
        nbf: String? = nil,
        at now: Int64,
        skew: Int = 0
    ) throws -> TokenRejection? {
        let notBefore = nbf.map { #","nbf":\#($0)"# } ?? ""
        let payload =
            #"{"iss":"\#(TokenForge.issuer)","aud":"\#(TokenForge.audience)","sub":"ada","#
            + #""exp":\#(exp)\#(notBefore)}"#
        return TokenForge.rejection(
            of: TokenForge.token(payload: payload),
            by: try TokenForge.verifier(clockSkewSeconds: skew),
            at: date(now)
        )
    }
}
