import HTTPClient
import TestSupport
import Testing

@Suite(
    "TLS of a client (RFC 9110 §4.3.4)",
    .enabled(if: OpenSSLServer.isAvailable, "the command openssl is not installed")
)
struct TLSTests {
    @Test func `A certificate that nobody vouches for is refused`() async throws {
        let server = try OpenSSLServer(name: "IP:127.0.0.1")
        defer { server.stop() }
        try await withAgent { agent, _ in
            let failure = await agent.failure(of: server.url)
            guard case .untrustedCertificate(let text) = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(text.contains("self-signed certificate"))
        }
    }

    @Test func `A certificate of the configured authority is accepted`() async throws {
        let server = try OpenSSLServer(name: "IP:127.0.0.1")
        defer { server.stop() }
        try await withAgent(caFile: server.certificatePath) { agent, _ in
            let answer = try await agent.get(server.url)
            #expect(answer.statusCode == 200)
        }
    }

    @Test func `A certificate of the configured authority for another host is refused`()
        async throws
    {
        let server = try OpenSSLServer(name: "DNS:other.example")
        defer { server.stop() }
        try await withAgent(caFile: server.certificatePath) { agent, _ in
            let failure = await agent.failure(of: server.url)
            guard case .untrustedCertificate = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test func `The configured authority replaces those of the system`() async throws {
        let other = try OpenSSLServer(name: "IP:127.0.0.1")
        let server = try OpenSSLServer(name: "IP:127.0.0.1")
        defer {
            other.stop()
            server.stop()
        }
        try await withAgent(caFile: other.certificatePath) { agent, _ in
            let failure = await agent.failure(of: server.url)
            guard case .untrustedCertificate = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test func `TLS 1.1 is not spoken`() async throws {
        let server = try OpenSSLServer(
            name: "IP:127.0.0.1",
            arguments: "-www -tls1_1 -cipher ALL:@SECLEVEL=0"
        )
        defer { server.stop() }
        try await withAgent(caFile: server.certificatePath) { agent, _ in
            let failure = await agent.failure(of: server.url)
            guard case .tls = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test func `A file of authorities that is not there is an error that names it`() async throws {
        let server = try OpenSSLServer(name: "IP:127.0.0.1")
        defer { server.stop() }
        try await withAgent(caFile: "/nowhere/ca.pem") { agent, _ in
            let failure = await agent.failure(of: server.url)
            #expect(failure == .unusableCAFile(path: "/nowhere/ca.pem"))
        }
    }

    @Test func `A server that does not answer TLS has the time for a connection, no more`()
        async throws
    {
        try await withAgent { _ in
            .init()
        } limits: {
            $0.connectSeconds = 1
        } _: { agent, server in
            let failure = await agent.failure(of: "https://\(server.address)/")
            #expect(failure == .timedOut(totalSeconds: 600, connectSeconds: 1))
            #expect(await server.requests == [])
        }
    }

    @Test func `A redirect from https to http on this machine is refused`() async throws {
        let server = try OpenSSLServer(name: "IP:127.0.0.1", arguments: "-HTTP")
        defer { server.stop() }
        try await withAgent(caFile: server.certificatePath) { _ in
            .init()
        } _: {
            agent,
            target in
            // With `-HTTP` the file holds the whole response.
            try server.write(
                "HTTP/1.1 302 Found\r\nLocation: \(target.url)/\r\nContent-Length: 0\r\n\r\n",
                to: "redirect"
            )
            let failure = await agent.failure(of: "\(server.url)redirect")
            #expect(failure == .redirectRefused(to: "\(target.url)/"))
            #expect(await target.requests == [])
        }
    }
}
