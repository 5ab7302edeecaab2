import JSON
import MCP
import ProtocolTestSupport
import Testing

@Suite("Questions in the words of each revision")
struct RevisionOfQuestionsTests {
    private func properties(
        of form: ElicitationForm,
        for version: ProtocolVersion
    ) throws -> JSONTree {
        let json = RawJSON { writer in
            writer.beginObject()
            InputRequest.elicitation("key", message: "?", form: form)
                .encodeMembers(into: &writer, for: version)
            writer.endObject()
        }
        let schema = try JSONTree(json.description)["params"]?["requestedSchema"]
        return try #require(schema?["properties"])
    }

    private let form = ElicitationForm([
        .choice("one", of: [.init("a", title: "A")]),
        .choices("some", of: ["a", "b"], isRequired: false),
    ])

    @Test(arguments: [ProtocolVersion.v2025_11_25, .v2026_07_28])
    func `Every kind of choice is sent to those who know it`(version: ProtocolVersion) throws {
        let properties = try properties(of: form, for: version)
        #expect(properties["one"]?["oneOf"]?[0]?["title"]?.string == "A")
        #expect(properties["some"]?["type"]?.string == "array")
    }

    @Test func `Older clients get titles as enumNames, and no field that they do not know`() throws
    {
        let properties = try properties(of: form, for: .v2025_06_18)
        #expect(properties["one"]?["oneOf"] == nil)
        #expect(properties["one"]?["enum"]?[0]?.string == "a")
        #expect(properties["one"]?["enumNames"]?[0]?.string == "A")
        #expect(properties["some"] == nil)
    }

    @Test func `A session can be asked for what its revision has requests for`() throws {
        #expect(try capabilities(.v2025_03_26) == [.sampling, .roots])
        #expect(try capabilities(.v2025_06_18) == [.sampling, .roots, .elicitation])
        #expect(
            try capabilities(.v2025_11_25) == [
                .sampling, .samplingTools, .roots, .elicitation, .elicitationByURL,
            ]
        )
    }

    /// What a session is taken to be able to do, if its client says that it can do everything.
    private func capabilities(_ version: ProtocolVersion) throws -> ClientCapabilities? {
        let message = Message.legacy(
            "initialize",
            params: """
                "protocolVersion":"\(version.rawValue)","clientInfo":{"name":"t","version":"1"},\
                "capabilities":{"sampling":{"tools":{}},"roots":{},\
                "elicitation":{"form":{},"url":{}}}
                """
        )
        let answer = try Fixture().answer(to: message)
        guard case .beginSession(version, let capabilities) = answer.dispatch else { return nil }
        return capabilities
    }
}
