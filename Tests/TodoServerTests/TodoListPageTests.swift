import MCP
import ProtocolTestSupport
import Testing

@Suite("The interactive page of the to-do list")
struct TodoListPageTests {
    private let server: TodoServerFixture

    init() throws {
        server = try TodoServerFixture()
    }

    private func page() async throws -> JSONTree {
        let response = try await server.agent(role: "readonly").read("ui://todos/list")
        return try #require(response["result"]?["contents"]?[0])
    }

    private func html() async throws -> String {
        try #require(try await page()["text"]?.string)
    }

    @Test func `The tool that lists to-dos names the page, which is there as an MCP App`()
        async throws
    {
        let ada = try server.agent()
        let listed = try await ada.response(to: .modern("tools/list"))
        let tools = try #require(listed["result"]?["tools"]).elements
        let linked = tools.filter { $0["_meta"] != nil }
        #expect(linked.map { $0["name"]?.string } == ["list_todos"])
        let uri = try #require(linked[0]["_meta"]?["ui"]?["resourceUri"]?.string)
        #expect(uri == "ui://todos/list")

        let page = try await page()
        #expect(page["uri"]?.string == uri)
        #expect(page["mimeType"]?.string == "text/html;profile=mcp-app")
        let resources = try await ada.response(to: .modern("resources/list"))
        let resource = resources["result"]?["resources"]?.elements.first {
            $0["uri"] == page["uri"]
        }
        #expect(resource?["mimeType"] == page["mimeType"])
        #expect(resource?["_meta"] == page["_meta"])
        #expect(resource?["size"]?.integer == page["text"]?.string?.utf8.count)
    }

    @Test func `The page asks for no origin to load from or to connect to`() async throws {
        let ui = try await page()["_meta"]?["ui"]
        #expect(ui?["csp"]?["connectDomains"] == .array([]))
        #expect(ui?["csp"]?["resourceDomains"] == .array([]))
        #expect(ui?["permissions"] == nil)
        let html = try await html()
        for external in ["http:", "https:", "src=", "href=", "import ", "url(", "fetch(", "//cdn"] {
            #expect(!html.contains(external), "\(external)")
        }
        #expect(html.contains("default-src 'none'"))
    }

    @Test func `The page puts nothing it is given into the document as HTML`() async throws {
        let html = try await html()
        for way in [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser",
            "createContextualFragment", "eval(", "new Function", "setTimeout(", "srcdoc",
            "javascript:",
        ] {
            #expect(!html.contains(way), "\(way)")
        }
    }

    @Test func `The page is a document that says its language, title and messages`() async throws {
        let html = try await html()
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(html.contains("<title>To-do list</title>"))
        for part in [
            #"<label for="title">"#, #"role="alert""#, #"role="status""#, #"aria-label="To-dos""#,
        ] {
            #expect(html.contains(part), "\(part)")
        }
        // The markup itself is in the document once: nothing in the script ends it.
        #expect(html.occurrences(of: "<script>") == 1)
        #expect(html.occurrences(of: "</script>") == 1)
        #expect(html.occurrences(of: "</style>") == 1)
    }

    @Test(arguments: [
        "ui/initialize", "ui/notifications/initialized", "ui/notifications/tool-input",
        "ui/notifications/tool-result", "ui/notifications/tool-cancelled",
        "ui/notifications/host-context-changed", "ui/notifications/size-changed",
        "ui/resource-teardown", "tools/call", "ping", "2026-01-26",
    ])
    func `The page speaks the protocol of MCP Apps`(word: String) async throws {
        #expect(try await html().contains("\"\(word)\""))
    }

    @Test func `The page calls tools that there are`() async throws {
        let html = try await html()
        for tool in ["list_todos", "add_todo", "complete_todo", "delete_todo"] {
            #expect(html.contains("\"\(tool)\""))
            #expect(server.tools.contains { $0.name == tool })
        }
    }

    @Test func `The server says in either era that it has pages`() async throws {
        let ada = try server.agent()
        let discovered = try await ada.response(to: .modern("server/discover"))
        let initialized = try await ada.response(to: .initialize("2025-11-25"))
        for result in [discovered["result"], initialized["result"]] {
            let extensions = result?["capabilities"]?["extensions"]
            #expect(extensions?["io.modelcontextprotocol/ui"] == .object([:]))
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func occurrences(of text: String) -> Int {
        ranges(of: text).count
    }
}
