import HTTPTransport
import TestSupport
import Testing

@Suite("Responses that go on (RFC 9112 §7.1, §9.3)")
struct StreamTests {
    /// Receives the head of a stream.
    private func receiveHead(
        of client: HTTPTestClient,
        _ fields: [String] = ["content-type: text/event-stream", "transfer-encoding: chunked"]
    ) throws {
        let head = try client.receiveResponse(isAnsweringHEAD: true)
        #expect(head.status == 200)
        #expect(head.fields == fields)
    }

    /// Receives exactly this.
    private func receive(_ text: String, by client: HTTPTestClient) throws {
        #expect(try client.receiveText(byteCount: text.utf8.count) == text)
    }

    @Test func `Every piece is a chunk, and the last chunk ends the stream and nothing else`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            let path = "/stream/begin/one/" + String(repeating: "x", count: 300) + "/end"
            try client.send(request("GET", path))
            try receiveHead(of: client)
            try receive("3\r\none\r\n12c\r\n", by: client)
            try receive(String(repeating: "x", count: 300) + "\r\n0\r\n\r\n", by: client)
            #expect(try client.exchange(request("GET", "/echo")).text == "GET /echo ")
        }
    }

    @Test(arguments: ["/stream/begin/one/two/end", "/stream/turn/begin/turn/one/turn/two/turn/end"])
    func `The requests behind a stream are answered after its end`(path: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(
                request("GET", path) + request("POST", path, content: "x")
                    + request("GET", "/later") + request("GET", path) + request("GET", "/echo")
            )
            for text in [nil, "GET /later ", "GET /echo "] {
                try receiveHead(of: client)
                try receive("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n", by: client)
                if let text { #expect(try client.receiveResponse().text == text) }
            }
        }
    }

    @Test func `HTTP 1·0 gets the bytes as they are, and the end of the connection`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(
                "GET /stream/begin/one/turn/two/end HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            )
            try receiveHead(of: client, ["content-type: text/event-stream", "connection: close"])
            #expect(try client.receiveRest() == Array("onetwo".utf8))
        }
    }

    @Test func `HEAD gets the head alone, and the connection goes on`() async throws {
        try await withServer { server in
            let client = try server.connect()
            for path in ["/stream/begin/one/end", "/stream/begin/turn/one/turn/end"] {
                try client.send(request("HEAD", path) + request("GET", "/echo"))
                try receiveHead(of: client)
                #expect(try client.receiveResponse().text == "GET /echo ")
            }
        }
    }

    @Test func `A stream that its client resets is abandoned once`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/begin/one"))
            try receiveHead(of: client)
            client.socket.reset()
            await server.script.journal.wait(for: .abandoned)
            try await server.waitUntilEmpty()
            #expect(server.script.journal.count(of: .abandoned) == 1)
        }
    }
}
