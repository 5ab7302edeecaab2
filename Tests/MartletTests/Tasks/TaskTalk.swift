import ProtocolTestSupport
import TestSupport
import Testing

/// A client that speaks the tasks extension; what it hears is checked against its schema.
struct TaskTalk {
    let server: TestServer
    let token: String

    static let meta = StreamTalk.meta(
        capabilities: """
            {"elicitation":{},"extensions":{"io.modelcontextprotocol/tasks":{}}}
            """
    )

    init(_ server: TestServer, _ token: String? = nil) throws {
        self.server = server
        self.token = try token ?? MartletTests.token()
    }

    func call(
        _ tool: String,
        _ arguments: String = "{}",
        meta: String = meta
    ) throws -> Response {
        try server.exchange(.call(tool, arguments: arguments, meta: meta), token: token)
    }

    /// Begins a task.
    ///
    /// - Returns: Its id.
    func begin(_ tool: String, _ arguments: String = "{}") throws -> String {
        let response = try call(tool, arguments)
        try TaskSchema.checkResult(response.text, "CreateTaskResult")
        #expect(response.status == 200)
        #expect(response.result?["resultType"]?.string == "task")
        #expect(response.result?["status"]?.string == "working")
        return try #require(response.result?["taskId"]?.string, "\(response.text)")
    }

    func request(_ method: String, _ id: String, _ params: String = "") throws -> Response {
        let more = params.isEmpty ? "" : ",\(params)"
        let message = Message.modern(
            method,
            params: #""taskId":"\#(id)""# + more,
            meta: Self.meta
        ).adding("Mcp-Name", id)
        return try server.exchange(message, token: token)
    }

    func get(_ id: String) throws -> Response {
        let response = try request("tasks/get", id)
        if response.status == 200 {
            try TaskSchema.checkResult(response.text, "GetTaskResult")
            #expect(response.result?["resultType"]?.string == "complete")
            #expect(response.result?["taskId"]?.string == id)
        }
        return response
    }

    /// Asks until the task has this status.
    func wait(_ id: String, for status: String) async throws -> JSONTree {
        var last: JSONTree?
        try await eventually {
            last = try? get(id).result
            return last?["status"]?.string == status
        }
        return try #require(last)
    }

    func cancel(_ id: String) throws -> Response {
        let response = try request("tasks/cancel", id)
        if response.status == 200 {
            try TaskSchema.checkResult(response.text, "CancelTaskResult")
        }
        return response
    }

    func update(_ id: String, _ answers: String) throws -> Response {
        let response = try request("tasks/update", id, #""inputResponses":\#(answers)"#)
        if response.status == 200 {
            try TaskSchema.checkResult(response.text, "UpdateTaskResult")
        }
        return response
    }

    /// Opens a stream that tells of tasks.
    ///
    /// - Returns: The stream, and the ids that were acknowledged.
    func listen(_ ids: [String]) throws -> (client: Client, acknowledged: [String]) {
        let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
        let message = Message.modern(
            "subscriptions/listen",
            params: #""notifications":{"taskIds":[\#(list)]}"#,
            meta: Self.meta
        )
        let client = try server.connect()
        #expect(try client.exchange(.message(message, token: token)).status == 200)
        let event = try #require(try client.receiveEvent())
        #expect(event.method == "notifications/subscriptions/acknowledged")
        let acknowledged = event.json?["params"]?["notifications"]?["taskIds"]
        return (client, acknowledged?.elements.compactMap(\.string) ?? [])
    }

    /// What the next notification says of its task.
    func news(_ client: Client) throws -> JSONTree {
        let event = try #require(try client.receiveEvent())
        #expect(event.method == "notifications/tasks")
        try TaskSchema.check(event.data, "TaskStatusNotification")
        let params = try #require(event.json?["params"])
        #expect(params["_meta"]?["io.modelcontextprotocol/subscriptionId"]?.integer == 1)
        return params
    }
}
