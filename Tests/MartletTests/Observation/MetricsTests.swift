import Libuv
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Metrics, health and readiness for operators")
struct MetricsTests {
    /// The numbers of a page of metrics by their names and labels.
    struct Page {
        let text: String
        let samples: [String: Double]

        init(_ text: String) {
            self.text = text
            var samples: [String: Double] = [:]
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                guard let space = line.lastIndex(of: " ") else { continue }
                samples[String(line[..<space])] = Double(line[line.index(after: space)...])
            }
            self.samples = samples
        }

        /// The only sample whose name is this and whose labels are among others.
        func value(_ name: String, _ labels: String...) -> Double? {
            let found = samples.filter { sample in
                (sample.key == name || sample.key.hasPrefix("\(name){"))
                    && labels.allSatisfy { sample.key.contains($0) }
            }
            return found.count == 1 ? found.first?.value : nil
        }
    }

    static func listen(_ configuration: inout ServerConfiguration) {
        configuration.adminAddresses = [.ipv4(host: "127.0.0.1", port: 0)]
        // An answer to operators has five ticks.
        configuration.transport.tickMilliseconds = 60_000
    }

    static func ask(_ server: TestServer, _ request: Request) throws -> Response {
        let address = try #require(server.server.adminAddresses.first)
        return try Client(to: address).exchange(request)
    }

    static func page(_ server: TestServer) throws -> Page {
        var response = try ask(server, .get("/metrics"))
        // Where ticks are short a busy machine may need more than five of them.
        while response.status == 503 { response = try ask(server, .get("/metrics")) }
        #expect(response.status == 200)
        #expect(response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return Page(response.text)
    }

    @Test func `Requests are counted by method, route and status, and calls by their tool`()
        async throws
    {
        try await withServer(loopCount: 2, Self.listen) { server in
            let token = try token()
            for _ in 0..<7 { _ = try server.exchange(.call("whoami"), token: token) }
            for _ in 0..<3 { _ = try server.exchange(.call("fail"), token: token) }
            _ = try server.exchange(.call("nothing-of-the-kind"), token: token)
            _ = try server.exchange(.modern("tools/list"), token: nil)
            _ = try server.exchange(.legacy("ping"), token: token)
            _ = try server.exchange(.get("/somewhere"))
            let page = try Self.page(server)
            let count = "http_server_request_duration_seconds_count"
            let post = #"http_request_method="POST""#
            #expect(page.value(count, post, #"http_response_status_code="200""#) == 11)
            #expect(page.value(count, post, #"http_response_status_code="401""#) == 1)
            #expect(page.value(count, #"http_route="other""#) == 1)
            #expect(page.value(count, #"error_type="401""#) == 1)
            #expect(page.value(count, #"error_type="200""#) == nil)
            let operations = "mcp_server_operation_duration_seconds_count"
            #expect(page.value(operations, #"gen_ai_tool_name="whoami""#) == 7)
            #expect(page.value(operations, #""fail""#, #"error_type="500""#) == 3)
            #expect(page.value(operations, #""other""#, #"error_type="400""#) == 1)
            #expect(page.value(operations, #"mcp_method_name="ping""#) == 1)
            #expect(!page.text.contains("nothing-of-the-kind"))
            #expect(page.value("martlet_refusals_total", #"reason="no_credentials""#) == 1)
            #expect(page.value("martlet_refusals_total", #"reason="rate_limited""#) == 0)
            let hits = page.value("martlet_tokens_total", #"cache="hit""#) ?? 0
            let misses = page.value("martlet_tokens_total", #"cache="miss""#) ?? 0
            #expect(hits + misses == 12)
            #expect((1...2).contains(misses))
            #expect((page.value("process_memory_usage_bytes") ?? 0) > 1_000_000)
            #expect((page.value("process_unix_file_descriptor_count") ?? 0) > 5)
            #expect(page.value("process_cpu_time_seconds_total", "user") != nil)
        }
    }

    @Test func `What goes on is told while it goes on`() async throws {
        try await withServer(Self.listen) { server in
            let waiting = try server.connect()
            try waiting.send(.message(.call("wait"), token: token()))
            await server.gate.wait(forArrivals: 1)
            let running = try Self.page(server)
            #expect(running.value("martlet_calls") == 1)
            #expect((running.value("martlet_connections") ?? 0) >= 1)
            server.gate.open()
            #expect(try waiting.receive().status == 200)
            #expect(try Self.page(server).value("martlet_calls") == 0)
        }
    }

    @Test func `A call whose client leaves is counted as cancelled, once`() async throws {
        try await withServer(Self.listen) { server in
            let client = try server.connect()
            try client.send(.message(.call("wait"), token: token()))
            await server.gate.wait(forArrivals: 1)
            client.socket.close()
            await server.journal.wait(for: "cancelled")
            let page = try Self.page(server)
            #expect(
                page.value(
                    "mcp_server_operation_duration_seconds_count",
                    #"error_type="cancelled""#
                ) == 1
            )
        }
    }

    @Test func `Health and readiness are told there as well, and nothing else is served`()
        async throws
    {
        try await withServer(Self.listen) { server in
            let write = Request.message(.call("write"), token: try token())
            for (request, status) in [
                (Request.get("/healthz"), 200), (.get("/readyz"), 200), (.get("/mcp"), 404),
                (write, 405),
            ] {
                let response = try Self.ask(server, request)
                #expect(response.status == status, "\(request.target)")
            }
            #expect(try server.exchange(.get("/metrics")).status == 404)
            let rebound = Request.get("/metrics").with { $0.host = "evil.example:9464" }
            #expect(try Self.ask(server, rebound).status == 421)
            let numeric = Request.get("/metrics").with { $0.host = "192.0.2.1:9464" }
            #expect(try Self.ask(server, numeric).status == 200)
        }
    }

    @Test func `Without addresses for operators nothing is counted and nobody listens`()
        async throws
    {
        try await withServer { server in
            #expect(server.server.adminAddresses.isEmpty)
        }
    }
}
