import Bytes
import HTTPClient
import Libuv
import TestSupport
import Testing

@Suite("Answers to a client (RFC 9112)")
struct AnswerTests {
    @Test func `A request says what is wanted and who asks, and no more`() async throws {
        try await withAgent { _ in
            .init(200, "hello")
        } _: { agent, server in
            let url = try HTTPClientURL("\(server.url)/a/b?c=d")
            let accept = HTTPClientField("Accept", "application/json")
            let answer = try await agent.send(HTTPClientRequest(url, fields: [accept]))
            #expect(answer.statusCode == 200)
            #expect(String(validating: answer.body.span) == "hello")
            #expect(answer.url == url.text)
            let request = try #require(await server.requests.first)
            #expect(request.method == "GET")
            #expect(request.target == "/a/b?c=d")
            #expect(
                request.fields == [
                    "Host: \(server.address)", "User-Agent: martlet/test",
                    "Accept: application/json",
                ]
            )
        }
    }

    @Test func `Content is posted whole, without a wait for 100 Continue`() async throws {
        let content = String(repeating: "0123456789", count: 20_000)
        try await withAgent { request in
            .init(201, request.content)
        } _: { agent, server in
            let request = HTTPClientRequest(
                try HTTPClientURL("\(server.url)/"),
                method: .post(ByteBuffer(content)),
                fields: [HTTPClientField("Content-Type", "application/json")]
            )
            let answer = try await agent.send(request)
            #expect(answer.statusCode == 201)
            #expect(answer.body == ByteBuffer(content))
            let received = try #require(await server.requests.first)
            #expect(received.method == "POST")
            #expect(received["Content-Type"] == "application/json")
            #expect(received["Expect"] == nil)
        }
    }

    @Test(arguments: [204, 304, 400, 401, 404, 429, 500, 503])
    func `An answer of any status is an answer`(status: Int) async throws {
        try await withAgent { _ in
            .init(status, "", fields: ["Retry-After: 7"])
        } _: {
            agent,
            server in
            let answer = try await agent.get(server.url)
            #expect(answer.statusCode == status)
            #expect(answer.value(of: "retry-after") == "7")
        }
    }

    @Test func `Repeated field lines are one value, and names have no case`() async throws {
        let fields = [
            "Cache-Control: max-age=5", "Age:  1 ", "cache-control: no-store", "X-Empty:",
        ]
        try await withAgent { _ in
            .init(200, "", fields: fields)
        } _: { agent, server in
            let answer = try await agent.get(server.url)
            #expect(answer.value(of: "CACHE-CONTROL") == "max-age=5, no-store")
            #expect(answer.value(of: "age") == "1")
            #expect(answer.value(of: "x-empty") == "")
            #expect(answer.value(of: "absent") == nil)
        }
    }

    @Test func `Fields of interim responses and of trailers are not the answer's`() async throws {
        let wire = """
            HTTP/1.1 103 Early Hints\r\nCache-Control: max-age=1\r\n\r\n\
            HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Field: yes\r\n\r\n\
            3\r\nabc\r\n2\r\nde\r\n0\r\nCache-Control: max-age=2\r\n\r\n
            """
        try await withAgent { _ in
            .init(wire: wire)
        } _: { agent, server in
            let answer = try await agent.get(server.url)
            #expect(String(validating: answer.body.span) == "abcde")
            #expect(answer.value(of: "x-field") == "yes")
            #expect(answer.value(of: "cache-control") == nil)
        }
    }

    @Test func `A body without a length ends with its connection`() async throws {
        let wire = "HTTP/1.1 200 OK\r\n\r\nto the end"
        try await withAgent { _ in
            .init(wire: wire, then: .finishWriting)
        } _: { agent, server in
            let answer = try await agent.get(server.url)
            #expect(String(validating: answer.body.span) == "to the end")
        }
    }

    @Test func `Compressed content comes as it is`() async throws {
        let fields = ["Content-Encoding: gzip"]
        try await withAgent { _ in
            .init(200, "not gzip", fields: fields)
        } _: { agent, server in
            let answer = try await agent.get(server.url)
            #expect(String(validating: answer.body.span) == "not gzip")
            #expect(await server.requests.first?["Accept-Encoding"] == nil)
        }
    }

    @Test func `Cookies are not kept`() async throws {
        let fields = ["Set-Cookie: a=b; Path=/"]
        try await withAgent { _ in
            .init(200, "", fields: fields)
        } _: { agent, server in
            for _ in 1...2 { _ = try await agent.get("\(server.url)/") }
            let requests = await server.requests
            #expect(requests.count == 2)
            #expect(requests.allSatisfy { $0["Cookie"] == nil })
        }
    }

    @Test func `One connection serves requests that follow each other`() async throws {
        try await withAgent { _ in
            .init()
        } _: { agent, server in
            for _ in 1...5 { _ = try await agent.get(server.url) }
            #expect(await server.connectionCount == 1)
        }
    }

    @Test(arguments: ["Bad Name", "", "X:"])
    func `A field name that is none is not sent`(name: String) async throws {
        try await expectRefused(HTTPClientField(name, "value"))
    }

    @Test(arguments: ["a\r\nX-Other: b", "a\nb", "a\u{0}b", "a\u{7F}"])
    func `A field value that would end its line is not sent`(value: String) async throws {
        try await expectRefused(HTTPClientField("Authorization", value))
    }

    @Test func `A task of the loop is on the loop before and after its request`() async throws {
        try await withAgent { _ in
            .init(200, "hello")
        } _: { _, server in
            let journal = Journal<String>()
            let group = try EventLoopGroup(count: 1)
            let url = try HTTPClientURL(server.url)
            group.loops[0].submit { [loop = group.loops[0]] in
                loop.startTask(with: CurlClient(on: loop)) { client in
                    do throws(HTTPClientError) {
                        let answer = try await client.get(url, accept: "*/*")
                        let isOnLoop = EventLoop.current === loop
                        journal.note("\(answer.statusCode), on the loop: \(isOnLoop)")
                    } catch {
                        journal.note("\(error)")
                    }
                    client.close()
                    journal.note("closed")
                }
            }
            await journal.wait(for: "closed")
            #expect(journal.events == ["200, on the loop: true", "closed"])
            group.stop()
        }
    }

    private func expectRefused(_ field: HTTPClientField) async throws {
        try await withAgent { _ in
            .init()
        } _: { agent, server in
            let request = HTTPClientRequest(try HTTPClientURL(server.url), fields: [field])
            let error = await #expect(throws: HTTPClientError.self) {
                try await agent.send(request)
            }
            #expect(error?.reason == .malformedField)
            #expect(await server.requests == [])
        }
    }
}
