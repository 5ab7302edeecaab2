import Glibc
import Libuv
import TestSupport
import Testing

@Suite("Exchanges on a connection (RFC 9112 §9)")
struct ExchangeTests {
    @Test(arguments: ["/echo", "/later"])
    func `A request is answered the same wherever the network splits it`(path: String)
        async throws
    {
        try await withServer { server in
            let request = "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
            let whole = try server.connect().exchange(request)
            #expect(whole.status == 200)
            #expect(whole.text == "POST \(path) hello")
            let client = try server.connect()
            let other = try server.connect()
            for split in 1..<request.utf8.count {
                try client.send(Array(request.utf8.prefix(split)))
                // The loop has read what came first when it has answered what came after.
                _ = try other.exchange("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
                try client.send(Array(request.utf8.dropFirst(split)))
                #expect(try client.receiveResponse() == whole, "split at byte \(split)")
            }
        }
    }

    @Test func `A chunked request is answered the same wherever the network splits it`()
        async throws
    {
        try await withServer { server in
            let request =
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nhel\r\n2;note=x\r\nlo\r\n0\r\n\r\n"
            let client = try server.connect()
            #expect(try client.exchange(request).text == "POST /echo hello")
            let other = try server.connect()
            for split in 1..<request.utf8.count {
                try client.send(Array(request.utf8.prefix(split)))
                _ = try other.exchange("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
                try client.send(Array(request.utf8.dropFirst(split)))
                #expect(
                    try client.receiveResponse().text == "POST /echo hello",
                    "split at byte \(split)"
                )
            }
        }
    }

    @Test(arguments: ["/echo", "/later"])
    func `Pipelined requests are answered in their order`(path: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            let count = 500
            let requests = (0..<count).map { request("POST", path, content: "number \($0)") }
            try client.send(requests.joined())
            for number in 0..<count {
                #expect(try client.receiveResponse().text == "POST \(path) number \(number)")
            }
        }
    }

    @Test func `An answer that waits holds back those of the requests behind it`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(
                request("POST", "/gate", content: "1") + request("POST", "/echo", content: "2")
                    + request("POST", "/later", content: "3")
            )
            await server.script.gate.wait(forArrivals: 1)
            #expect(server.script.journal.count(of: .head) == 1)
            server.script.gate.open()
            let answers = try (1...3).map { _ in try client.receiveResponse().text }
            #expect(answers == ["POST /gate 1", "POST /echo 2", "POST /later 3"])
        }
    }

    @Test func `Many clients on several loops each get their own answers`() async throws {
        try await withServer(loopCount: 2) { server in
            let clients = try (0..<50).map { _ in try server.connect() }
            for round in 0..<10 {
                for (index, client) in clients.enumerated() {
                    try client.send(request("POST", "/later", content: "\(index)/\(round)"))
                }
                for (index, client) in clients.enumerated() {
                    #expect(try client.receiveResponse().text == "POST /later \(index)/\(round)")
                }
            }
        }
    }

    @Test func `A HEAD request gets the fields of the answer and no content`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let head = try client.exchange("HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(head.status == 200)
            #expect(head["content-length"] == "\("HEAD /echo ".utf8.count)")
            #expect(try client.exchange(request("GET", "/echo")).text == "GET /echo ")
        }
    }

    @Test func `A connection ends after the answer when the client asks for it`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let answer = try client.exchange(
                "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    + request("GET", "/ignored")
            )
            #expect(answer["connection"] == "close")
            #expect(try client.receiveRest() == [])
            #expect(server.script.journal.count(of: .head) == 1)
        }
    }

    @Test func `A connection ends after the answer when the handler asks for it`() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.exchange(request("GET", "/last"))["connection"] == "close")
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `An HTTP 1·0 connection ends after its answer, unless it is to be kept`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            let kept = try client.exchange(
                "GET /echo HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"
            )
            #expect(kept["connection"] == "keep-alive")
            let last = try client.exchange("GET /echo HTTP/1.0\r\nHost: x\r\n\r\n")
            #expect(last.text == "GET /echo ")
            #expect(last["connection"] == "close")
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `What is not HTTP is answered with 400, and the connection ends`() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.exchange(request("GET", "/echo")).status == 200)
            let refusal = try client.exchange("NOT HTTP\r\n\r\n" + request("GET", "/echo"))
            #expect(refusal.status == 400)
            #expect(refusal["connection"] == "close")
            #expect(try client.receiveRest() == [])
            #expect(server.script.journal.count(of: .head) == 1)
        }
    }

    @Test func `A body whose chunks are malformed is answered with 400`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let refusal = try client.exchange(
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"
            )
            #expect(refusal.status == 400)
            #expect(try client.receiveRest() == [])
            #expect(server.script.journal.count(of: .body) == 0)
        }
    }

    @Test func `A UNIX domain socket is served like any other`() async throws {
        let path = "/tmp/martlet-\(UInt64.random(in: 0...(.max))).sock"
        try await withServer(at: .unix(path: path)) { server in
            let client = try server.connect()
            #expect(try client.exchange(request("GET", "/echo")).text == "GET /echo ")
        }
        _ = unsafe unlink(path)
    }
}
