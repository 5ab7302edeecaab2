import JWT
import MartletCommand

/// Something that may be wrong with a site, and what must be said of it.
struct SiteFault: Sendable, CustomStringConvertible {
    let description: String
    let step: Finding.Step
    let words: String
    let spoil: @Sendable (inout ExaminedSite) throws -> Void

    init(
        _ description: String,
        _ step: Finding.Step,
        _ words: String,
        _ spoil: @escaping @Sendable (inout ExaminedSite) throws -> Void
    ) {
        self.description = description
        self.step = step
        self.words = words
        self.spoil = spoil
    }

    static let all = challenges + metadata + issuers + keySets + tokens + tools

    private static let challenges = [
        SiteFault("no server", .challenge, "connection refused") {
            $0.silent[ExaminedSite.url] = .unreachable(reason: "connection refused")
        },
        SiteFault("a bad certificate", .challenge, "certificate has expired") {
            $0.silent[ExaminedSite.url] = .untrusted(reason: "certificate has expired")
        },
        SiteFault("the wrong path", .challenge, "no MCP endpoint") { $0.challenge = Answer(404) },
        SiteFault("a page", .challenge, "without a token is answered with 200") {
            $0.challenge = Answer(200, [.contentType: "text/html"])
        },
        SiteFault("a redirect", .challenge, "redirects to \"https://x.example\"") {
            $0.challenge = Answer(301, [.location: "https://x.example"])
        },
        SiteFault("403 without a token", .challenge, "403") { $0.challenge = Answer(403) },
        SiteFault("another host", .challenge, "421") { $0.challenge = Answer(421) },
        SiteFault("a proxy alone", .challenge, "502") { $0.challenge = Answer(502) },
        SiteFault("no challenge", .challenge, "without WWW-Authenticate") {
            $0.challenge = Answer(401)
        },
        SiteFault("another scheme", .challenge, "not Bearer") {
            $0.challenge = Answer(401, [.challenge: "Basic realm=\"x\""])
        },
        SiteFault("metadata over http", .challenge, "not https") {
            $0.challenge = Answer(
                401,
                [.challenge: "Bearer resource_metadata=\"http://todos.example/x\""]
            )
        },
        SiteFault("metadata on the server's own machine", .challenge, "own machine") {
            $0.challenge = Answer(
                401,
                [.challenge: "Bearer resource_metadata=\"http://127.0.0.1:3000/x\""]
            )
        },
    ]

    private static let metadata = [
        SiteFault("no metadata", .metadata, "status 404") {
            $0.documents[ExaminedSite.metadataURL] = nil
        },
        SiteFault("metadata that is a page", .metadata, "not JSON") {
            $0.documents[ExaminedSite.metadataURL] = Answer(200, body: Array("<html>".utf8))
        },
        SiteFault("metadata of another resource", .metadata, "https://other.example/mcp") {
            $0.edit(ExaminedSite.metadataURL, ExaminedSite.url, "https://other.example/mcp")
        },
        SiteFault("metadata without a resource", .metadata, "no member \"resource\"") {
            $0.edit(ExaminedSite.metadataURL, "\"resource\"", "\"x\"")
        },
        SiteFault("an empty list of issuers", .metadata, "authorization_servers") {
            $0.edit(ExaminedSite.metadataURL, "[\"\(ExaminedSite.issuer)\"]", "[]")
        },
    ]

    private static let issuers = [
        SiteFault("an issuer without metadata", .issuer, "no metadata at") {
            $0.documents[ExaminedSite.issuerURL] = nil
        },
        SiteFault("an issuer that is no URL", .issuer, "no URL of an issuer") {
            $0.edit(ExaminedSite.metadataURL, "https://login.example", "martlet")
        },
        SiteFault("an issuer out of reach", .issuer, "no such host") {
            $0.silent[ExaminedSite.issuerURL] = .unknownHost(reason: "no such host")
        },
        SiteFault("another issuer", .issuer, "https://login.example/\"") {
            $0.edit(
                ExaminedSite.issuerURL,
                "\"issuer\":\"https://login.example\"",
                "\"issuer\":\"https://login.example/\""
            )
        },
        SiteFault("no PKCE", .issuer, "code_challenge_methods_supported") {
            $0.edit(ExaminedSite.issuerURL, "code_challenge_methods_supported", "x")
        },
        SiteFault("PKCE without S256", .issuer, "S256") {
            $0.edit(ExaminedSite.issuerURL, "S256", "plain")
        },
        SiteFault("no token endpoint", .issuer, "token_endpoint") {
            $0.edit(ExaminedSite.issuerURL, "token_endpoint", "x")
        },
        SiteFault("endpoints over http", .issuer, "no https URL") {
            $0.edit(
                ExaminedSite.issuerURL,
                "https://login.example/authorize",
                "http://login.example/authorize"
            )
        },
        SiteFault("no key set named", .issuer, "jwks_uri") {
            $0.edit(ExaminedSite.issuerURL, "jwks_uri", "x")
        },
    ]

    private static let keySets = [
        SiteFault("no key set", .keySet, "status 404") {
            $0.documents[ExaminedSite.keySetURL] = nil
        },
        SiteFault("a key set that is a page", .keySet, "not a JWK Set") {
            $0.documents[ExaminedSite.keySetURL] = Answer(200, body: Array("<html>".utf8))
        },
        SiteFault("an empty key set", .keySet, "no usable key") {
            $0.documents[ExaminedSite.keySetURL] = ExaminedSite.json("{\"keys\":[]}")
        },
        SiteFault("a key set of secrets", .keySet, "no usable key") {
            $0.documents[ExaminedSite.keySetURL] = ExaminedSite.json(
                #"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#
            )
        },
        SiteFault("a private key for everybody", .keySet, "shows a private key") {
            $0.documents[ExaminedSite.keySetURL] = ExaminedSite.json(SigningKeySet([$0.key]).text)
        },
        SiteFault("other keys than the token's", .token, "kid is") {
            let other = try SigningKey.generate(.es256)
            $0.documents[ExaminedSite.keySetURL] = try ExaminedSite.json(SigningKeySet([other]))
        },
    ]

    /// Refusals of the token that the server explains.
    private static let tokens = [
        SiteFault("the token refused", .modernTools, "the token is denied") {
            $0.modern = Answer(
                401,
                [
                    .challenge:
                        "Bearer error=\"invalid_token\", error_description=\"the token is denied\""
                ]
            )
        },
        SiteFault("a scope too narrow", .modernTools, "list:tools") {
            $0.modern = Answer(
                403,
                [.challenge: "Bearer error=\"insufficient_scope\", scope=\"list:tools\""]
            )
        },
        SiteFault("a role that forbids", .modernTools, "no scope would help") {
            $0.modern = Answer(403)
        },
    ]

    private static let tools = [
        SiteFault("keys out of the server's reach", .modernTools, "503") {
            $0.modern = Answer(503, [.retryAfter: "5"])
        },
        SiteFault("too many requests", .modernTools, "429") { $0.modern = Answer(429) },
        SiteFault("a redirect of the token", .modernTools, "redirects") {
            $0.modern = Answer(307, [.location: "https://thief.example"])
        },
        SiteFault("an answer that is a page", .modernTools, "no JSON-RPC message") {
            $0.modern = Answer(200, body: Array("<html>".utf8))
        },
        SiteFault("a result without tools", .modernTools, "no list of tools") {
            $0.modern = ExaminedSite.json(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        },
        SiteFault("neither era", .legacyTools, "400") {
            $0.modern = Answer(400)
            $0.initialize = Answer(400)
        },
    ]
}
