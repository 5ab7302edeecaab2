import JWT
import Testing

@Suite("JOSE header (RFC 7515 §4)")
struct JOSEHeaderTests {
    @Test(arguments: [
        ("{}", TokenRejection.missingAlgorithm),
        (#"{"typ":"JWT"}"#, .missingAlgorithm),
        (#"{"alg":256}"#, .malformedHeader(.algorithm)),
        (#"{"alg":null}"#, .malformedHeader(.algorithm)),
        (#"{"alg":["HS256"]}"#, .malformedHeader(.algorithm)),
        (#"{"alg":"none"}"#, .unsupportedAlgorithm),
        (#"{"alg":"None"}"#, .unsupportedAlgorithm),
        (#"{"alg":"NONE"}"#, .unsupportedAlgorithm),
        (#"{"alg":"nOnE"}"#, .unsupportedAlgorithm),
        (#"{"alg":""}"#, .unsupportedAlgorithm),
        (#"{"alg":"hs256"}"#, .unsupportedAlgorithm),
        (#"{"alg":"HS256 "}"#, .unsupportedAlgorithm),
        (#"{"alg":"HS1"}"#, .unsupportedAlgorithm),
        (#"{"alg":"RS1"}"#, .unsupportedAlgorithm),
        (#"{"alg":"HS512"}"#, .wrongAlgorithm(.hs512)),
        (#"{"alg":"HS384"}"#, .wrongAlgorithm(.hs384)),
        (#"{"alg":"HS256","crit":[]}"#, .criticalExtension),
        (#"{"alg":"HS256","crit":["exp"],"exp":1}"#, .criticalExtension),
        (#"{"alg":"HS256","\u0063rit":["b64"]}"#, .criticalExtension),
        (#"{"alg":"HS256","kid":7}"#, .malformedHeader(.keyID)),
        (#"{"alg":"HS256","typ":true}"#, .malformedHeader(.type)),
        (#"{"alg":"HS256","alg":"HS256"}"#, .repeatedMember(.header)),
        (#"{"alg":"none","alg":"HS256"}"#, .unsupportedAlgorithm),
        (#"{"alg":"HS256","\u0061lg":"none"}"#, .repeatedMember(.header)),
        (#"{"alg":"HS256","x":1,"\u0078":2}"#, .repeatedMember(.header)),
        (#"{"alg":"HS256","kid":"a","kid":"a"}"#, .repeatedMember(.header)),
        (#"{"alg":"HS256","typ":"dpop+jwt"}"#, .unsupportedType),
        (#"{"alg":"HS256","typ":"logout+jwt"}"#, .unsupportedType),
        (#"{"alg":"HS256","typ":"JWE"}"#, .unsupportedType),
        (#"{"alg":"HS256","typ":""}"#, .unsupportedType),
        (#"{"alg":"HS256","typ":"application/application/jwt"}"#, .unsupportedType),
    ])
    func `A header that breaks a rule is refused, signed correctly or not`(
        header: String,
        rejection: TokenRejection
    ) throws {
        let verifier = try TokenForge.verifier()
        #expect(
            TokenForge.rejection(of: TokenForge.token(header: header), by: verifier) == rejection
        )
    }

    @Test(arguments: [
        "", " ", "null", "[]", "\"alg\"", "1", "{", #"{"alg":"HS256"}x"#,
        #"{"alg":"HS256"}{}"#, #"{"alg":"HS256",}"#, #"{alg:"HS256"}"#, "{\"alg\":\"HS256\u{1}\"}",
        #"{"alg":"HS256"}/**/"#, "\u{FEFF}{\"alg\":\"HS256\"}",
    ])
    func `A header that is not one JSON object is refused`(header: String) throws {
        let token = TokenForge.token(header: header)
        let rejection = TokenForge.rejection(of: token, by: try TokenForge.verifier())
        switch rejection {
        case .notJSONObject(.header, _): break
        case .notCompactSerialization where header.isEmpty: break
        default: Issue.record("\(header) → \(rejection as Any)")
        }
    }

    @Test(arguments: [
        "JWT", "jwt", "Jwt", "at+jwt", "AT+JWT", "application/jwt", "application/at+jwt",
        "Application/AT+jwt", #"\u004aWT"#,
    ])
    func `The types of an access token are accepted whatever their case`(type: String) throws {
        let token = TokenForge.token(header: #"{"typ":"\#(type)","alg":"HS256"}"#)
        #expect(TokenForge.rejection(of: token, by: try TokenForge.verifier()) == nil)
    }

    @Test func `White space, escapes and unknown parameters in a header change nothing`() throws {
        let verifier = try TokenForge.verifier()
        for header in [
            #"{"alg":"HS256"}"#,
            " {\r\n\t\"alg\" : \"HS256\" } \n",
            #"{"\u0061lg":"\u0048S256"}"#,
            #"{"alg":"HS256","cty":"x","ext":{"a":[1,2,{"b":null}]}}"#,
        ] {
            #expect(TokenForge.rejection(of: TokenForge.token(header: header), by: verifier) == nil)
        }
    }

    @Test(arguments: [
        #""jwk":{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
        #""jku":"https://attacker.example/keys""#,
        #""x5u":"https://attacker.example/cert""#,
        #""x5c":["MII="]"#,
    ])
    func `A key that the token brings is never used`(parameter: String) throws {
        let header = #"{"alg":"HS256",\#(parameter)}"#
        let ownSecret = [UInt8](repeating: 0, count: 32)
        let verifier = try TokenForge.verifier()

        let forged = TokenForge.token(header: header, secret: ownSecret)
        #expect(TokenForge.rejection(of: forged, by: verifier) == .invalidSignature)
        let honest = TokenForge.token(header: header)
        #expect(TokenForge.rejection(of: honest, by: verifier) == nil)
    }

    @Test func `A header of a thousand parameters is read, and a repetition among them found`()
        throws
    {
        let verifier = try TokenForge.verifier()
        let parameters = (0..<600).map { #","p\#($0)":0"# }.joined()
        let many = TokenForge.token(header: #"{"alg":"HS256"\#(parameters)}"#)
        #expect(TokenForge.rejection(of: many, by: verifier) == nil)
        let repeated = TokenForge.token(header: #"{"alg":"HS256"\#(parameters),"p599":0}"#)
        #expect(TokenForge.rejection(of: repeated, by: verifier) == .repeatedMember(.header))
    }
}
