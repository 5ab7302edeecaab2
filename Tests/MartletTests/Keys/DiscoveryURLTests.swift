import HTTPClient
import Martlet
import Testing

@Suite("Where metadata is looked for (RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4)")
struct DiscoveryURLTests {
    @Test(arguments: ["https://idp.example", "https://idp.example/"])
    func `An issuer without a path has two places`(issuer: String) throws {
        #expect(
            try texts(of: issuer) == [
                "https://idp.example/.well-known/oauth-authorization-server",
                "https://idp.example/.well-known/openid-configuration",
            ]
        )
    }

    @Test(arguments: [
        "https://idp.example:8443/realms/agents", "https://IDP.example:8443/realms/agents/",
    ])
    func `An issuer with a path has three, in the order of the protocol`(issuer: String) throws {
        #expect(
            try texts(of: issuer) == [
                "https://idp.example:8443/.well-known/oauth-authorization-server/realms/agents",
                "https://idp.example:8443/.well-known/openid-configuration/realms/agents",
                "https://idp.example:8443/realms/agents/.well-known/openid-configuration",
            ]
        )
    }

    @Test func `An issuer on this machine may be asked over plain HTTP`() throws {
        #expect(
            try texts(of: "http://127.0.0.1:9000").first
                == "http://127.0.0.1:9000/.well-known/oauth-authorization-server"
        )
    }

    @Test(arguments: [
        ("https://idp.example/?tenant=1", HTTPClientError.Reason.malformedURL),
        ("https://idp.example/#a", .malformedURL), ("accounts.example", .malformedURL),
        ("http://idp.example/", .insecureURL), ("https://u:p@idp.example/", .credentialsInURL),
    ])
    func `An issuer that nobody can be asked at has none`(
        issuer: String,
        reason: HTTPClientError.Reason
    ) {
        let error = #expect(throws: HTTPClientError.self) { try texts(of: issuer) }
        #expect(error?.reason == reason)
    }

    private func texts(of issuer: String) throws -> [String] {
        try DiscoveryURLs.urls(ofIssuer: issuer).map(\.text)
    }
}
