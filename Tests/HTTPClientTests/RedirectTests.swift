import Bytes
import HTTPClient
import TestSupport
import Testing

@Suite("Redirects of a client (RFC 9110 §15.4)")
struct RedirectTests {
    @Test(arguments: [301, 302, 303, 307, 308])
    func `A redirect is followed, and the answer says where to`(status: Int) async throws {
        try await withAgent { request in
            request.target == "/end" ? .init(200, "here") : redirect(to: "/end", status)
        } _: { agent, server in
            let answer = try await agent.get("\(server.url)/start")
            #expect(String(validating: answer.body.span) == "here")
            #expect(answer.url == "\(server.url)/end")
            #expect(server.journal.events == ["/start", "/end"])
        }
    }

    @Test(arguments: [
        ("/a/b?c", "/a/b?c"), ("b", "/dir/b"), ("../b", "/b"), ("./b?x=y", "/dir/b?x=y"),
        ("?q", "/dir/start?q"), ("/end#fragment", "/end"),
    ])
    func `A relative target is resolved against the URL that sent it`(
        location: String,
        target: String
    ) async throws {
        try await withAgent { request in
            request.target == "/dir/start" ? redirect(to: location) : .init()
        } _: { agent, server in
            _ = try await agent.get("\(server.url)/dir/start")
            #expect(server.journal.events == ["/dir/start", target])
        }
    }

    @Test func `A chain of n redirects is followed and one of n + 1 is not`() async throws {
        try await withAgent { request in
            let remaining = Int(request.target.dropFirst()) ?? 0
            return remaining == 0 ? .init(200, "end") : redirect(to: "/\(remaining - 1)")
        } limits: {
            $0.redirectCountMax = 3
        } _: { agent, server in
            let answer = try await agent.get("\(server.url)/3")
            #expect(answer.statusCode == 200)
            #expect(await agent.failure(of: "\(server.url)/4") == .tooManyRedirects(countMax: 3))
            #expect(server.journal.events == ["/3", "/2", "/1", "/0", "/4", "/3", "/2", "/1"])
        }
    }

    @Test(arguments: [
        ("http://idp.example/keys?code=hidden", "http://idp.example/keys"),
        ("//idp.example/keys", "http://idp.example/keys"),
        ("http://127.0.0.1.idp.example/", "http://127.0.0.1.idp.example/"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("gopher://127.0.0.1/", "gopher://127.0.0.1/"),
        ("https://user:word@127.0.0.1/", "https://…@127.0.0.1/"),
    ])
    func `A redirect to where no request may go is refused`(
        location: String,
        shown: String
    ) async throws {
        try await withAgent { _ in
            redirect(to: location)
        } _: { agent, server in
            let failure = await agent.failure(of: server.url)
            #expect(failure == .redirectRefused(to: shown))
            #expect(await server.requests.count == 1)
        }
    }

    @Test func `A redirect without a target is the answer`() async throws {
        try await withAgent { _ in
            .init(302, "nowhere")
        } _: { agent, server in
            let answer = try await agent.get(server.url)
            #expect(answer.statusCode == 302)
            #expect(String(validating: answer.body.span) == "nowhere")
        }
    }

    @Test(arguments: [300, 304, 305])
    func `Other statuses with a target are the answer`(status: Int) async throws {
        try await withAgent { _ in
            redirect(to: "/end", status)
        } _: { agent, server in
            let answer = try await agent.get(server.url)
            #expect(answer.statusCode == status)
        }
    }

    @Test(arguments: [301, 307])
    func `Content is not sent where a redirect says`(status: Int) async throws {
        try await withAgent { _ in
            redirect(to: "/end", status)
        } _: { agent, server in
            let url = try HTTPClientURL(server.url)
            let request = HTTPClientRequest(url, method: .post(ByteBuffer("secret")))
            #expect(try await agent.send(request).statusCode == status)
            #expect(await server.requests.count == 1)
        }
    }

    @Test func `Credentials stay with the origin that they were meant for`() async throws {
        try await withAgent { _ in
            .init()
        } _: { _, second in
            let target = "\(second.url)/end"
            try await withAgent { request in
                request.target == "/start" ? redirect(to: "/middle") : redirect(to: target)
            } _: { agent, first in
                let request = HTTPClientRequest(
                    try HTTPClientURL("\(first.url)/start"),
                    fields: [
                        HTTPClientField("Authorization", "Bearer token"),
                        HTTPClientField("ACCEPT", "text/plain"),
                    ]
                )
                #expect(try await agent.send(request).url == target)
                let asked = await first.requests
                #expect(asked.map { $0["Authorization"] } == ["Bearer token", "Bearer token"])
            }
            let received = try #require(await second.requests.first)
            #expect(received["Authorization"] == nil)
            #expect(received["Accept"] == "text/plain")
        }
    }

    @Test func `The body of a redirect is limited like any other`() async throws {
        try await withAgent { _ in
            .init(302, "01234567890", fields: ["Location: /end"])
        } limits: {
            $0.bodyByteCountMax = 10
        } _: { agent, server in
            #expect(await agent.failure(of: server.url) == .bodyTooLong(byteCountMax: 10))
        }
    }
}

private func redirect(to location: String, _ status: Int = 302) -> ScriptedServer.Reply {
    .init(status, "moved", fields: ["Location: \(location)"])
}
