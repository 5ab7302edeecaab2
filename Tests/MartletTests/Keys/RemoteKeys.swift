import HTTPClient
import JWT
import Libuv
import Logging
import Martlet
import ProtocolTestSupport
import TestSupport

/// Runs a server whose one issuer publishes its keys at a key server.
func withKeyServer(
    _ answer: KeyServer.Answer,
    cacheControl: String? = nil,
    loopCount: Int = 1,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (TestServer, KeyServer) async throws -> Void
) async throws {
    let keyServer = try await KeyServer(answer, cacheControl: cacheControl)
    defer { keyServer.stop() }
    try await withServer(loopCount: loopCount, logger: logger) { configuration in
        configuration.issuers = [.remote(.keySetURL(keyServer.url))]
        // Nobody meets these limits who is not asked to.
        configuration.failedAuthenticationsPerPeer = .unlimited
        configuration.transport.decisionSeconds = 3_000
        configuration.keyRefresh.tickMilliseconds = 20
        configuration.keyRefresh.client.totalSeconds = 600
        configuration.keyRefresh.client.connectSeconds = 600
        configure(&configuration)
    } _: { server in
        try await onThreads { try await body(server, keyServer) }
        keyServer.answer(.status(500))
        keyServer.release()
    }
}

extension IssuerConfiguration {
    static func remote(
        _ source: KeySource,
        named issuer: String = TestServer.issuer
    ) -> IssuerConfiguration {
        IssuerConfiguration(
            issuer,
            audiences: [TestServer.audience],
            keys: source,
            workspace: .shared
        )
    }
}

extension SigningKey {
    /// A new key, quickly made.
    static func named(_ keyID: String) throws -> SigningKey {
        try .generate(.edDSA, keyID: keyID)
    }

    /// A token of the test's issuer, or of another, signed with this key.
    func token(
        _ subject: String = "ada",
        role: String? = "user",
        scope: String? = nil,
        issuer: String = TestServer.issuer,
        expiresInSeconds: Int64 = 3_600
    ) -> String {
        let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
        var claims = ClaimsSetBuilder()
        claims.set(.issuer, to: .string(issuer))
        claims.set(.audience, to: .string(TestServer.audience))
        claims.set(.subject, to: .string(subject))
        claims.set(.expirationTime, to: .date(now.advanced(bySeconds: expiresInSeconds)))
        if let role { claims.set("role", to: .string(role)) }
        if let scope { claims.set(.scope, to: .string(scope)) }
        return String(decoding: TokenSigner(key: self).sign(claims).bytes, as: UTF8.self)
    }
}

extension TestServer {
    /// Asks who somebody is until the answer has a status, or time is over.
    func waitForStatus(_ status: Int, token: String) async throws -> Response {
        var response = try exchange(.call("whoami"), token: token)
        try await eventually {
            if response.status == status { return true }
            do { response = try exchange(.call("whoami"), token: token) } catch { return false }
            return response.status == status
        }
        return response
    }
}
