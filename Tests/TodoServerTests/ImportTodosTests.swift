import MCP
import ProtocolTestSupport
import Testing
import Todos

@Suite("import_todos")
struct ImportTodosTests {
    private let server: TodoServerFixture

    init() throws {
        server = try TodoServerFixture()
    }

    private func titles(_ count: Int) -> String {
        "[" + (1...count).map { #""to-do \#($0)""# }.joined(separator: ",") + "]"
    }

    @Test func `Titles become to-dos in their order, whose ids follow each other`() async throws {
        let ada = try server.agent()
        _ = try await ada.add("the first")
        let result = try await ada.call("import_todos", #"{"titles":["  tea ","milk","tea"]}"#)
        #expect(
            result["structuredContent"]
                == .object([
                    "added": .number("3"), "first_id": .number("2"), "last_id": .number("4"),
                ])
        )
        let page = try await ada.call("list_todos")
        let todos = page["structuredContent"]?["todos"]?.elements ?? []
        #expect(todos.map { $0["title"]?.string } == ["the first", "tea", "milk", "tea"])
        #expect(todos.map { $0["created_by"]?.string } == Array(repeating: "ada", count: 4))
    }

    @Test func `1,000 titles are taken, and not one more or none`() async throws {
        let ada = try server.agent()
        let result = try await ada.call("import_todos", #"{"titles":\#(titles(1_000))}"#)
        #expect(result["structuredContent"]?["last_id"]?.integer == 1_000)
        for bad in [titles(1_001), "[]"] {
            let complaint = try await ada.complaint("import_todos", #"{"titles":\#(bad)}"#)
            #expect(complaint.contains("1") && complaint.contains("000"), "\(complaint)")
        }
        #expect(try await ada.add("next")["id"]?.integer == 1_001)
    }

    @Test(arguments: [
        (#"["a","","c"]"#, "title 2 of 3"), (#"["a","b","c\u0000"]"#, "title 3 of 3"),
        (#"["\u202ea"]"#, "title 1 of 1"),
    ])
    func `One bad title is named, and nothing is added`(
        titles: String,
        name: String
    ) async throws {
        let ada = try server.agent()
        let complaint = try await ada.complaint("import_todos", #"{"titles":\#(titles)}"#)
        #expect(complaint.contains("Nothing was added"))
        #expect(complaint.contains(name))
        #expect(try await ada.ids() == [])
    }

    @Test(arguments: [#"{}"#, #"{"titles":"a"}"#, #"{"titles":[1]}"#, #"{"titles":[null]}"#])
    func `What is no list of titles is refused`(arguments: String) async throws {
        let ada = try server.agent()
        #expect(try await !ada.complaint("import_todos", arguments).isEmpty)
        #expect(try await ada.ids() == [])
    }

    @Test func `A retry under its key adds nothing, and other titles are refused`() async throws {
        let ada = try server.agent()
        let arguments = #"{"titles":["a","b"],"idempotency_key":"k"}"#
        let first = try await ada.call("import_todos", arguments)
        #expect(try await ada.call("import_todos", arguments) == first)
        for other in [#"["a"]"#, #"["b","a"]"#, #"["a","b","c"]"#] {
            let complaint = try await ada.complaint(
                "import_todos",
                #"{"titles":\#(other),"idempotency_key":"k"}"#
            )
            #expect(complaint.contains("idempotency key"))
        }
        #expect(try await ada.ids() == [1, 2])
    }

    @Test func `Progress is told after each hundred, rising to the end`() async throws {
        let ada = try server.agent()
        let link = RecordingLink()
        let message = Message.call(
            "import_todos",
            arguments: #"{"titles":\#(titles(350))}"#,
            meta: TodoAgent.meta(capabilities: "{}", progressToken: "p")
        )
        let response = try await ada.response(to: message, link: link)
        #expect(response["result"]?["structuredContent"]?["added"]?.integer == 350)
        let told = try link.told()
        #expect(told.allSatisfy { $0["method"]?.string == "notifications/progress" })
        #expect(
            told.map { $0["params"]?["progress"] }
                == ["100", "200", "300", "350"].map {
                    .number($0)
                }
        )
        for notification in told {
            #expect(notification["params"]?["progressToken"]?.string == "p")
            #expect(notification["params"]?["total"] == .number("350"))
            #expect(notification["params"]?["message"]?.string?.isEmpty == false)
        }
    }

    @Test func `A client that does not ask for progress is told none`() async throws {
        let ada = try server.agent()
        let link = RecordingLink()
        let message = Message.call("import_todos", arguments: #"{"titles":\#(titles(300))}"#)
        _ = try await ada.response(to: message, link: link)
        #expect(try link.told() == [])
    }

    @Test func `A call that is cancelled while titles are looked through adds nothing`()
        async throws
    {
        let ada = try server.agent()
        let arguments = #"{"titles":\#(titles(200))}"#
        let cancelled = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await ada.complaint("import_todos", arguments)
        }
        cancelled.cancel()
        #expect(try await cancelled.value.contains("cancelled"))
        #expect(try await ada.ids() == [])
    }
}
