import ProtocolTestSupport
import Testing
import Todos

@Suite("Idempotency keys of the to-do tools")
struct IdempotencyTests {
    private let server: TodoServerFixture

    init() throws {
        server = try TodoServerFixture()
    }

    private func count(_ agent: TodoAgent) async throws -> Int {
        let result = try await agent.call("list_todos")
        return try #require(result["structuredContent"]?["todos"]).elements.count
    }

    private let argument = #"{"title":"tea","idempotency_key":"k1"}"#
    private let plain = #"{"title":"tea"}"#

    @Test func `A retry returns the first result, whichever way the key is sent`() async throws {
        let ada = try server.agent()
        let first = try await ada.todo("add_todo", argument, at: 10)
        #expect(try await ada.todo("add_todo", argument, at: 20) == first)
        #expect(try await ada.todo("add_todo", plain, key: "k1", at: 20) == first)
        #expect(try await ada.todo("add_todo", argument, key: "k1", at: 20) == first)
        #expect(try await count(ada) == 1)
    }

    @Test func `Two different keys in one call are refused and nothing is done`() async throws {
        let ada = try server.agent()
        let complaint = try await ada.complaint("add_todo", argument, key: "k2")
        #expect(complaint.contains("differ"))
        #expect(try await count(ada) == 0)
    }

    @Test func `A key that comes with other arguments is refused`() async throws {
        let ada = try server.agent()
        _ = try await ada.todo("add_todo", argument)
        let other = #"{"title":"milk","idempotency_key":"k1"}"#
        #expect(try await !ada.complaint("add_todo", other).isEmpty)
        #expect(try await count(ada) == 1)
    }

    @Test func `A key counts for one subject, one workspace and one tool`() async throws {
        let ada = try server.agent()
        let first = try await ada.todo("add_todo", argument)
        let eve = try server.agent("eve")
        #expect(try await eve.todo("add_todo", argument)["id"] != first["id"])
        #expect(try await count(ada) == 2)
        let elsewhere = try server.agent(workspace: "elsewhere")
        _ = try await elsewhere.todo("add_todo", argument)
        #expect(try await count(elsewhere) == 1)
        let id = try #require(first["id"]?.integer)
        let completed = try await ada.todo(
            "complete_todo",
            #"{"id":\#(id),"idempotency_key":"k1"}"#
        )
        #expect(completed["completed"]?.bool == true)
    }

    @Test func `A delete that is repeated under its key returns what was deleted`() async throws {
        let ada = try server.agent()
        let todo = try await ada.add("tea")
        let id = try #require(todo["id"]?.integer)
        let arguments = #"{"id":\#(id),"idempotency_key":"gone"}"#
        #expect(try await ada.todo("delete_todo", arguments) == todo)
        #expect(try await ada.todo("delete_todo", arguments) == todo)
        #expect(try await !ada.complaint("delete_todo", #"{"id":\#(id)}"#).isEmpty)
    }

    @Test func `A key has 1 to 128 visible characters, wherever it stands`() async throws {
        let ada = try server.agent()
        let longest = String(repeating: "k", count: 128)
        _ = try await ada.todo("add_todo", plain, key: longest)
        _ = try await ada.todo("add_todo", #"{"title":"tea","idempotency_key":"\#(longest)"}"#)
        for bad in ["", longest + "k", "a b", "é"] {
            #expect(try await !ada.complaint("add_todo", plain, key: bad).isEmpty)
        }
        #expect(try await count(ada) == 1)
    }

    @Test func `A key is forgotten after a day`() async throws {
        let ada = try server.agent()
        let first = try await ada.todo("add_todo", argument, at: 1_000)
        let later = 1_000 + IdempotencyKey.lifetimeSeconds
        #expect(try await ada.todo("add_todo", argument, at: later - 1) == first)
        #expect(try await ada.todo("add_todo", argument, at: later)["id"] != first["id"])
    }
}
