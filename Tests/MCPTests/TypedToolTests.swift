import AccessControl
import JSONSchema
import MCP
import ProtocolTestSupport
import Testing

@Suite("Tools with typed arguments and results")
struct TypedToolTests {
    private struct Sum: Sendable {
        let total: Int
        let parts: [Part]
        let note: String?
    }

    private struct Part: Sendable {
        let name: String
        let share: Double
    }

    private static let shape = ResultShape<Sum>(
        .integer("total") { $0.total },
        .list(
            "parts",
            countMax: 3,
            of: ResultShape<Part>(
                .string("name", lengthMax: 10) { $0.name },
                .number("share") { $0.share }
            )
        ) { $0.parts },
        .optionalString("note", lengthMax: 10) { $0.note }
    )

    private static let add = Tool(
        "add",
        "Adds.",
        permission: .readTodos,
        returning: shape,
        .integer("first", "A number.", 0...10),
        .integer("second", "Another.", 0...10).optional(else: 5),
        .optional(.oneOf(["up", "down"], "rounding", "Which way.")),
        .strings("names", "Names.", lengthMax: 5, countMax: 2)
    ) { context, first, second, rounding, names in
        Sum(
            total: first + second,
            parts: names.map { Part(name: $0, share: 0.5) },
            note: rounding
        )
    }

    private func answer(_ arguments: String) async throws -> JSONTree {
        let fixture = try Fixture(ServerFeatures(tools: [Self.add]))
        return try await fixture.answer(to: .call("add", arguments: arguments))
            .response(as: fixture.admin)
    }

    @Test func `One declaration describes, checks and reads`() async throws {
        let result = try await answer(#"{"first":1,"names":["a","b"],"rounding":"up"}"#)["result"]
        let structured = try #require(result?["structuredContent"])
        #expect(structured["total"]?.integer == 6)
        #expect(structured["parts"]?.elements.count == 2)
        #expect(structured["note"]?.string == "up")
        let violation = Self.shape.schema.validate(
            Array((result?["content"]?[0]?["text"]?.string ?? "").utf8).span
        )
        #expect(violation == nil)
        let plain = try await answer(#"{"first":1,"second":2.0,"names":[]}"#)["result"]
        #expect(plain?["structuredContent"]?.names == ["total", "parts"])
    }

    @Test(arguments: [
        "{}", #"{"first":11,"names":[]}"#, #"{"first":1}"#, #"{"first":1,"names":["a","b","c"]}"#,
        #"{"first":1,"names":[],"rounding":"left"}"#, #"{"first":1,"names":[],"third":1}"#,
        #"{"first":1,"names":["longer"]}"#,
    ])
    func `What does not fit never reaches the tool`(arguments: String) async throws {
        #expect(try await answer(arguments)["result"]?["isError"]?.bool == true)
    }
}
