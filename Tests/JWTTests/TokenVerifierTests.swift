import JWT
import Testing

@Suite("Validating claims (RFC 7519 §4.1)")
struct TokenVerifierTests {
    @Test(arguments: [
        "https://issuer.example/", "HTTPS://issuer.example", "https://issuer.exampl",
        "https://issuer.example ", "", "x", #"https://issuer.example\u0000"#,
    ])
    func `An issuer that is not exactly the configured one is refused`(issuer: String) throws {
        let payload =
            #"{"iss":"\#(issuer)","aud":"\#(TokenForge.audience)","sub":"a","exp":2000000}"#
        #expect(try rejection(of: payload) == .untrustedIssuer)
    }

    @Test(arguments: [
        #""https://mcp.example/mcp/""#, #""https://mcp.example""#, #""HTTPS://mcp.example/mcp""#,
        #""""#, "[]", #"["other"]"#, #"["https://mcp.example","/mcp"]"#,
        #""x https://mcp.example/mcp""#,
    ])
    func `A token for another audience is refused`(audience: String) throws {
        let payload = #"{"iss":"\#(TokenForge.issuer)","aud":\#(audience),"sub":"a","exp":2000000}"#
        #expect(try rejection(of: payload) == .wrongAudience)
    }

    @Test(arguments: [
        #""https://mcp.example/mcp""#, #"["https://mcp.example/mcp"]"#,
        #"["other","https://mcp.example/mcp"]"#, #""https:\/\/mcp.example\/mcp""#,
        #"[ "https://mcp.example/mcp" , "other" ]"#,
    ])
    func `One audience of several suffices, and escapes are decoded before comparing`(
        audience: String
    ) throws {
        let payload = #"{"iss":"\#(TokenForge.issuer)","aud":\#(audience),"sub":"a","exp":2000000}"#
        #expect(try rejection(of: payload) == nil)
    }

    @Test(arguments: [
        ("", #","iss":"https://other.example""#), (#","iss":"https://issuer.example""#, ""),
        ("", #","\u0069ss":"https://issuer.example""#), ("", #","aud":7"#), ("", ","),
    ])
    func `What is wrong behind the issuer is found though the first issuer's key signed it`(
        middle: String,
        end: String
    ) throws {
        let issuer = TokenForge.issuer
        let payload =
            #"{"iss":"\#(issuer)"\#(middle),"aud":"\#(TokenForge.audience)","sub":"a","exp":2000000"#
            + end + "}"
        let rejection = try rejection(of: payload)
        switch rejection {
        case .repeatedMember(.payload), .notJSONObject(.payload, _): break
        default: Issue.record("\(payload): \(String(describing: rejection))")
        }
    }

    @Test(arguments: [#""sub":7"#, #""exp":1"#, #""aud":"other""#, #""iss":"a","iss":"b""#, "}"])
    func `A forged token is refused for its signature, whatever its claims are`(
        claims: String
    ) throws {
        let verifier = try TokenForge.verifier()
        let payload = #"{"iss":"\#(TokenForge.issuer)",\#(claims)}"#
        let token = TokenForge.token(
            payload: payload,
            secret: Array(TokenForge.secretBytes.reversed())
        )
        #expect(TokenForge.rejection(of: token, by: verifier) == .invalidSignature)
    }

    @Test(arguments: ["iss", "aud", "sub", "exp"])
    func `A token without a required claim is refused`(name: String) throws {
        let claims = [
            "iss": #""\#(TokenForge.issuer)""#, "aud": #""\#(TokenForge.audience)""#,
            "sub": #""ada""#, "exp": "2000000",
        ]
        let members = claims.filter { $0.key != name }.map { #""\#($0.key)":\#($0.value)"# }
        let payload = "{\(members.joined(separator: ","))}"
        #expect(try rejection(of: payload) == .missingClaim(ClaimName(name)))
    }

    @Test(
        arguments: [
            ("iss", ["1", "null", "[]", "{}", #"["https://issuer.example"]"#]),
            ("aud", ["1", "null", "{}", "true", "[1]", #"["https://mcp.example/mcp",1]"#, "[[]]"]),
            ("sub", ["1", "null", "[]", #""""#, #""a\nb""#, #""\u0000""#, #""a\u0085b""#, "true"]),
            ("exp", [#""2000000""#, "null", "[]", "{}", "true", "1e999", "-1e999"]),
            ("nbf", [#""1""#, "null", "false", "[1]"]),
            ("iat", [#""1""#, "null", "{}"]),
            ("jti", ["1", "null", "[]"]),
            ("scope", ["1", "null", "{}", "[1]", #"["a",null]"#]),
        ] as [(String, [String])]
    )
    func `A registered claim of the wrong kind is refused`(name: String, values: [String]) throws {
        for value in values {
            var claims = [
                "iss": #""\#(TokenForge.issuer)""#, "aud": #""\#(TokenForge.audience)""#,
                "sub": #""ada""#, "exp": "2000000",
            ]
            claims[name] = value
            let members = claims.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
            #expect(
                try rejection(of: "{\(members)}") == .malformedClaim(ClaimName(name)),
                "\(name): \(value)"
            )
        }
    }

    @Test func `A subject of 255 bytes is accepted and one of 256 refused`() throws {
        for (count, expected) in [(255, nil), (256, TokenRejection.malformedClaim(.subject))] {
            let name = String(repeating: "s", count: count)
            let payload =
                #"{"iss":"\#(TokenForge.issuer)","aud":"\#(TokenForge.audience)","sub":"\#(name)","#
                + #""exp":2000000}"#
            #expect(try rejection(of: payload) == expected)
        }
    }

    @Test func `A member that is there twice is refused, however it is spelled`() throws {
        for extra in [
            #","iss":"https://issuer.example""#, #","sub":"eve""#, #","exp":9999999"#,
            #","\u0073ub":"eve""#, #","role":"user","role":"admin""#,
            #","role":"user","r\u006fle":"admin""#,
        ] {
            #expect(
                try rejection(of: TokenForge.claims(extra)) == .repeatedMember(.payload),
                "\(extra)"
            )
        }
    }

    @Test(arguments: ["null", "[]", "\"x\"", "1", "{", "{}}", "{} {}", "\u{FEFF}{}", "{'iss':1}"])
    func `Claims that are not one JSON object are refused`(payload: String) throws {
        guard case .notJSONObject(.payload, _) = try rejection(of: payload) else {
            Issue.record("\(payload) → \(try rejection(of: payload) as Any)")
            return
        }
    }

    @Test func `A payload that is not UTF-8 is refused`() throws {
        let header = TokenForge.base64URL(Array(TokenForge.header.utf8))
        let payload = TokenForge.base64URL(
            Array(TokenForge.claims(#","x":""#).utf8) + [0xFF, 0x22, 0x7D]
        )
        let input = "\(header).\(payload)"
        let code = TokenForge.code(of: input, .hs256, TokenForge.secretBytes)
        let token = "\(input).\(TokenForge.base64URL(code))"
        guard
            case .notJSONObject(.payload, _) = TokenForge.rejection(
                of: token,
                by: try TokenForge.verifier()
            )
        else {
            Issue.record("a payload that is not UTF-8 was read")
            return
        }
    }

    @Test func `Claims are not judged before the signature`() throws {
        let verifier = try TokenForge.verifier()
        let other = [UInt8](repeating: 9, count: 32)
        for payload in [
            #"{"iss":"\#(TokenForge.issuer)","exp":1}"#,
            #"{"iss":"\#(TokenForge.issuer)","aud":"x","sub":"a","exp":2000000}"#,
        ] {
            let token = TokenForge.token(payload: payload, secret: other)
            #expect(TokenForge.rejection(of: token, by: verifier) == .invalidSignature)
        }
    }

    @Test func `Settings under which every or no token would pass are refused`() throws {
        let keys = KeySet([try TokenForge.key()])
        func issuer(_ name: String = "i", _ audiences: [String] = ["a"], _ keys: KeySet)
            -> TrustedIssuer
        { TrustedIssuer(name, audiences: audiences, keys: keys) }

        #expect(throws: TrustError.emptyIssuer) {
            try TokenVerifier(issuers: [issuer("", ["a"], keys)])
        }
        #expect(throws: TrustError.duplicateIssuer("i")) {
            try TokenVerifier(issuers: [issuer("i", ["a"], keys), issuer("i", ["b"], keys)])
        }
        for audiences in [[], ["a", ""]] {
            #expect(throws: TrustError.noAudience(issuer: "i")) {
                try TokenVerifier(issuers: [issuer("i", audiences, keys)])
            }
        }
        #expect(throws: TrustError.noKey(issuer: "i")) {
            try TokenVerifier(issuers: [issuer("i", ["a"], KeySet([]))])
        }
        for seconds in [-1, 301, Int.max, Int.min] {
            #expect(throws: TrustError.clockSkewOutOfRange(seconds: seconds, secondsMax: 300)) {
                try TokenVerifier(issuers: [], clockSkewSeconds: seconds)
            }
        }
    }

    @Test func `Without an issuer every token is refused`() throws {
        let verifier = try TokenVerifier(issuers: [])
        #expect(TokenForge.rejection(of: TokenForge.token(), by: verifier) == .untrustedIssuer)
    }

    private func rejection(of payload: String) throws -> TokenRejection? {
        TokenForge.rejection(of: TokenForge.token(payload: payload), by: try TokenForge.verifier())
    }
}
