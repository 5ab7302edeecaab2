import ProtocolTestSupport
import Testing

@Suite("Completion of to-do ids")
struct TodoCompletionTests {
    private let server: TodoServerFixture
    private let template = #"{"type":"ref/resource","uri":"todo://items/{id}"}"#

    init() throws {
        server = try TodoServerFixture()
    }

    private func values(_ agent: TodoAgent, _ value: String) async throws -> [String] {
        let completion = try await agent.completion(template, "id", value)
        return try #require(completion["values"]).elements.compactMap(\.string)
    }

    @Test func `Ids are proposed whose text begins with what was typed`() async throws {
        let ada = try server.agent()
        try await ada.addMany(130)
        #expect(try await values(ada, "12") == ["12"] + (120...129).map { "\($0)" })
        #expect(try await values(ada, "9") == ["9"] + (90...99).map { "\($0)" })
        #expect(try await values(ada, "13") == ["13", "130"])
        #expect(try await values(ada, "130") == ["130"])
        #expect(try await values(ada, "131") == [])
        #expect(try await values(ada, "2") == ["2"] + (20...29).map { "\($0)" })
    }

    @Test func `Deleted to-dos are not proposed, nor do they hide those that follow`() async throws
    {
        let ada = try server.agent()
        try await ada.addMany(25)
        for id in [2, 20, 21, 22] { _ = try await ada.call("delete_todo", #"{"id":\#(id)}"#) }
        #expect(try await values(ada, "2") == ["23", "24", "25"])
    }

    @Test func `100 ids are proposed at most, and that there are more is said`() async throws {
        let ada = try server.agent()
        try await ada.addMany(100)
        var completion = try await ada.completion(template, "id", "")
        #expect(completion["values"]?.elements.count == 100)
        #expect(completion["hasMore"]?.bool != true)
        try await ada.addMany(1)
        completion = try await ada.completion(template, "id", "")
        #expect(completion["values"]?.elements.map(\.string) == (1...100).map { "\($0)" })
        #expect(completion["hasMore"]?.bool == true)
        #expect(completion["total"] == nil)

        try await ada.addMany(98)
        // 1, 10 to 19 and 100 to 199: eleven more than are proposed.
        completion = try await ada.completion(template, "id", "1")
        #expect(completion["values"]?.elements.count == 100)
        #expect(completion["values"]?[99]?.string == "188")
        #expect(completion["hasMore"]?.bool == true)
    }

    @Test(arguments: ["0", "01", "-1", "+1", " 1", "1 ", "x", "١", "99999999999999999999", "1.0"])
    func `What no id begins with has no proposals`(value: String) async throws {
        let ada = try server.agent()
        try await ada.addMany(3)
        #expect(try await values(ada, value) == [])
    }

    @Test(arguments: ["9", "9223372036854775807", "922337203685477580", "1"])
    func `The greatest ids are within reach`(value: String) async throws {
        let ada = try server.agent()
        try await ada.addMany(1)
        #expect(try await values(ada, value) == (value == "1" ? ["1"] : []))
    }

    @Test func `Another workspace's ids are not proposed`() async throws {
        let (ada, eve) = (try server.agent(), try server.agent("eve", workspace: "elsewhere"))
        try await ada.addMany(10)
        #expect(try await values(eve, "") == [])
        try await eve.addMany(1)
        #expect(try await values(eve, "") == ["1"])
        #expect(try await values(eve, "1") == ["1"])
    }

    @Test func `Who may not read to-dos is given no proposals`() async throws {
        let stranger = try server.agent(role: "nobody")
        let message = Message.modern(
            "completion/complete",
            params: #""ref":\#(template),"argument":{"name":"id","value":""}"#
        )
        guard case .refused = try await stranger.outcome(of: message) else {
            Issue.record("completion was not refused")
            return
        }
    }
}
