import AccessControl
import MCP
import ProtocolTestSupport
import Testing

@Suite("To-do resources")
struct TodoResourceTests {
    private let server: TodoServerFixture

    init() throws {
        server = try TodoServerFixture()
    }

    @Test func `Each list holds the to-dos of its state, and how many there are`() async throws {
        let ada = try server.agent()
        let (tea, milk) = (try await ada.add("tea"), try await ada.add("milk"))
        let id = try #require(tea["id"]?.integer)
        let done = try await ada.todo("complete_todo", #"{"id":\#(id)}"#)
        for (list, expected) in [
            ("all", [done, milk]), ("open", [milk]), ("completed", [done]),
        ] {
            let contents = try await ada.contents(of: "todo://list/\(list)")
            #expect(contents["todos"]?.elements == expected)
            #expect(contents["count"]?.integer == expected.count)
            #expect(contents["next_cursor"] == nil)
        }
    }

    @Test func `A list shows 100 to-dos, and a cursor that list_todos goes on from`() async throws {
        let ada = try server.agent()
        try await ada.addMany(100)
        #expect(try await ada.contents(of: "todo://list/open")["next_cursor"] == nil)
        try await ada.addMany(1)
        let contents = try await ada.contents(of: "todo://list/open")
        #expect(contents["count"]?.integer == 100)
        let cursor = try #require(contents["next_cursor"]?.string)
        let rest = try await ada.call("list_todos", #"{"cursor":"\#(cursor)","completed":false}"#)
        #expect(rest["structuredContent"]?["todos"]?.elements.map { $0["id"]?.integer } == [101])
    }

    @Test func `A to-do is read under its id`() async throws {
        let ada = try server.agent()
        let tea = try await ada.add("tea")
        #expect(try await ada.contents(of: "todo://items/1") == tea)
    }

    @Test(arguments: ["2", "0", "-1", "01", "+1", "1.0", "%31", "x", "9223372036854775808", "1%00"])
    func `An id that is not there, or is spelt otherwise, is no resource`(id: String) async throws {
        let ada = try server.agent()
        _ = try await ada.add("tea")
        let error = try await ada.read("todo://items/\(id)")["error"]
        #expect(error?["code"]?.integer == -32_602)
        #expect(error?["data"]?["uri"]?.string == "todo://items/\(id)")
    }

    @Test func `Another workspace's to-do is as little there as one that never was`() async throws {
        let (ada, eve) = (try server.agent(), try server.agent("eve", workspace: "elsewhere"))
        _ = try await ada.add("tea")
        let foreign = try await eve.read("todo://items/1")["error"]
        let missing = try await eve.read("todo://items/2")["error"]
        #expect(foreign?["message"]?.string != nil)
        #expect(
            foreign?["message"]?.string?.replacing("items/1", with: "items/2")
                == missing?["message"]?.string
        )
        #expect(try await eve.contents(of: "todo://list/all")["count"]?.integer == 0)
    }

    @Test func `Who may not read to-dos is refused every resource and sees none of them`()
        async throws
    {
        let stranger = try server.agent(role: "nobody")
        let uris = server.features.resources.map(\.description.uri) + ["todo://items/1"]
        #expect(uris.count == 5)
        for uri in uris {
            let message = Message.modern("resources/read", params: #""uri":"\#(uri)""#)
                .adding("Mcp-Name", uri)
            guard case .refused = try await stranger.outcome(of: message) else {
                Issue.record("\(uri) was not refused")
                continue
            }
        }
        let reader = try server.agent(role: "readonly")
        #expect(try await reader.contents(of: "todo://list/all")["count"]?.integer == 0)
    }

    @Test func `Every resource says what it is, for people and for models`() async throws {
        let ada = try server.agent()
        let listed = try await ada.response(to: .modern("resources/list"))
        let resources = try #require(listed["result"]?["resources"]).elements
        #expect(
            resources.map { $0["uri"]?.string } == [
                "todo://list/all", "todo://list/open", "todo://list/completed", "ui://todos/list",
            ]
        )
        for resource in resources {
            for name in ["name", "title", "description", "mimeType", "annotations"] {
                #expect(resource[name] != nil, "\(resource)")
            }
        }
        let templates = try await ada.response(to: .modern("resources/templates/list"))
        let template = templates["result"]?["resourceTemplates"]?[0]
        #expect(template?["uriTemplate"]?.string == "todo://items/{id}")
        #expect(template?["mimeType"]?.string == "application/json")
    }

    @Test func `Only the caller's own resources can be subscribed to, and all of them can`() throws
    {
        let reader = try server.agent(role: "readonly").principal
        let stranger = try server.agent(role: "nobody").principal
        for uri in ["todo://list/all", "todo://list/open", "todo://items/7", "ui://todos/list"] {
            #expect(server.dispatcher.mayHear(.resource(uri: uri), reader))
            #expect(!server.dispatcher.mayHear(.resource(uri: uri), stranger))
        }
        #expect(!server.dispatcher.mayHear(.resource(uri: "todo://other"), reader))
    }
}
