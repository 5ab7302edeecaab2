import HTTPClient
import Martlet
import Testing

@Suite("Authorization server metadata (RFC 8414 §2 and §3.3)")
struct AuthorizationServerMetadataTests {
    private static let issuer = "https://idp.example/realms/agents"
    private static let keySet = #""jwks_uri": "https://idp.example/keys""#
    private static let named = #""issuer": "\#(issuer)""#

    @Test func `A complete document is read, and members of no interest passed over`() throws {
        let metadata = try read(
            """
            {"issuer": "https:\\/\\/idp.example/realms\\u002fagents",
             "authorization_endpoint": "https://idp.example/authorize",
             "token_endpoint": "https://idp.example/token",
             "registration_endpoint": "https://idp.example/register",
             "jwks_uri": "https://idp.example/keys?v=1",
             "response_types_supported": ["code", {"deep": [null, 1e400]}],
             "id_token_signing_alg_values_supported": ["RS256", "ES256"],
             "code_challenge_methods_supported": ["S256"]}
            """
        )
        #expect(metadata.issuer == Self.issuer)
        #expect(metadata.keySetURL.text == "https://idp.example/keys?v=1")
        #expect(metadata.authorizationEndpoint == "https://idp.example/authorize")
        #expect(metadata.tokenEndpoint == "https://idp.example/token")
        #expect(metadata.registrationEndpoint == "https://idp.example/register")
        #expect(metadata.idTokenAlgorithms == ["RS256", "ES256"])
        #expect(metadata.codeChallengeMethods == ["S256"])
    }

    @Test(arguments: [
        "", #", "registration_endpoint": null, "code_challenge_methods_supported": null"#,
    ])
    func `What a server does not say it does not have`(rest: String) throws {
        let metadata = try read("{\(Self.named), \(Self.keySet)\(rest)}")
        #expect(metadata.authorizationEndpoint == nil)
        #expect(metadata.registrationEndpoint == nil)
        #expect(metadata.codeChallengeMethods == nil)
        #expect(metadata.idTokenAlgorithms == [])
    }

    @Test(arguments: [
        "https://idp.example/realms/agents/", "https://idp.example/realms/Agents",
        "https://IDP.example/realms/agents", "https://idp.example:443/realms/agents",
        "https://idp.example/realms", "http://idp.example/realms/agents", "",
    ])
    func `A document about another issuer is refused, however alike`(found: String) {
        expect(.otherIssuer(found: found), for: #"{"issuer": "\#(found)", \#(Self.keySet)}"#)
    }

    @Test func `Two spellings of one letter are two issuers`() {
        let composed = "https://idp.example/caf\u{E9}"
        let decomposed = "https://idp.example/cafe\u{301}"
        #expect(composed == decomposed)
        expect(
            .otherIssuer(found: decomposed),
            for: #"{"issuer": "\#(decomposed)", \#(Self.keySet)}"#,
            issuer: composed
        )
    }

    @Test(arguments: [
        ("{\(keySet)}", AuthorizationServerMember.issuer), ("{\(named)}", .keySetURL),
        (#"{"issuer": null, \#(keySet)}"#, .issuer),
    ])
    func `A document without what is needed says what`(
        document: String,
        member: AuthorizationServerMember
    ) {
        expect(.missing(member), for: document)
    }

    @Test(arguments: [
        (#"{"issuer": 1, \#(keySet)}"#, AuthorizationServerMember.issuer),
        (#"{\#(named), "jwks_uri": ["https://idp.example/keys"]}"#, .keySetURL),
        (
            #"{\#(named), \#(keySet), "code_challenge_methods_supported": "S256"}"#,
            .codeChallengeMethods
        ),
        (
            #"{\#(named), \#(keySet), "id_token_signing_alg_values_supported": [1]}"#,
            .idTokenAlgorithms
        ),
    ])
    func `A member of another type than its own is refused`(
        document: String,
        member: AuthorizationServerMember
    ) {
        expect(.malformed(member), for: document)
    }

    @Test(arguments: [
        #"{\#(named), \#(keySet), \#(named)}"#, #"{"x": 1, \#(named), \#(keySet), "\u0078": 2}"#,
    ])
    func `A document in which a member stands twice is refused`(document: String) {
        expect(.repeatedMember, for: document)
    }

    @Test(arguments: [
        "http://idp.example/keys", "file:///etc/passwd", "/keys", "https://a:b@idp.example/keys",
    ])
    func `A key set where nobody may ask is refused`(url: String) {
        let error = #expect(throws: AuthorizationServerMetadataError.self) {
            try read(#"{\#(Self.named), "jwks_uri": "\#(url)"}"#)
        }
        guard case .keySetURL = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `The keys of an https issuer are fetched over TLS, from this machine, too`() throws {
        let local = "http://127.0.0.1:8080/keys"
        expect(
            .keySetOutsideTLS(try HTTPClientURL(local)),
            for: #"{\#(Self.named), "jwks_uri": "\#(local)"}"#
        )
        let issuer = "http://127.0.0.1:8080"
        for keySet in [local, "https://idp.example/keys"] {
            let document = #"{"issuer": "\#(issuer)", "jwks_uri": "\#(keySet)"}"#
            #expect(try read(document, issuer: issuer).keySetURL.text == keySet)
        }
    }

    @Test(arguments: [
        "", "[]", "null", "<html></html>", "{", "{}x", "\u{FEFF}{}",
        String(repeating: #"{"a":"#, count: 100),
    ])
    func `What is no JSON object is no metadata`(document: String) {
        let error = #expect(throws: AuthorizationServerMetadataError.self) { try read(document) }
        guard case .notJSON = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `No beginning of a document traps or passes`() {
        let document = Array("{\(Self.named), \(Self.keySet), \"x\": [1, \"\\u00e9\"]}".utf8)
        for count in 0..<document.count {
            #expect(throws: AuthorizationServerMetadataError.self, "\(count) bytes") {
                try AuthorizationServerMetadata(
                    reading: Array(document[..<count]).span,
                    issuer: Self.issuer
                )
            }
        }
    }

    private func read(
        _ document: String,
        issuer: String = Self.issuer
    ) throws -> AuthorizationServerMetadata {
        try AuthorizationServerMetadata(reading: Array(document.utf8).span, issuer: issuer)
    }

    private func expect(
        _ error: AuthorizationServerMetadataError,
        for document: String,
        issuer: String = Self.issuer
    ) {
        #expect(throws: error) { try read(document, issuer: issuer) }
    }
}
