import AccessControl
import JSONSchema
import MCP
import ProtocolTestSupport
import Testing
import Todos

@Suite("To-do tools")
struct TodoToolTests {
    private let server: TodoServerFixture

    init() throws {
        server = try TodoServerFixture()
    }

    private func list(_ agent: TodoAgent, _ arguments: String = "{}") async throws -> [JSONTree] {
        let result = try await agent.call("list_todos", arguments)
        return try #require(result["structuredContent"]?["todos"]).elements
    }

    @Test func `A to-do is added, listed, completed, changed and deleted`() async throws {
        let ada = try server.agent()
        let added = try await ada.todo("add_todo", #"{"title":"  tea \u2615 "}"#, at: 10)
        let id = try #require(added["id"]?.integer)
        #expect(
            added
                == .object([
                    "id": .number("\(id)"), "title": .string("tea ☕"), "completed": .bool(false),
                    "created_by": .string("ada"), "created_at": .number("10"),
                    "updated_at": .number("10"),
                ])
        )
        #expect(try await list(ada) == [added])

        let completed = try await ada.todo("complete_todo", #"{"id":\#(id)}"#, at: 20)
        #expect(completed["completed"]?.bool == true)
        #expect(completed["updated_at"]?.integer == 20)
        let again = try await ada.todo("complete_todo", #"{"id":\#(id)}"#, at: 30)
        #expect(again == completed)

        let arguments = #"{"id":\#(id).0,"text":"milk"}"#
        let changed = try await ada.todo("update_todo_text", arguments, at: 40)
        #expect(changed["title"]?.string == "milk")
        #expect(changed["completed"]?.bool == true)
        #expect(changed["created_at"]?.integer == 10)

        #expect(try await ada.todo("delete_todo", #"{"id":\#(id)}"#) == changed)
        #expect(try await list(ada) == [])
    }

    @Test(arguments: ["complete_todo", "update_todo_text", "delete_todo"])
    func `An id that is not there is told in a sentence with the id`(tool: String) async throws {
        let ada = try server.agent()
        let text = tool == "update_todo_text" ? #","text":"x""# : ""
        let complaint = try await ada.complaint(tool, "{\"id\":4711\(text)}")
        #expect(complaint.contains("4711"))
    }

    @Test(arguments: [
        ("add_todo", "{}"), ("add_todo", #"{"title":7}"#), ("add_todo", #"{"title":null}"#),
        ("add_todo", #"{"title":""}"#), ("add_todo", #"{"title":" \t\u00a0"}"#),
        ("add_todo", #"{"title":"a\u0000b"}"#), ("add_todo", #"{"title":"a\nb"}"#),
        ("add_todo", #"{"title":"a","done":true}"#),
        ("add_todo", #"{"title":"a","idempotency_key":""}"#),
        ("add_todo", #"{"title":"a","idempotency_key":"a b"}"#),
        ("complete_todo", "{}"), ("complete_todo", #"{"id":"1"}"#),
        ("complete_todo", #"{"id":0}"#), ("complete_todo", #"{"id":-1}"#),
        ("complete_todo", #"{"id":1.5}"#), ("complete_todo", #"{"id":1e30}"#),
        ("complete_todo", #"{"id":9223372036854775808}"#),
        ("update_todo_text", #"{"id":1}"#), ("update_todo_text", #"{"id":1,"text":""}"#),
        ("delete_todo", #"{"id":true}"#), ("list_todos", #"{"limit":0}"#),
        ("list_todos", #"{"limit":101}"#), ("list_todos", #"{"completed":"yes"}"#),
        ("list_todos", #"{"idempotency_key":"k"}"#),
    ])
    func `Arguments that a tool cannot use are told in a sentence and change nothing`(
        tool: String,
        arguments: String
    ) async throws {
        let ada = try server.agent()
        #expect(try await !ada.complaint(tool, arguments).isEmpty)
        #expect(try await list(ada) == [])
    }

    @Test func `A title has 255 characters of any language and not one more`() async throws {
        let ada = try server.agent()
        for letter in ["x", "é", "字", "👩‍👩‍👧"] {
            let longest = String(repeating: letter, count: 255)
            let characterCount = longest.count
            #expect(characterCount == 255)
            guard longest.utf8.count <= TodoTitle.byteCountMax else { continue }
            #expect(try await ada.add(longest)["title"]?.string == longest)
            let complaint = try await ada.complaint(
                "add_todo",
                #"{"title":"\#(longest + letter)"}"#
            )
            #expect(complaint.contains("255"))
        }
    }

    @Test func `A list comes in pages that neither repeat nor skip`() async throws {
        let ada = try server.agent()
        var added: [JSONTree] = []
        for number in 0..<25 { added.append(try await ada.add("todo \(number)")) }

        var seen: [JSONTree] = []
        var cursor: String?
        var pageCount = 0
        repeat {
            let more = cursor.map { #","cursor":"\#($0)""# } ?? ""
            let page = try await ada.call("list_todos", "{\"limit\":10\(more)}")
            seen += page["structuredContent"]?["todos"]?.elements ?? []
            cursor = page["structuredContent"]?["next_cursor"]?.string
            pageCount += 1
        } while cursor != nil && pageCount < 10
        #expect(pageCount == 3)
        #expect(seen == added)
    }

    @Test func `Open and completed to-dos are listed apart when asked`() async throws {
        let ada = try server.agent()
        let (first, second) = (try await ada.add("first"), try await ada.add("second"))
        let id = try #require(first["id"]?.integer)
        let done = try await ada.todo("complete_todo", #"{"id":\#(id)}"#)
        #expect(try await list(ada, #"{"completed":true}"#) == [done])
        #expect(try await list(ada, #"{"completed":false}"#) == [second])
        #expect(try await list(ada) == [done, second])
    }

    @Test(arguments: [
        "x", "made up", "YWZ0ZXI6", "YWZ0ZXI6LTE", "YWZ0ZXI6eA", "YWZ0ZXI6MQ==", "YmVmb3JlOjE",
        "YWZ0ZXI6OTIyMzM3MjAzNjg1NDc3NTgwOA", "",
    ])
    func `A cursor that no list gave out is refused`(cursor: String) async throws {
        let ada = try server.agent()
        _ = try await ada.add("tea")
        let complaint = try await ada.complaint("list_todos", #"{"cursor":"\#(cursor)"}"#)
        #expect(complaint.contains("next_cursor"))
    }

    @Test func `Another workspace does not exist, not even through a cursor`() async throws {
        let (ada, eve) = (try server.agent(), try server.agent("eve", workspace: "elsewhere"))
        let todo = try await ada.add("tea")
        _ = try await ada.add("milk")
        let id = try #require(todo["id"]?.integer)
        #expect(try await list(eve) == [])
        let page = try await ada.call("list_todos", #"{"limit":1}"#)
        let cursor = try #require(page["structuredContent"]?["next_cursor"]?.string)
        #expect(try await list(eve, #"{"cursor":"\#(cursor)"}"#) == [])

        for (tool, text) in [
            ("complete_todo", ""), ("delete_todo", ""), ("update_todo_text", #","text":"x""#),
        ] {
            let foreign = try await eve.complaint(tool, "{\"id\":\(id)\(text)}")
            let missing = try await eve.complaint(tool, "{\"id\":999\(text)}")
            #expect(foreign == missing.replacing("999", with: "\(id)"))
        }
        #expect(try await list(ada).first == todo)
        let grace = try server.agent("grace", role: "readonly")
        #expect(try await list(grace).first == todo)
    }

    @Test func `A reader lists and is refused everything else`() async throws {
        let reader = try server.agent(role: "readonly")
        #expect(try await list(reader) == [])
        for (tool, arguments) in [
            ("add_todo", #"{"title":"x"}"#), ("complete_todo", #"{"id":1}"#),
            ("update_todo_text", #"{"id":1,"text":"x"}"#), ("delete_todo", #"{"id":1}"#),
            ("import_todos", #"{"titles":["x"]}"#), ("clear_completed", "{}"),
        ] {
            guard case .refused = try await reader.outcome(of: tool, arguments) else {
                Issue.record("\(tool) was not refused")
                continue
            }
        }
        let user = try server.agent(role: "user")
        let id = try #require(try await user.add("tea")["id"]?.integer)
        guard case .refused = try await user.outcome(of: "delete_todo", #"{"id":\#(id)}"#) else {
            Issue.record("a user may not delete")
            return
        }
    }

    @Test func `Each role is shown the tools it may use, with honest annotations`() throws {
        let expected = [
            "admin": [
                "add_todo", "list_todos", "complete_todo", "update_todo_text", "delete_todo",
                "import_todos", "clear_completed",
            ],
            "user": [
                "add_todo", "list_todos", "complete_todo", "update_todo_text", "import_todos",
            ],
            "readonly": ["list_todos"],
        ]
        for (role, names) in expected {
            let agent = try server.agent(role: role)
            let shown = server.tools.filter { tool in
                guard let needed = server.policy.requirement([tool.permission, .callTools])
                else { return false }
                return agent.principal.decision(on: needed) == .allowed
            }
            #expect(shown.map(\.name) == names)
        }
        for tool in server.tools {
            let isReading = tool.name == "list_todos"
            #expect(tool.annotations.readOnly == isReading)
            #expect(tool.output != nil)
            #expect(tool.input.properties.contains { $0.name == "idempotency_key" } != isReading)
            let isDestructive = ["delete_todo", "update_todo_text", "clear_completed"]
                .contains(tool.name)
            #expect(tool.annotations.destructive == (isReading ? nil : isDestructive))
        }
    }
}
