import JWT
import Testing

@Suite("Claims sets (RFC 7519 §4)")
struct ClaimsSetTests {
    @Test func `Registered claims come as the token has them`() throws {
        let claims = try claims(#","nbf":1,"iat":2.5,"jti":"t-\u0031","scope":"read:todos openid""#)
        #expect(claims.issuer == TokenForge.issuer)
        #expect(claims.subject == "ada")
        #expect(claims.audience == TokenForge.audience)
        #expect(claims.expiresAt == NumericDate(seconds: 1_000_600))
        #expect(claims.notBefore == NumericDate(seconds: 1))
        #expect(claims.issuedAt == NumericDate(seconds: 2))
        #expect(claims.tokenID == "t-1")
        #expect(claims.scope == ["read:todos", "openid"])
    }

    @Test func `Optional claims that are absent are nil`() throws {
        let claims = try claims("")
        #expect(claims.notBefore == nil && claims.issuedAt == nil)
        #expect(claims.tokenID == nil && claims.scope == nil)
    }

    @Test(
        arguments: [
            (#","scope":"""#, []),
            (#","scope":" a  b ""#, ["a", "b"]),
            (#","scp":"a b""#, ["a", "b"]),
            (#","scp":["a","b"]"#, ["a", "b"]),
            (#","scp":[]"#, []),
            (#","scp":["x"],"scope":"a""#, ["a"]),
            (#","scope":"a","scp":["x"]"#, ["a"]),
        ] as [(String, [String])]
    )
    func `A scope is found under either name and in either form`(
        extra: String,
        scope: [String]
    ) throws {
        #expect(try claims(extra).scope == scope)
    }

    @Test func `A path leads through nested objects, name by name`() throws {
        let claims = try claims(
            #","realm_access":{"x":1,"roles":["admin","us\u0065r"]},"https://a.example/role":"one""#
                + #","deep":{"a":{"b":{"c":"found"}}}"#
        )
        #expect(claims.strings(at: ["realm_access", "roles"]) == ["admin", "user"])
        #expect(claims.strings(at: ["https://a.example/role"]) == ["one"])
        #expect(claims.string(at: ["https://a.example/role"]) == "one")
        #expect(claims.string(at: ["deep", "a", "b", "c"]) == "found")
        #expect(claims.string(at: ["sub"]) == "ada")
    }

    @Test func `A claim that is absent is nil and one that cannot be read is an empty list`() throws
    {
        let claims = try claims(
            #","number":5,"null":null,"mixed":["admin",5],"object":{},"text":"x","none":[]"#
        )
        for path in [["absent"], ["object", "roles"], ["absent", "roles"]] {
            #expect(claims.strings(at: path) == nil, "\(path)")
            #expect(!claims.contains(at: path), "\(path)")
        }
        for path in [
            ["number"], ["null"], ["mixed"], ["object"], ["none"], ["text", "roles"],
            ["number", "roles"], ["null", "roles"], ["mixed", "0"],
        ] {
            #expect(claims.strings(at: path) == [], "\(path)")
            #expect(claims.string(at: path) == nil, "\(path)")
            #expect(claims.contains(at: path), "\(path)")
        }
    }

    @Test func `A nested object with a name twice cannot be read at that name`() throws {
        let claims = try claims(
            #","a":{"roles":["user"],"roles":["admin"],"x":"y"}"#
                + #","b":{"roles":["user"],"role\u0073":[]}"#
        )
        #expect(claims.strings(at: ["a", "roles"]) == [])
        #expect(claims.strings(at: ["b", "roles"]) == [])
        #expect(claims.string(at: ["a", "x"]) == "y")
    }

    @Test func `An empty path leads to no string`() throws {
        let claims = try claims("")
        #expect(claims.string(at: []) == nil)
        #expect(claims.strings(at: []) == [])
    }

    @Test func `A description tells who, and nothing else of the token`() throws {
        let claims = try claims(#","email":"ada@example.com","jti":"j-77""#)
        var dumped = ""
        dump(claims, to: &dumped)
        for text in ["\(claims)", String(reflecting: claims), dumped] {
            #expect(text.contains("ada"))
            #expect(!text.contains("example.com") && !text.contains("j-77"))
        }
    }

    private func claims(_ extra: String) throws -> ClaimsSet {
        let token = Array(TokenForge.token(payload: TokenForge.claims(extra)).utf8)
        return try TokenForge.verifier().verify(token.span, at: TokenForge.now)
    }
}
