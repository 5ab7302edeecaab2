import MartletCommand
import Testing

@Suite("What the doctor reads (RFC 9110 §11.6.1, RFC 8414 §3.1, RFC 9728 §3.1)")
struct DoctorReadingTests {
    @Test(
        arguments: [
            ("Bearer", [:]),
            ("bearer a=b", ["a": "b"]),
            ("Bearer realm=\"x, y\", Scope = \"a b\"", ["realm": "x, y", "scope": "a b"]),
            ("Basic realm=\"x\", Bearer resource_metadata=\"u\"", ["resource_metadata": "u"]),
            ("Bearer a=\"1\", Basic b=\"2\"", ["a": "1"]),
            ("Negotiate YWJj==, Bearer a=1", ["a": "1"]),
            ("Bearer a=\"quote \\\" inside\"", ["a": "quote \" inside"]),
            ("Bearer a=\"1\", a=\"2\"", ["a": "1"]),
        ] as [(String, [String: String])]
    )
    func `The parameters of the first Bearer challenge are read`(
        value: String,
        parameters: [String: String]
    ) throws {
        #expect(try #require(BearerChallenge(value)).parameters == parameters)
    }

    @Test(arguments: ["", "Basic", "Basic realm=\"Bearer\"", "=", "\"", ",,,"])
    func `A value without a Bearer challenge has none`(value: String) {
        #expect(BearerChallenge(value) == nil)
    }

    @Test func `A challenge that is cut off anywhere is read and never traps`() {
        let value = "Basic realm=\"x\\\"y\", Bearer a = \"b\", c=d"
        for count in 0...value.count {
            let challenge = BearerChallenge(String(value.prefix(count)))
            #expect((challenge == nil) == (count < 26), "\(count)")
        }
    }

    @Test(
        arguments: [
            ("https://x.example", "https://x.example", true),
            ("HTTPS://X.Example:443/Team/", "https://x.example/Team", true),
            ("http://127.0.0.1:3000/mcp", "http://127.0.0.1:3000/mcp", true),
            ("http://[::1]:80/mcp?a=/", "http://[::1]/mcp?a=/", true),
            ("http://localhost", "http://localhost", true),
            ("http://127.evil.example", "http://127.evil.example", false),
            ("http://localhost.evil.example", "http://localhost.evil.example", false),
        ]
    )
    func `A URL has one canonical form, and is private over TLS or on this machine`(
        text: String,
        canonical: String,
        isPrivate: Bool
    ) throws {
        let address = try #require(WebAddress(text))
        #expect(address.canonicalText == canonical)
        #expect(address.isPrivate == isPrivate)
    }

    @Test(arguments: [
        "", "x", "ftp://x", "https://", "https:///x", "https://a@b", "https://x#y", "https://x y",
        "https://:1", "https://ü.example",
    ])
    func `What is no URL of a server is none`(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test func `Metadata is looked for in the order of the specification`() {
        #expect(
            IssuerStep.metadataURLs(of: "https://x.example")
                == [
                    "https://x.example/.well-known/oauth-authorization-server",
                    "https://x.example/.well-known/openid-configuration",
                ]
        )
        #expect(
            IssuerStep.metadataURLs(of: "https://x.example/realms/a")
                == [
                    "https://x.example/.well-known/oauth-authorization-server/realms/a",
                    "https://x.example/.well-known/openid-configuration/realms/a",
                    "https://x.example/realms/a/.well-known/openid-configuration",
                ]
        )
        #expect(IssuerStep.metadataURLs(of: "https://x.example?a") == nil)
        #expect(IssuerStep.metadataURLs(of: "martlet") == nil)
    }

    @Test func `An https issuer whose keys are at http is wrong, on this machine, too`() {
        let document = """
            {"issuer": "https://x.example", "code_challenge_methods_supported": ["S256"],
             "authorization_endpoint": "https://x.example/a",
             "token_endpoint": "https://x.example/t", "jwks_uri": "http://127.0.0.1:8080/keys"}
            """
        let (findings, keySetURL) = IssuerStep.findings(
            Answer(200, body: Array(document.utf8)),
            from: "https://x.example/metadata",
            issuer: "https://x.example"
        )
        #expect(findings.map(\.isWrong) == [true])
        #expect(findings.first.map { "\($0)".contains("jwks_uri") } == true)
        #expect(keySetURL == nil)
    }

    @Test func `The response is found in an event stream behind other messages`() {
        let stream = """
            : comment

            event: message
            data: {"jsonrpc":"2.0","method":"notifications/message"}

            data: {"jsonrpc":"2.0","id":1,
            data: "result":{"tools":[]}}


            """
        let answer = Answer(
            200,
            [.contentType: "text/event-stream; charset=utf-8"],
            body: Array(stream.utf8)
        )
        #expect(ToolsStep.message(answer)?["result"] == .object([.init("tools", .array([]))]))
    }
}
