import HTTPTransport
import TestSupport
import Testing

@Suite("Bodies that are wanted, too large, or refused (RFC 9110 §10.1.1, RFC 9112 §9.6)")
struct BodyTests {
    private static func limited(_ limits: inout HTTPServerLimits) {
        limits.bodyByteCountMax = 10
        limits.discardedByteCountMax = 100
    }

    private static func chunked(_ path: String, _ content: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + content.map { "1\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
    }

    @Test func `A client that expects 100 gets it before its body is read`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let head =
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
            #expect(try client.exchange(head).status == 100)
            #expect(try client.exchange("hello").text == "POST /echo hello")
            #expect(try client.exchange(request("GET", "/echo")).status == 200)
        }
    }

    @Test func `A client that expects 100 and is refused gets the refusal alone`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let refusal = try client.exchange(
                "POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                    + "Expect: 100-continue\r\n\r\n"
            )
            #expect(refusal.status == 403)
            #expect(refusal["connection"] == "close")
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A client that expects 100 for too large a body gets 413 alone`() async throws {
        try await withServer(Self.limited) { server in
            let client = try server.connect()
            let refusal = try client.exchange(
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n"
                    + "Expect: 100-continue\r\n\r\n"
            )
            #expect(refusal.status == 413)
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A body of the limit is read, and one byte more is answered with 413`()
        async throws
    {
        try await withServer(Self.limited) { server in
            let client = try server.connect()
            let largest = request("POST", "/echo", content: "0123456789")
            #expect(try client.exchange(largest).text == "POST /echo 0123456789")
            let refusal = try client.exchange(request("POST", "/echo", content: "0123456789a"))
            #expect(refusal.status == 413)
            #expect(refusal["connection"] == "close")
            #expect(try client.receiveRest() == [])
            #expect(server.script.journal.count(of: .body) == 1)
        }
    }

    @Test func `The limit counts the content of a chunked body, not its framing`() async throws {
        try await withServer(Self.limited) { server in
            let client = try server.connect()
            let largest = Self.chunked("/echo", "0123456789")
            #expect(try client.exchange(largest).text == "POST /echo 0123456789")
            let refusal = try client.exchange(Self.chunked("/echo", "0123456789a"))
            #expect(refusal.status == 413)
            #expect(try client.receiveRest() == [])
            #expect(server.script.journal.count(of: .body) == 1)
        }
    }

    @Test func `A refusal before a small body keeps the connection`() async throws {
        try await withServer(Self.limited) { server in
            let client = try server.connect()
            let body = String(repeating: "x", count: 100)
            for refused in [
                request("POST", "/refuse", content: body), Self.chunked("/refuse", body),
                request("POST", "/refuse"),
            ] {
                let refusal = try client.exchange(refused)
                #expect(refusal.status == 403)
                #expect(refusal["connection"] == nil)
                #expect(try client.exchange(request("GET", "/echo")).text == "GET /echo ")
            }
        }
    }

    @Test func `A refusal before a body too long to drop ends the connection`() async throws {
        try await withServer(Self.limited) { server in
            let client = try server.connect()
            let body = String(repeating: "x", count: 101)
            let refusal = try client.exchange(request("POST", "/refuse", content: body))
            #expect(refusal.status == 403)
            #expect(refusal["connection"] == "close")
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A refused chunked body that turns out too long ends the connection`()
        async throws
    {
        try await withServer(Self.limited) { server in
            let client = try server.connect()
            let body = String(repeating: "x", count: 101)
            #expect(try client.exchange(Self.chunked("/refuse", body)).status == 403)
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A client that sends a large body first still reads its refusal`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(request("POST", "/refuse", content: ""))
            #expect(try client.receiveResponse().status == 403)
            // All of it is sent before anything is read, while the server has long answered.
            try client.send("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n")
            try client.send([UInt8](repeating: 0x78, count: 8_000_000))
            #expect(try client.receiveResponse().status == 403)
            #expect(try client.receiveRest() == [])
        }
    }

    @Test func `A refused body with malformed chunks gets no second answer`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let refusal = try client.exchange(
                "POST /refuse HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"
            )
            #expect(refusal.status == 403)
            #expect(try client.receiveRest() == [])
        }
    }
}
