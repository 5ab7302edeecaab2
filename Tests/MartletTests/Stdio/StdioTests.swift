import JSONSchema
import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Standard input and output (MCP, Transports, stdio)", .timeLimit(.minutes(2)))
struct StdioTests {
    private let elicitation = #"{"elicitation":{}}"#

    private func call(_ tool: String, id: String, meta: String = Message.meta) -> String {
        Message.modern("tools/call", params: #""name":"\#(tool)""#, meta: meta, id: id).body
    }

    private func listen(id: String, _ filter: String = #"{"toolsListChanged":true}"#) -> String {
        Message.modern("subscriptions/listen", params: "\"notifications\":\(filter)", id: id).body
    }

    private func cancel(_ id: String) -> String {
        Message.legacy("notifications/cancelled", params: "\"requestId\":\(id)", id: nil).body
    }

    @Test func `Lines are answered with lines until the input ends`() async throws {
        let talk = try StdioTalk()
        let list = try talk.exchange(Message.modern("tools/list", id: #""a""#).body)
        #expect(list["id"]?.string == "a" && list["result"]?["tools"] != nil)
        #expect(try talk.exchange(call("region", id: "2")).toolText == "none")
        try talk.endInput()
        #expect(try await talk.finish() == [])
    }

    @Test func `What is no message is told, and the next line is answered all the same`()
        async throws
    {
        let talk = try StdioTalk { $0.transport.bodyByteCountMax = 500 }
        try talk.write("\n  \r\n{garbage\n")
        #expect(try talk.receive()?["error"]?["code"]?.integer == -32_700)
        try talk.write(String(repeating: "x", count: 20_000))
        let tooLong = try #require(try talk.receive())
        #expect(tooLong["error"]?["code"]?.integer == -32_600 && tooLong["id"] == nil)
        try talk.write("still the same line\n")
        #expect(try talk.exchange(call("region", id: "3")).toolText == "none")
        try talk.write(#"{"jsonrpc":"2.0","id""#)
        try talk.endInput()
        let rest = try await talk.finish()
        #expect(rest.map { $0["error"]?["code"]?.integer } == [-32_700])
    }

    @Test func `Requests are answered as they finish, and one that is running when the input ends`()
        async throws
    {
        let talk = try StdioTalk()
        try talk.send(call("wait", id: "1"), call("region", id: "2"))
        #expect(try talk.receive()?["id"]?.integer == 2)
        try talk.endInput()
        await talk.gate.wait(forArrivals: 1)
        talk.gate.open()
        let rest = try await talk.finish()
        #expect(rest.map(\.toolText) == ["waited"])
    }

    @Test(arguments: [true, false])
    func `A request that is taken back gets no response, in either era`(
        isModern: Bool
    ) async throws {
        let talk = try StdioTalk()
        if !isModern { try talk.beginSession() }
        let waiting = Message.legacy("tools/call", params: #""name":"wait""#, id: "7").body
        try talk.send(isModern ? call("wait", id: "7") : waiting)
        await talk.gate.wait(forArrivals: 1)
        try talk.send(cancel("7"))
        await talk.journal.wait(for: "cancelled")
        talk.gate.open()
        try talk.endInput()
        #expect(try await talk.finish() == [])
    }

    @Test func `An id that is in use is refused, and is free again afterwards`() async throws {
        let talk = try StdioTalk()
        try talk.send(call("wait", id: "1"))
        await talk.gate.wait(forArrivals: 1)
        #expect(try talk.exchange(call("region", id: "1"))["error"]?["code"]?.integer == -32_600)
        talk.gate.open()
        #expect(try talk.receive()?.toolText == "waited")
        #expect(try talk.exchange(call("region", id: "1")).toolText == "none")
        try talk.endInput()
        _ = try await talk.finish()
    }

    @Test func `Progress and log messages are lines before the response`() async throws {
        let talk = try StdioTalk()
        let meta = StdioTests.meta(#""progressToken":"p""#)
        try talk.send(call("report", id: "1", meta: meta))
        for step in 1...3 {
            let progress = try talk.receive()
            #expect(progress?.method == "notifications/progress")
            #expect(progress?["params"]?["progress"]?.integer == step)
            #expect(progress?["params"]?["progressToken"]?.string == "p")
        }
        #expect(try talk.receive()?.toolText == "reported")
        let logMeta = StdioTests.meta(#""io.modelcontextprotocol/logLevel":"error""#)
        try talk.send(call("log", id: "2", meta: logMeta))
        #expect(try talk.receive()?["params"]?["level"]?.string == "error")
        #expect(try talk.receive()?.toolText == "logged")
        try talk.endInput()
        _ = try await talk.finish()
    }

    private static func meta(_ member: String) -> String {
        "\(Message.meta.dropLast()),\(member)}"
    }

    @Test func `Subscriptions share the output, each under its id, and end with result and notice`()
        async throws
    {
        let talk = try StdioTalk()
        let first = try talk.exchange(listen(id: "1"))
        #expect(first.method == "notifications/subscriptions/acknowledged")
        #expect(first.subscription?.integer == 1)
        let resource = listen(id: #""r""#, #"{"resourceSubscriptions":["test://text"]}"#)
        #expect(try talk.exchange(resource).subscription?.string == "r")
        _ = try talk.exchange(listen(id: "3"))
        try talk.send(cancel("3"), call("announce", id: "4"))
        var methods: Set<String> = []
        for _ in 0..<3 {
            let message = try #require(try talk.receive())
            guard let method = message.method else {
                #expect(message.toolText == "announced")
                continue
            }
            methods.insert("\(method) \(message.subscription?.string ?? "1")")
        }
        #expect(
            methods == [
                "notifications/tools/list_changed 1", "notifications/resources/updated r",
            ]
        )
        talk.stop()
        let rest = try await talk.finish()
        #expect(rest.count == 4)
        for id in [JSONTree.number("1"), .string("r")] {
            let result = rest.firstIndex { $0["id"] == id && $0["result"] != nil }
            let notice = rest.firstIndex {
                $0.method == "notifications/cancelled" && $0["params"]?["requestId"] == id
            }
            #expect(try #require(result) < #require(notice))
        }
    }

    @Test func `A legacy session keeps its version, log level and subscriptions`() async throws {
        let talk = try StdioTalk()
        try talk.beginSession()
        let set = Message.legacy("logging/setLevel", params: #""level":"error""#, id: "1").body
        #expect(try talk.exchange(set)["result"] == .object([:]))
        try talk.send(Message.legacy("tools/call", params: #""name":"log""#, id: "2").body)
        #expect(try talk.receive()?["params"]?["level"]?.string == "error")
        #expect(try talk.receive()?.toolText == "logged")
        let subscribe = Message.legacy(
            "resources/subscribe",
            params: #""uri":"test://text""#,
            id: "3"
        ).body
        #expect(try talk.exchange(subscribe)["result"] == .object([:]))
        try talk.send(Message.legacy("tools/call", params: #""name":"announce""#, id: "4").body)
        var seen: Set<String> = []
        for _ in 0..<3 { seen.insert(try #require(try talk.receive()).method ?? "answer") }
        #expect(
            seen == [
                "answer", "notifications/tools/list_changed", "notifications/resources/updated",
            ]
        )
        talk.stop()
        #expect(try await talk.finish() == [])
    }

    @Test func `A legacy client is asked over the same lines`() async throws {
        let talk = try StdioTalk()
        try talk.beginSession(capabilities: elicitation)
        try talk.send(Message.legacy("tools/call", params: #""name":"ask_name""#, id: "1").body)
        let question = try #require(try talk.receive())
        #expect(question.method == "elicitation/create")
        let id = try #require(question["id"]?.string)
        let result = #"{"action":"accept","content":{"name":"ada"}}"#
        try talk.send(#"{"jsonrpc":"2.0","id":"\#(id)","result":\#(result)}"#)
        #expect(try talk.receive()?.toolText == "Hello, ada!")
        // Nobody answers after the end.
        try talk.send(Message.legacy("tools/call", params: #""name":"ask_name""#, id: "2").body)
        #expect(try talk.receive()?.method == "elicitation/create")
        try talk.endInput()
        let rest = try await talk.finish()
        #expect(rest.map { $0["result"]?["isError"]?.bool } == [true])
    }

    @Test func `A batch of 2025-03-26 is answered with one array`() async throws {
        let talk = try StdioTalk()
        try talk.beginSession("2025-03-26")
        let messages = [
            Message.legacy("ping", id: "1").body,
            Message.legacy("notifications/initialized", id: nil).body,
            Message.legacy("tools/call", params: #""name":"region""#, id: "2").body,
            "[1]", "1",
        ]
        let answer = try talk.exchange("[\(messages.joined(separator: ","))]")
        #expect(answer.elements.count == 4)
        #expect(answer.elements.contains { $0.toolText == "none" })
        #expect(answer.elements.filter { $0["error"] != nil }.count == 2)
        try talk.endInput()
        #expect(try await talk.finish() == [])
    }

    @Test func `A client that does not read keeps nobody from stopping`() async throws {
        let talk = try StdioTalk(features: .large) { $0.drainSeconds = 3 }
        try talk.send(call("large", id: "1"))
        await talk.journal.wait(for: "made")
        talk.stop()
        try await talk.waitForEnd()
    }

    @Test func `A client that reads late gets every response and no more than fits meanwhile`()
        async throws
    {
        let talk = try StdioTalk(features: .large) { $0.transport.sendQueueHighWaterMark = 1_000 }
        for id in 1...5 { try talk.send(call("large", id: "\(id)")) }
        await talk.journal.wait(for: "made")
        // The first of them fills the pipe, so that the second is not even asked for.
        #expect(talk.journal.count(of: "made") == 1)
        for id in 1...5 { #expect(try talk.receive()?["id"]?.integer == id) }
        #expect(talk.journal.count(of: "made") == 5)
        try talk.endInput()
        #expect(try await talk.finish() == [])
    }
}

extension TestServer.FeatureSet {
    /// A tool whose result is larger than what a pipe holds.
    fileprivate static let large = TestServer.FeatureSet { parts in
        ServerFeatures(
            tools: [
                Tool(
                    name: "large",
                    description: "Says much.",
                    input: ObjectSchema([]),
                    permission: .readTodos
                ) { _, _ in
                    parts.journal.note("made")
                    return .text(String(repeating: "much ", count: 20_000))
                }
            ]
        )
    }
}
