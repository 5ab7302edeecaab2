import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Tasks over standard input and output (ext-tasks 2026-07-28)", .timeLimit(.minutes(2)))
struct StdioTaskTests {
    private func call(_ tool: String, id: Int, meta: String = TaskTalk.meta) -> String {
        Message.modern("tools/call", params: #""name":"\#(tool)""#, meta: meta, id: "\(id)").body
    }

    private func request(_ method: String, _ task: String, _ more: String = "") -> String {
        let params = #""taskId":"\#(task)""# + (more.isEmpty ? "" : ",\(more)")
        return Message.modern(method, params: params, meta: TaskTalk.meta, id: "9").body
    }

    private func begin(_ tool: String, _ talk: StdioTalk) throws -> String {
        let result = try talk.exchange(call(tool, id: 1))["result"]
        #expect(result?["resultType"]?.string == "task")
        return try #require(result?["taskId"]?.string)
    }

    /// Asks until the task has this status.
    private func wait(
        _ task: String,
        for status: String,
        _ talk: StdioTalk
    ) async throws -> JSONTree {
        var last: JSONTree?
        try await eventually {
            last = try? talk.exchange(request("tasks/get", task))["result"]
            return last?["status"]?.string == status
        }
        return try #require(last)
    }

    @Test func `A task is begun, asks, is answered and has its result`() async throws {
        let talk = try StdioTalk(features: .long)
        let task = try begin("ask", talk)
        for key in ["name", "name-2"] {
            try await eventually {
                let asked = try? talk.exchange(request("tasks/get", task))["result"]
                return asked?["inputRequests"]?[key] != nil
            }
            let answers = #""inputResponses":{"\#(key)":{"action":"decline"}}"#
            let taken = try talk.exchange(request("tasks/update", task, answers))
            #expect(taken["result"]?["resultType"]?.string == "complete")
        }
        let ended = try await wait(task, for: "completed", talk)
        let text = ended["result"]?["content"]?[0]?["text"]?.string
        #expect(text == "Hello, decline and decline!")
        try talk.endInput()
        #expect(try await talk.finish() == [])
    }

    @Test func `A task is cancelled, and who does not speak of tasks is answered with results`()
        async throws
    {
        let talk = try StdioTalk(features: .long)
        let task = try begin("dig", talk)
        await talk.gate.wait(forArrivals: 1)
        #expect(try talk.exchange(request("tasks/cancel", task))["result"] != nil)
        await talk.journal.wait(for: "cancelled")
        #expect(try await wait(task, for: "cancelled", talk)["result"] == nil)
        let unknown = try talk.exchange(request("tasks/get", "none"))
        #expect(unknown["error"]?["code"]?.integer == -32_602)
        talk.gate.open()
        #expect(try talk.exchange(call("dig", id: 2, meta: Message.meta)).toolText == "dug")
        try talk.endInput()
        #expect(try await talk.finish() == [])
    }

    @Test func `Where a task stands is told on the lines of the subscription that names it`()
        async throws
    {
        let talk = try StdioTalk(features: .long)
        let task = try begin("dig", talk)
        let filter = #""notifications":{"taskIds":["\#(task)","none"]}"#
        let listen = Message.modern(
            "subscriptions/listen",
            params: filter,
            meta: TaskTalk.meta,
            id: #""s""#
        ).body
        let acknowledged = try talk.exchange(listen)
        #expect(acknowledged.subscription?.string == "s")
        let promised = acknowledged["params"]?["notifications"]?["taskIds"]?.elements
        #expect(promised?.compactMap(\.string) == [task])
        #expect(try talk.receive()?["params"]?["status"]?.string == "working")
        talk.gate.open()
        var last: JSONTree?
        repeat {
            last = try talk.receive()
            #expect(last?.method == "notifications/tasks" && last?.subscription?.string == "s")
        } while last?["params"]?["status"]?.string == "working"
        #expect(last?["params"]?["status"]?.string == "completed")
        try talk.endInput()
        // The end of the subscription.
        #expect(try await talk.finish().count == 2)
    }

    @Test func `The end of the input interrupts a task and waits for its tool`() async throws {
        let store = MemoryTaskStore()
        let talk = try StdioTalk(features: .long) { $0.taskStore = store }
        let task = try begin("dig", talk)
        await talk.gate.wait(forArrivals: 1)
        try talk.endInput()
        await talk.journal.wait(for: "cancelled")
        talk.gate.open()
        #expect(try await talk.finish() == [])
        #expect(talk.journal.count(of: "finished") == 1)
        // The next process with the same store tells how it ended.
        let next = try StdioTalk(features: .long) { $0.taskStore = store }
        #expect(try await wait(task, for: "failed", next)["error"] != nil)
        try next.endInput()
        _ = try await next.finish()
    }
}
