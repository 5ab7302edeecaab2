import ProtocolTestSupport
import Testing

/// Requests that end in streams, of either era.
struct StreamTalk {
    let server: TestServer
    let token: String

    init(_ server: TestServer, _ token: String? = nil) throws {
        self.server = server
        self.token = try token ?? MartletTests.token()
    }

    /// `_meta` of a modern request with more in it.
    static func meta(_ members: String = "", capabilities: String = "{}") -> String {
        """
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientCapabilities":\(capabilities)\
        \(members.isEmpty ? "" : ",")\(members)}
        """
    }

    func modern(_ tool: String, _ meta: String, params: String = "") throws -> Response {
        let more = params.isEmpty ? "" : ",\(params)"
        let message = Message.modern(
            "tools/call",
            params: "\"name\":\"\(tool)\"\(more)",
            meta: meta
        ).adding("Mcp-Name", tool)
        return try server.exchange(message, token: token)
    }

    /// A legacy session of a client with these capabilities.
    func beginSession(
        _ version: String = "2025-11-25",
        capabilities: String = "{}"
    ) throws -> String {
        let message = Message.legacy(
            "initialize",
            params: """
                "protocolVersion":"\(version)","capabilities":\(capabilities),\
                "clientInfo":{"name":"test","version":"1"}
                """
        )
        return try #require(try server.exchange(message, token: token)["Mcp-Session-Id"])
    }

    func request(
        _ session: String,
        _ method: String,
        _ params: String? = nil,
        id: String? = "1"
    ) -> Request {
        .message(.legacy(method, params: params, id: id), token: token)
            .adding("Mcp-Session-Id", session)
    }

    /// Answers a request of the server.
    func reply(_ session: String, to event: StreamEvent, _ result: String) throws {
        let id = try #require(event.json?["id"]?.string)
        let body = #"{"jsonrpc":"2.0","id":"\#(id)","result":\#(result)}"#
        let message = Request.message(Message(body: body), token: token)
            .adding("Mcp-Session-Id", session)
        #expect(try server.exchange(message).status == 202)
    }

    func get(_ session: String, lastEventID: String? = nil) -> Request {
        let request = Request(method: "GET")
            .adding("Authorization", "Bearer \(token)")
            .adding("Accept", "text/event-stream")
            .adding("Mcp-Session-Id", session)
        return lastEventID.map { request.adding("Last-Event-ID", $0) } ?? request
    }

    /// Opens the stream of a session of 2025-11-25.
    ///
    /// - Returns: Its connection and the id of the event that primes it.
    func listen(
        _ session: String,
        lastEventID: String? = nil
    ) throws -> (client: Client, primingID: String) {
        let client = try open(get(session, lastEventID: lastEventID))
        let priming = try #require(try client.receiveEvent())
        #expect(priming.data.isEmpty)
        return (client, try #require(priming.id))
    }

    func delete(_ session: String) throws -> Response {
        try server.exchange(
            Request(method: "DELETE")
                .adding("Authorization", "Bearer \(token)")
                .adding("Mcp-Session-Id", session)
        )
    }

    /// Opens a stream and gives back its connection, past the head.
    func open(_ request: Request) throws -> Client {
        let client = try server.connect()
        let head = try client.exchange(request)
        #expect(head.status == 200)
        #expect(head["Content-Type"] == "text/event-stream")
        #expect(head["X-Accel-Buffering"] == "no")
        return client
    }
}
