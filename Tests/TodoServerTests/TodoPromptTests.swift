import ProtocolTestSupport
import Testing

@Suite("To-do prompts")
struct TodoPromptTests {
    private let server: TodoServerFixture

    /// Wednesday, 2026-07-29, 12:00:00 UTC.
    private let wednesday: Int64 = 1_785_326_400

    init() throws {
        server = try TodoServerFixture()
    }

    @Test func `Plan my day embeds the open list, and the focus`() async throws {
        let ada = try server.agent()
        let (tea, milk) = (try await ada.add("tea"), try await ada.add("milk"))
        try await ada.complete(try #require(tea["id"]?.integer))
        let result = try await ada.prompt(
            "plan_my_day",
            #"{"focus":"quick wins"}"#,
            at: wednesday
        )["result"]
        let messages = try #require(result?["messages"]).elements
        #expect(messages.map { $0["role"]?.string } == ["user", "user"])
        let text = try #require(messages[0]["content"]?["text"]?.string)
        #expect(text.contains("quick wins"))
        #expect(text.contains("2026-07-29"))
        let resource = messages[1]["content"]?["resource"]
        #expect(resource?["uri"]?.string == "todo://list/open")
        let list = try JSONTree(try #require(resource?["text"]?.string))
        #expect(list["todos"]?.elements == [milk])
    }

    @Test(arguments: [#"{}"#, #"{"focus":""}"#])
    func `The focus may be left out`(arguments: String) async throws {
        let ada = try server.agent()
        let result = try await ada.prompt("plan_my_day", arguments)["result"]
        let text = try #require(result?["messages"]?[0]?["content"]?["text"]?.string)
        #expect(!text.contains("matters most"))
    }

    @Test(arguments: [#"a\nb"#, #"\u202e"#, String(repeating: "x", count: 256)])
    func `A focus that is not one line of text is refused`(focus: String) async throws {
        let ada = try server.agent()
        let error = try await ada.prompt("plan_my_day", #"{"focus":"\#(focus)"}"#)["error"]
        #expect(error?["message"]?.string?.contains("focus must be one line") == true)
    }

    @Test func `A focus is proposed by what was typed`() async throws {
        let ada = try server.agent()
        let completion = try await ada.completion(
            #"{"type":"ref/prompt","name":"plan_my_day"}"#,
            "focus",
            "qu"
        )
        #expect(completion["values"]?.elements.map(\.string) == ["quick wins"])
    }

    @Test func `Weekly review shows what was completed from Monday to Sunday, and what is open`()
        async throws
    {
        let ada = try server.agent()
        let monday: Int64 = 1_785_110_400
        for (id, second) in [
            (1, monday - 1), (2, monday), (3, monday + 7 * 86_400 - 1), (4, monday + 7 * 86_400),
        ] {
            _ = try await ada.todo("add_todo", #"{"title":"\#(id)"}"#, at: 1_000)
            _ = try await ada.todo("complete_todo", #"{"id":\#(id)}"#, at: second)
        }
        let open = try await ada.add("open")
        for arguments in ["{}", #"{"week_start":"2026-07-27"}"#] {
            let result = try await ada.prompt("weekly_review", arguments, at: wednesday)["result"]
            let messages = try #require(result?["messages"]).elements
            #expect(messages.count == 3)
            let text = try #require(messages[0]["content"]?["text"]?.string)
            #expect(text.contains("from 2026-07-27 to 2026-08-02"))
            let completed = try #require(messages[1]["content"]?["text"]?.string)
            let lines = completed.split(separator: "\n")
            let todos = try JSONTree(String(try #require(lines.last))).elements
            #expect(todos.map { $0["id"]?.integer } == [2, 3])
            #expect(!completed.contains("may be more"))
            let list = try JSONTree(
                try #require(messages[2]["content"]?["resource"]?["text"]?.string)
            )
            #expect(list["todos"]?.elements == [open])
        }
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-1-1", "1969-12-31", "today",
        "2026-07-27T00:00:00Z", "+026-01-01", "２０２６-01-01",
    ])
    func `A week that begins on no day is refused`(date: String) async throws {
        let ada = try server.agent()
        let error = try await ada.prompt("weekly_review", #"{"week_start":"\#(date)"}"#)["error"]
        #expect(error?["message"]?.string?.contains("2026-07-27") == true)
    }

    @Test(arguments: [
        ("2024-02-29", "2024-03-06"), ("2000-02-28", "2000-03-05"), ("1970-01-01", "1970-01-07"),
        ("2100-02-28", "2100-03-06"), ("2026-12-28", "2027-01-03"), ("9999-12-20", "9999-12-26"),
    ])
    func `A week ends six days after it begins, whatever the calendar does in between`(
        first: String,
        last: String
    ) async throws {
        let ada = try server.agent()
        let result = try await ada.prompt(
            "weekly_review",
            #"{"week_start":"\#(first)"}"#
        )["result"]
        let text = try #require(result?["messages"]?[0]?["content"]?["text"]?.string)
        #expect(text.contains("from \(first) to \(last)"))
    }

    @Test func `The last four Mondays are proposed`() async throws {
        let ada = try server.agent()
        let prompt = #"{"type":"ref/prompt","name":"weekly_review"}"#
        let completion = try await ada.completion(prompt, "week_start", "", at: wednesday)
        #expect(
            completion["values"]?.elements.map(\.string)
                == ["2026-07-27", "2026-07-20", "2026-07-13", "2026-07-06"]
        )
        let typed = try await ada.completion(prompt, "week_start", "2026-07-2", at: wednesday)
        #expect(typed["values"]?.elements.count == 2)
    }

    @Test func `A review of many completed to-dos is bounded and says so`() async throws {
        let ada = try server.agent()
        try await ada.addMany(101)
        for id in 1...101 {
            _ = try await ada.todo("complete_todo", #"{"id":\#(id)}"#, at: wednesday)
        }
        let result = try await ada.prompt("weekly_review", at: wednesday)["result"]
        let text = try #require(result?["messages"]?[1]?["content"]?["text"]?.string)
        #expect(text.contains("may be more"))
        let todos = try JSONTree(String(try #require(text.split(separator: "\n").last)))
        #expect(todos.elements.count == 100)
    }

    @Test func `Prompts are for those who may read to-dos`() async throws {
        let (reader, stranger) = (
            try server.agent(role: "readonly"), try server.agent(role: "nobody")
        )
        for name in ["plan_my_day", "weekly_review"] {
            #expect(try await reader.prompt(name)["result"] != nil)
            let message = Message.modern("prompts/get", params: #""name":"\#(name)""#)
                .adding("Mcp-Name", name)
            guard case .refused = try await stranger.outcome(of: message) else {
                Issue.record("\(name) was not refused")
                continue
            }
        }
    }
}
