import HTTPTransport
import TestSupport
import Testing

@Suite("Responses that go on (RFC 9112 §7.1, §9.3)")
struct StreamTests {
    @Test func `Every piece is a chunk, and the last chunk ends the stream and nothing else`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            let long = String(repeating: "x", count: 300)
            try client.send(request("GET", "/stream/begin/one/\(long)/end"))
            try client.receiveChunkedStreamHead()
            try client.receive("3\r\none\r\n12c\r\n\(long)\r\n0\r\n\r\n")
            #expect(try client.exchange(request("GET", "/echo")).text == "GET /echo ")
        }
    }

    @Test func `A stream is there as soon as it has begun, and goes on in later turns`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/turn/begin/gate/one/turn/two/turn/end"))
            try client.receiveChunkedStreamHead()
            #expect(!client.socket.hasInput(withinMilliseconds: 0))
            server.script.gate.open()
            try client.receive("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
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
                try client.receiveChunkedStreamHead()
                try client.receive("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
                if let text { #expect(try client.receiveResponse().text == text) }
            }
        }
    }

    @Test func `A request behind a stream is not looked at before its end`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/begin/gate/end") + request("GET", "/echo"))
            await server.script.gate.wait(forArrivals: 1)
            try client.receiveChunkedStreamHead()
            try client.send(request("GET", "/later"))
            try server.turn()
            // One is the turn's own.
            #expect(server.script.journal.count(of: .head) == 2)
            server.script.gate.open()
            try client.receive("0\r\n\r\n")
            #expect(try client.receiveResponse().text == "GET /echo ")
            #expect(try client.receiveResponse().text == "GET /later ")
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
            try client.receiveStreamHead("connection: close")
            #expect(try client.receiveRest() == Array("onetwo".utf8))
        }
    }

    @Test func `HEAD gets the head alone, and the connection goes on`() async throws {
        try await withServer { server in
            let client = try server.connect()
            for path in ["/stream/begin/one/end", "/stream/begin/turn/one/turn/end"] {
                try client.send(request("HEAD", path) + request("GET", "/echo"))
                try client.receiveChunkedStreamHead()
                #expect(try client.receiveResponse().text == "GET /echo ")
            }
        }
    }

    @Test(arguments: ["/stream/begin/one/end", "/stream/begin/turn/one/turn/end"])
    func `A connection that is not persistent ends after its stream`(path: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            try client.receiveStreamHead("transfer-encoding: chunked", "connection: close")
            try client.receive("3\r\none\r\n")
            try client.receiveEndOfConnection()
        }
    }

    @Test func `A request has one response, whether it goes on or not`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/begin/respond/begin/one/end/respond/two/end"))
            try client.receiveChunkedStreamHead()
            try client.receive("3\r\none\r\n0\r\n\r\n")
            let answer = try client.exchange(request("GET", "/stream/one/respond/begin/two/end"))
            #expect(answer.text == "answer")
            #expect(
                server.script.journal.events == [
                    .head, .body, .begun, .answered, .unwanted, .answered,
                    .head, .body, .answered, .unwanted,
                ]
            )
            #expect(try client.exchange(request("GET", "/last")).text == "GET /last ")
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `What a stream says after its end reaches nobody`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("GET", "/stream/begin/end/gate/late/end"))
            try client.receiveChunkedStreamHead()
            try client.receive("0\r\n\r\n")
            try client.send(request("GET", "/stream/begin/one/turn/turn/two/end"))
            server.script.gate.open()
            try client.receiveChunkedStreamHead()
            try client.receive("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
            #expect(try client.exchange(request("GET", "/echo")).text == "GET /echo ")
        }
    }
}

@Suite("Streams that begin before the body of their request has come")
struct EarlyStreamTests {
    private static let scripts = [
        "/early/begin/one/end", "/early/begin/gate/one/end", "/put-off/turn/begin/gate/one/end",
    ]

    private func head(of path: String, byteCount: Int, _ fields: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(byteCount)\r\n\(fields)\r\n"
    }

    @Test(arguments: scripts)
    func `The body is dropped, and the requests behind it are answered`(path: String)
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("POST", path, content: "hello") + request("GET", "/echo"))
            try client.receiveChunkedStreamHead()
            server.script.gate.open()
            try client.receive("3\r\none\r\n0\r\n\r\n")
            #expect(try client.receiveResponse().text == "GET /echo ")
            #expect(server.script.journal.count(of: .body) == 1)
        }
    }

    @Test(arguments: scripts)
    func `A request without a body is one like any other`(path: String) async throws {
        try await withServer { server in
            server.script.gate.open()
            let client = try server.connect()
            try client.send(request("GET", path) + request("GET", "/echo"))
            try client.receiveChunkedStreamHead()
            try client.receive("3\r\none\r\n0\r\n\r\n")
            #expect(try client.receiveResponse().text == "GET /echo ")
        }
    }

    @Test(arguments: scripts)
    func `A body that comes during the stream and after it is dropped as well`(path: String)
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(head(of: path, byteCount: 5) + "he")
            try client.receiveChunkedStreamHead()
            try client.send("l")
            try server.turn()
            server.script.gate.open()
            try client.receive("3\r\none\r\n0\r\n\r\n")
            #expect(try client.exchange("lo" + request("GET", "/echo")).text == "GET /echo ")
        }
    }

    @Test(arguments: scripts)
    func `A body too long to drop ends the connection with the stream`(path: String)
        async throws
    {
        try await withServer {
            $0.discardedByteCountMax = 4
        } _: { server in
            server.script.gate.open()
            for fields in ["", "Expect: 100-continue\r\n"] {
                let client = try server.connect()
                try client.send(head(of: path, byteCount: 5, fields))
                try client.receiveStreamHead("transfer-encoding: chunked", "connection: close")
                try client.receive("3\r\none\r\n")
                try client.receiveEndOfConnection()
            }
        }
    }

    @Test(arguments: scripts)
    func `Chunks beyond what is dropped end the connection after the stream`(path: String)
        async throws
    {
        try await withServer {
            $0.discardedByteCountMax = 4
        } _: { server in
            for (chunks, isTooLong) in [("4\r\nhell\r\n", false), ("5\r\nhello\r\n", true)] {
                let client = try server.connect()
                try client.send(
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunks + "0\r\n\r\n" + request("GET", "/last")
                )
                try client.receiveChunkedStreamHead()
                server.script.gate.open()
                try client.receive("3\r\none\r\n0\r\n\r\n")
                if !isTooLong { #expect(try client.receiveResponse().text == "GET /last ") }
                #expect(try client.receiveRest() == [])
            }
        }
    }

    @Test(arguments: scripts)
    func `A body that does not come ends the connection after the stream`(path: String)
        async throws
    {
        try await withServer {
            $0.lingerSeconds = 2
        } _: { server in
            let client = try server.connect()
            try client.send(head(of: path, byteCount: 5))
            try client.receiveChunkedStreamHead()
            server.script.gate.open()
            try client.receive("3\r\none\r\n")
            try client.receiveEndOfConnection()
        }
    }
}
