import Libuv
import Martlet
import ProtocolTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("Requests that are refused, as operators see them")
struct RefusedRequestTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    /// What a collector was sent of spans.
    private final class Collected: Sendable {
        private let messages = Mutex<[String]>([])

        func append(_ message: String) { messages.withLock { $0.append(message) } }

        /// The spans, each as it came.
        func spans() throws -> [JSONTree] {
            try messages.withLock { $0 }.flatMap { message in
                let tree = try JSONTree(message)
                let spans = tree["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]
                var found: [JSONTree] = []
                while let span = spans?[found.count] { found.append(span) }
                return found
            }
        }
    }

    /// The spans of a server that was asked a few things.
    private func spans(
        samplePercent: Int,
        _ ask: (TestServer) async throws -> Void
    ) async throws -> [JSONTree] {
        let collected = Collected()
        let group = try EventLoopGroup(count: 1)
        let collector = try ScriptedServer(on: group.loops[0]) { request in
            if request.target == "/v1/traces" { collected.append(request.content) }
            return ScriptedServer.Reply(200, "{}")
        }
        try await collector.listen()
        var otlp = OTLPConfiguration(endpoint: "http://\(collector.address)")
        otlp.samplePercent = samplePercent
        let configured = otlp
        // What waits is sent when the server stops.
        try await withServer({ $0.otlp = configured }, ask)
        await collector.stop()
        group.stop()
        return try collected.spans()
    }

    private func attribute(_ name: String, of span: JSONTree) -> String? {
        var index = 0
        while let attribute = span["attributes"]?[index] {
            if attribute["key"]?.string == name {
                return attribute["value"]?["stringValue"]?.string
            }
            index += 1
        }
        return nil
    }

    private func status(of text: String, _ server: TestServer) throws -> Int {
        let client = try server.connect()
        try client.socket.send(text)
        return try client.receive().status
    }

    @Test func `Whatever refuses a request, its status is counted once and is the kind of error`()
        async throws
    {
        let list = Message.modern("tools/list")
        let framing = HTTPLimits(
            requestLineByteCountMax: 200,
            fieldSectionByteCountMax: 2_000
        )
        try await withServer { configuration in
            MetricsTests.listen(&configuration)
            configuration.allowedOrigins = []
            configuration.transport.framing = framing
            configuration.transport.bodyByteCountMax = 1_000
        } _: { server in
            let token = try token()
            let request = Request.message(list, token: token)
            let long = String(repeating: "x", count: 3_000)
            var counts: [Int: Int] = [:]
            func count(_ status: Int) { counts[status, default: 0] += 1 }
            // Before there is a head.
            count(try status(of: "no request\r\n\r\n", server))
            count(try status(of: "GET /\(long) HTTP/1.1\r\n\r\n", server))
            count(try status(of: "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(long)\r\n\r\n", server))
            count(try status(of: "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", server))
            // By the head.
            count(try server.exchange(request.without("Authorization")).status)
            count(try server.exchange(request.having("Content-Type", "text/plain")).status)
            count(try server.exchange(request.having("Accept", "text/plain")).status)
            count(try server.exchange(request.with { $0.method = "PUT" }).status)
            count(try server.exchange(request.with { $0.host = "evil.example" }).status)
            count(try server.exchange(request.adding("Origin", "https://evil.example")).status)
            count(try server.exchange(.get("/nowhere")).status)
            // By the body, announced and sent.
            count(try server.exchange(request.with { $0.body = long }).status)
            let head = request.with { $0.body = nil }.text.dropLast()
            count(
                try status(of: "\(head)Transfer-Encoding: chunked\r\n\r\nno chunk\r\n", server)
            )
            let size = String(long.utf8.count, radix: 16)
            count(
                try status(
                    of: "\(head)Transfer-Encoding: chunked\r\n\r\n\(size)\r\n\(long)\r\n",
                    server
                )
            )
            #expect(
                counts == [
                    400: 2, 401: 1, 403: 1, 404: 1, 405: 1, 406: 1, 413: 2, 414: 1, 415: 1,
                    421: 1, 431: 1, 505: 1,
                ]
            )
            let page = try MetricsTests.page(server)
            for (status, expected) in counts {
                let samples = page.samples.filter { sample in
                    sample.key.hasPrefix("http_server_request_duration_seconds_count{")
                        && sample.key.contains(#"http_response_status_code="\#(status)""#)
                }
                #expect(samples.values.reduce(0, +) == Double(expected), "\(status)")
                #expect(samples.keys.allSatisfy { $0.contains(#"error_type="\#(status)""#) })
            }
            let bodies = page.value(
                "http_server_request_duration_seconds_count",
                #"http_route="mcp""#,
                #"http_response_status_code="413""#
            )
            #expect(bodies == 2)
        }
    }

    @Test(arguments: [(true, 1), (false, 1)])
    func `What does not come in time is counted as well`(isHead: Bool, count: Int) async throws {
        try await withServer { configuration in
            MetricsTests.listen(&configuration)
            configuration.transport.tickMilliseconds = 20
            configuration.transport.headSeconds = 1
            configuration.transport.bodySeconds = 1
        } _: { server in
            let request = Request.message(.modern("tools/list"), token: try token())
            let text = isHead ? "GET / HT" : String(request.text.dropLast(5))
            #expect(try status(of: text, server) == 408)
            let page = try MetricsTests.page(server)
            let value = page.value(
                "http_server_request_duration_seconds_count",
                isHead ? #"http_route="other""# : #"http_route="mcp""#,
                #"error_type="408""#
            )
            #expect(value == Double(count))
        }
    }

    @Test func `A refused request whose caller traces it is a span of that trace`() async throws {
        let spans = try await spans(samplePercent: 0) { server in
            let list = Request.message(.modern("tools/list"), token: nil)
            for flags in ["01", "00"] {
                let traceparent = "00-\(Self.trace)-00f067aa0ba902b7-\(flags)"
                _ = try server.exchange(list.adding("traceparent", traceparent))
            }
            _ = try server.exchange(list)
            _ = try status(of: "no request\r\n\r\n", server)
        }
        #expect(spans.count == 1)
        let span = try #require(spans.first)
        #expect(span["traceId"]?.string == Self.trace)
        #expect(span["parentSpanId"]?.string == "00f067aa0ba902b7")
        #expect(span["name"]?.string == "POST mcp")
        #expect(attribute("http.response.status_code", of: span) == "401")
        #expect(attribute("error.type", of: span) == "401")
    }

    @Test(arguments: [(0, 0), (100, 4)])
    func `Of what nobody traces so many in a hundred are spans, refused or not`(
        samplePercent: Int,
        count: Int
    ) async throws {
        let spans = try await spans(samplePercent: samplePercent) { server in
            let allowed = try server.exchange(.call("whoami"), token: token())
            #expect(allowed.status == 200)
            // Understood, and not allowed: one span, not two.
            let write = Message.legacy("tools/call", params: #""name":"write""#)
            let forbidden = try server.exchange(write, token: token(role: "readonly"))
            #expect(forbidden.status == 403)
            #expect(try server.exchange(.modern("tools/list"), token: nil).status == 401)
            #expect(try status(of: "no request\r\n\r\n", server) == 400)
        }
        #expect(spans.count == count)
        let names = Set(spans.compactMap { $0["name"]?.string })
        let expected: Set = ["tools/call whoami", "tools/call write", "POST mcp", "HTTP other"]
        #expect(names == (count == 0 ? [] : expected))
    }
}
