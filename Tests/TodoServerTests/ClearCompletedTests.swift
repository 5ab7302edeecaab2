import Bytes
import JSON
import MCP
import ProtocolTestSupport
import Synchronization
import Testing
import Todos

@Suite("clear_completed")
struct ClearCompletedTests {
    private static let asking = #"{"elicitation":{}}"#
    private static let legacy = SessionState(version: .v2025_11_25, capabilities: .elicitation)

    private let server: TodoServerFixture

    init() throws {
        server = try TodoServerFixture()
    }

    /// Somebody with so many completed to-dos, and one that is open.
    private func agent(completed count: Int) async throws -> TodoAgent {
        let ada = try server.agent()
        try await ada.addMany(count + 1)
        for id in 1..<(count + 1) { try await ada.complete(id) }
        return ada
    }

    private func message(
        _ arguments: String = "{}",
        capabilities: String = ClearCompletedTests.asking,
        answer: String? = nil,
        state: String? = nil
    ) -> Message {
        var params = #""name":"clear_completed","arguments":\#(arguments)"#
        if let answer { params += #","inputResponses":{"confirm":\#(answer)}"# }
        if let state { params += #","requestState":"\#(state)""# }
        return Message.modern(
            "tools/call",
            params: params,
            meta: TodoAgent.meta(capabilities: capabilities)
        )
        .adding("Mcp-Name", "clear_completed")
    }

    private func result(_ agent: TodoAgent, _ message: Message) async throws -> JSONTree {
        let response = try await agent.response(to: message)
        return try #require(response["result"], "\(response)")
    }

    /// The state that the client carries, once it has been asked.
    private func state(
        _ agent: TodoAgent,
        _ arguments: String = "{}",
        count: Int
    ) async throws -> String {
        let asked = try await result(agent, message(arguments))
        #expect(asked["resultType"]?.string == "input_required")
        let request = asked["inputRequests"]?["confirm"]
        #expect(request?["method"]?.string == "elicitation/create")
        let params = request?["params"]
        #expect(params?["message"]?.string?.contains("\(count) completed to-dos") == true)
        let confirm = params?["requestedSchema"]?["properties"]?["confirm"]
        #expect(confirm?["type"]?.string == "boolean")
        return try #require(asked["requestState"]?.string)
    }

    private let yes = #"{"action":"accept","content":{"confirm":true}}"#

    @Test func `More than one is deleted once the user agrees, in the modern era`() async throws {
        let ada = try await agent(completed: 3)
        let state = try await state(ada, count: 3)
        #expect(try await ada.ids() == [1, 2, 3, 4])
        let done = try await result(ada, message(answer: yes, state: state))
        #expect(done["structuredContent"]?["deleted"]?.integer == 3)
        #expect(done["structuredContent"]?["has_more"]?.bool == false)
        try ada.checkStructure(of: done, "clear_completed")
        #expect(try await ada.ids() == [4])
    }

    @Test func `More than one is deleted once the user agrees, in the legacy era`() async throws {
        let ada = try await agent(completed: 3)
        let link = RecordingLink { request throws(RequestFailure) in
            #expect(request.capability == .elicitation)
            return RawJSON(unchecked: .init(#"{"action":"accept","content":{"confirm":true}}"#))
        }
        let response = try await ada.response(
            to: .legacy("tools/call", params: #""name":"clear_completed""#),
            session: Self.legacy,
            link: link
        )
        let content = response["result"]?["structuredContent"]
        #expect(content?["deleted"]?.integer == 3)
        #expect(link.askedCount == 1)
        #expect(try await ada.ids() == [4])
    }

    @Test(arguments: [
        #"{"action":"decline"}"#, #"{"action":"cancel"}"#,
        #"{"action":"accept","content":{"confirm":false}}"#,
    ])
    func `Whoever does not agree loses nothing, and that is no error`(answer: String) async throws {
        let ada = try await agent(completed: 2)
        let state = try await state(ada, count: 2)
        let declined = try await result(ada, message(answer: answer, state: state))
        #expect(declined["isError"]?.bool != true)
        #expect(declined["structuredContent"]?["deleted"]?.integer == 0)
        let text = declined["structuredContent"]?["message"]?.string
        #expect(text?.contains("nothing was deleted") == true)
        try ada.checkStructure(of: declined, "clear_completed")

        let link = RecordingLink { [answer] _ throws(RequestFailure) in
            RawJSON(unchecked: .init(answer))
        }
        let response = try await ada.response(
            to: .legacy("tools/call", params: #""name":"clear_completed""#),
            session: Self.legacy,
            link: link
        )
        #expect(response["result"]?["isError"]?.bool != true)
        #expect(response["result"]?["structuredContent"]?["deleted"]?.integer == 0)
        #expect(try await ada.ids() == [1, 2, 3])
    }

    @Test func `Whoever declines does not lose the only one that is left either`() async throws {
        let ada = try await agent(completed: 2)
        let state = try await state(ada, count: 2)
        _ = try await ada.call("delete_todo", #"{"id":1}"#)
        let declined = try await result(
            ada,
            message(answer: #"{"action":"decline"}"#, state: state)
        )
        #expect(declined["structuredContent"]?["deleted"]?.integer == 0)
        #expect(try await ada.ids() == [2, 3])
    }

    @Test func `None and one need no consent`() async throws {
        let ada = try await agent(completed: 1)
        for count in [1, 0] {
            let done = try await result(ada, message(capabilities: "{}"))
            #expect(done["structuredContent"]?["deleted"]?.integer == count)
            try ada.checkStructure(of: done, "clear_completed")
        }
        #expect(try await ada.ids() == [2])
    }

    @Test func `What is completed while the user is asked is not deleted along`() async throws {
        let ada = try await agent(completed: 2)
        let state = try await state(ada, count: 2)
        try await ada.complete(3)
        var refused = try await result(ada, message(answer: yes, state: state))
        #expect(refused["isError"]?.bool == true)
        #expect(refused["content"]?[0]?["text"]?.string?.contains("nothing was deleted") == true)
        // As many as before, and others.
        _ = try await ada.call("delete_todo", #"{"id":1}"#)
        refused = try await result(ada, message(answer: yes, state: state))
        #expect(refused["isError"]?.bool == true)
        #expect(try await ada.ids() == [2, 3])
    }

    @Test func `The state of one question answers no other call`() async throws {
        let ada = try await agent(completed: 2)
        let state = try await state(ada, count: 2)
        let bob = try server.agent("bob")
        for (agent, arguments) in [(bob, "{}"), (ada, #"{"confirmed_count":2}"#)] {
            let response = try await agent.response(
                to: message(arguments, answer: yes, state: state)
            )
            #expect(response["error"] != nil, "\(response)")
        }
        #expect(try await ada.ids() == [1, 2, 3])
    }

    @Test func `A client that cannot ask is told what to do, with the number`() async throws {
        let ada = try await agent(completed: 2)
        let refused = try await result(ada, message(capabilities: "{}"))
        #expect(refused["isError"]?.bool == true)
        let text = refused["content"]?[0]?["text"]?.string ?? ""
        #expect(text.contains("one by one"))
        #expect(text.contains("confirmed_count: 2"))
        #expect(try await ada.ids() == [1, 2, 3])
    }

    @Test func `A number that is right stands for the consent where nobody can be asked`()
        async throws
    {
        let ada = try await agent(completed: 2)
        for wrong in [0, 1, 3] {
            let refused = try await result(
                ada,
                message(#"{"confirmed_count":\#(wrong)}"#, capabilities: "{}")
            )
            #expect(refused["isError"]?.bool == true)
            let text = refused["content"]?[0]?["text"]?.string ?? ""
            #expect(text.contains("2 completed to-dos"))
        }
        #expect(try await ada.ids() == [1, 2, 3])
        let done = try await result(ada, message(#"{"confirmed_count":2}"#, capabilities: "{}"))
        #expect(done["structuredContent"]?["deleted"]?.integer == 2)
        #expect(try await ada.ids() == [3])
    }

    @Test func `A number does not stand for a user who can be asked`() async throws {
        let ada = try await agent(completed: 2)
        let asked = try await result(ada, message(#"{"confirmed_count":2}"#))
        #expect(asked["resultType"]?.string == "input_required")
        #expect(try await ada.ids() == [1, 2, 3])
    }

    @Test func `A retry under its key returns the first result, from wherever it starts`()
        async throws
    {
        let ada = try await agent(completed: 2)
        let arguments = #"{"idempotency_key":"k"}"#
        let state = try await state(ada, arguments, count: 2)
        let answered = message(arguments, answer: yes, state: state)
        let first = try await result(ada, answered)
        #expect(first["structuredContent"]?["deleted"]?.integer == 2)
        try await ada.complete(3)
        for again in [answered, message(arguments), message(arguments, capabilities: "{}")] {
            #expect(
                try await result(ada, again)["structuredContent"] == first["structuredContent"]
            )
        }
        #expect(try await ada.ids() == [3])
    }

    @Test func `A key is not used up by a question, nor by a refusal`() async throws {
        let ada = try await agent(completed: 2)
        let arguments = #"{"idempotency_key":"k"}"#
        let state = try await state(ada, arguments, count: 2)
        _ = try await result(
            ada,
            message(arguments, answer: #"{"action":"decline"}"#, state: state)
        )
        _ = try await result(ada, message(arguments, capabilities: "{}"))
        let done = try await result(
            ada,
            message(#"{"idempotency_key":"k","confirmed_count":2}"#, capabilities: "{}")
        )
        #expect(done["structuredContent"]?["deleted"]?.integer == 2)
    }

    @Test func `Two answers to two questions delete once`() async throws {
        let ada = try await agent(completed: 2)
        let (one, two) = (try await state(ada, count: 2), try await state(ada, count: 2))
        let first = try await result(ada, message(answer: yes, state: one))
        let second = try await result(ada, message(answer: yes, state: two))
        #expect(first["structuredContent"]?["deleted"]?.integer == 2)
        #expect(second["isError"]?.bool == true)
        #expect(try await ada.ids() == [3])
    }

    @Test func `Another workspace's completed to-dos are neither counted nor deleted`()
        async throws
    {
        let ada = try await agent(completed: 2)
        let eve = try server.agent("eve", workspace: "elsewhere")
        let done = try await result(eve, message())
        #expect(done["structuredContent"]?["deleted"]?.integer == 0)
        #expect(try await ada.ids() == [1, 2, 3])
    }
}
