import AccessControl
import Bytes
import JSON
import JSONSchema
import MCP
import ProtocolTestSupport
import Testing

@Suite("Requests of the tasks extension (ext-tasks 2026-07-28)")
struct TaskDispatchTests {
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture(tools: [.list, .dig, .drill])
    }

    private static let declaring = meta(#"{"extensions":{"io.modelcontextprotocol/tasks":{}}}"#)

    private static func meta(_ capabilities: String) -> String {
        """
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientCapabilities":\(capabilities)}
        """
    }

    private func request(
        _ method: String,
        _ params: String = "",
        meta: String = declaring
    ) -> Message {
        let more = params.isEmpty ? "" : ",\(params)"
        return .modern(method, params: #""taskId":"x""# + more, meta: meta)
            .adding("Mcp-Name", "x")
    }

    @Test func `A tool's call becomes a task for a client that declares the extension only`()
        throws
    {
        for (tool, meta, isTask) in [
            ("dig", Self.declaring, true), ("dig", Message.meta, false),
            ("dig", Self.meta(#"{"extensions":{"io.modelcontextprotocol/tasks":true}}"#), false),
            ("dig", Self.meta(#"{"extensions":{"io.modelcontextprotocol/ui":{}}}"#), false),
            ("list", Self.declaring, false), ("drill", Self.declaring, true),
        ] {
            let call = try fixture.answer(to: .call(tool, meta: meta)).call
            #expect(call?.runsAsTask == isTask, "\(tool) \(meta)")
        }
        let legacy = try fixture.answer(
            to: .legacy("tools/call", params: #""name":"dig""#),
            session: .v2025_11_25
        )
        #expect(legacy.call?.runsAsTask == false)
    }

    @Test func `A tool that is nothing but a task refuses a client without the extension`() throws {
        let answer = try fixture.answer(to: .call("drill"))
        #expect(answer.statusCode == 400)
        #expect(answer.errorCode == -32_021)
        let required = answer.json?["error"]?["data"]?["requiredCapabilities"]
        #expect(required == (try JSONTree(#"{"extensions":{"io.modelcontextprotocol/tasks":{}}}"#)))
        let legacy = try fixture.answer(
            to: .legacy("tools/call", params: #""name":"drill""#),
            session: .v2025_11_25
        )
        #expect(legacy.result?["isError"]?.bool == true)
    }

    @Test func `The extension is advertised by a server that has such tools, in the modern era`()
        throws
    {
        let discover = Message.modern("server/discover")
        let advertised = try fixture.answer(to: discover).result?["capabilities"]?["extensions"]
        #expect(advertised == (try JSONTree(#"{"io.modelcontextprotocol/tasks":{}}"#)))
        let other = try Fixture().answer(to: discover).result?["capabilities"]
        #expect(other != nil && other?["extensions"] == nil)
        let legacy = try fixture.answer(to: .initialize("2025-11-25")).result?["capabilities"]
        #expect(legacy != nil && legacy?["extensions"] == nil)
    }

    @Test(arguments: ["tasks/get", "tasks/update", "tasks/cancel"])
    func `What is asked of a task is checked up to the task itself`(method: String) throws {
        let params = method == "tasks/update" ? #""inputResponses":{}"# : ""
        let answer = try fixture.answer(to: request(method, params))
        guard case .task(let asked) = answer.dispatch else {
            Issue.record("\(answer.text)")
            return
        }
        #expect(asked.taskID == TaskID("x"))

        let undeclared = try fixture.answer(to: request(method, params, meta: Message.meta))
        #expect(undeclared.errorCode == -32_021)
        #expect(undeclared.statusCode == 400)

        let nameless = try fixture.answer(to: request(method, params).without("Mcp-Name"))
        #expect(nameless.errorCode == -32_020)
        let other = try fixture.answer(to: request(method, params).having("Mcp-Name", "y"))
        #expect(other.errorCode == -32_020)

        let unserved = try Fixture().answer(to: request(method, params))
        #expect(unserved.errorCode == -32_601)
        #expect(unserved.statusCode == 404)
        let legacy = try fixture.answer(
            to: .legacy(method, params: #""taskId":"x""#),
            session: .v2025_11_25
        )
        #expect(legacy.errorCode == -32_601)
    }

    @Test func `An update without answers is malformed`() throws {
        for params in ["", #""inputResponses":[]"#, #""inputResponses":"yes""#] {
            let answer = try fixture.answer(to: request("tasks/update", params))
            #expect(answer.errorCode == -32_602, "\(params)")
        }
    }

    @Test func `Whoever may call no tool hears of no task, before the body and after it`() throws {
        let nobody = fixture.principal(roles: ["nobody"])
        for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
            let message = request(method, #""inputResponses":{}"#)
            let fields = MirroredFields(message.fields)
            #expect(fixture.dispatcher.decisionBeforeBody(fields, of: nobody).isRefusal)
            #expect(try fixture.answer(to: message, as: nobody).refusal?.isRefusal == true)
            #expect(fixture.dispatcher.decisionBeforeBody(fields, of: fixture.admin) == .allowed)
        }
    }

    @Test func `Listening to tasks needs the extension too`() throws {
        func listen(_ meta: String, _ ids: String) throws -> Answer {
            let filter = #""notifications":{"toolsListChanged":true,"taskIds":\#(ids)}"#
            return try fixture.answer(
                to: .modern("subscriptions/listen", params: filter, meta: meta)
            )
        }
        guard case .listen(let request) = try listen(Self.declaring, #"["a","b"]"#).dispatch else {
            Issue.record("no stream")
            return
        }
        #expect(request.filter.taskIDs == [TaskID("a"), TaskID("b")])
        #expect(try listen(Message.meta, #"["a"]"#).errorCode == -32_021)
        // Nothing of the extension is asked for.
        guard case .listen = try listen(Message.meta, "[]").dispatch else {
            Issue.record("refused")
            return
        }
        for ids in [#""a""#, "[1]", "{}"] {
            #expect(try listen(Self.declaring, ids).errorCode == -32_602, "\(ids)")
        }
        for (count, code) in [(100, nil), (101, -32_602)] {
            let ids = (0..<count).map { "\"\($0)\"" }.joined(separator: ",")
            #expect(try listen(Self.declaring, "[\(ids)]").errorCode == code, "\(count)")
        }
    }
}

extension Tool {
    /// Runs as a task for those who know of tasks.
    fileprivate static let dig = Tool(
        name: "dig",
        description: "Digs.",
        input: ObjectSchema([]),
        permission: .readTodos,
        taskSupport: .optional
    ) { _, _ in .text("dug") }

    /// Runs as a task or not at all.
    fileprivate static let drill = Tool(
        name: "drill",
        description: "Drills.",
        input: ObjectSchema([]),
        permission: .readTodos,
        taskSupport: .required
    ) { _, _ in .text("drilled") }
}
