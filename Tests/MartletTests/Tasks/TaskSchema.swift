import Foundation
import JSON
import JSONSchema
import ProtocolTestSupport
import Testing

/// The schema of the tasks extension, from the folder of reference material if it is there.
enum TaskSchema {
    private static let text: String? = {
        let environment = ProcessInfo.processInfo.environment
        let beside = URL(filePath: #filePath).appending(path: "../../../../../shared").standardized
        let shared = environment["MARTLET_SHARED"].map { URL(filePath: $0) } ?? beside
        let file = shared.appending(path: "spec/mcp-ext-tasks.schema.json")
        return try? String(contentsOf: file, encoding: .utf8)
    }()

    /// Whether there is a schema to check with.
    static var isThere: Bool { text != nil }

    /// Checks a JSON text against a definition of the schema.
    ///
    /// Does nothing where there is no schema; ``isThere`` tells.
    ///
    /// - Throws: If there is a schema and it lacks the definition.
    static func check(_ text: String, _ name: String) throws {
        try check(try RawJSON(parsing: text), name)
    }

    /// Checks the result in a response.
    ///
    /// - Throws: As ``check(_:_:)``, and if there is no result.
    static func checkResult(_ response: String, _ name: String) throws {
        try check(try result(of: try RawJSON(parsing: response)), name)
    }

    private static func check(_ json: RawJSON, _ name: String) throws {
        guard let text else { return }
        let violation = try violation(of: json, name, in: text)
        #expect(violation == nil, "\(violation.map { "\($0)" } ?? "") in \(json)")
    }

    private static func violation(
        of json: RawJSON,
        _ name: String,
        in text: String
    ) throws -> SchemaViolation? {
        try #require(try JSONTree(text)["$defs"]?[name] != nil)
        let start = try #require(text.firstIndex(of: "{"))
        let rest = text[text.index(after: start)...]
        let schema = try CompiledSchema(
            RawJSON(parsing: "{\"$ref\":\"#/$defs/\(name)\",\(rest)")
        )
        return schema.validate(json.span)
    }

    /// Whether the schema admits a JSON text as what it calls by this name.
    ///
    /// - Throws: If there is no schema, or no such definition.
    static func admits(_ json: String, _ name: String) throws -> Bool {
        try violation(of: RawJSON(parsing: json), name, in: #require(text)) == nil
    }

    private static func result(of message: RawJSON) throws -> RawJSON {
        var reader = JSONReader(message.span)
        try reader.beginObject()
        while let name = try reader.nextMember() {
            let isResult = reader.equals(name, "result")
            let range = try reader.skipValue()
            if isResult { return try RawJSON(parsing: reader.bytes(in: range)) }
        }
        throw NoResult()
    }

    private struct NoResult: Error {}
}

@Suite("The schema of the tasks extension")
struct TaskSchemaTests {
    @Test(.enabled(if: TaskSchema.isThere, "no spec/mcp-ext-tasks.schema.json: set MARTLET_SHARED"))
    func `It refuses what is none of its messages`() throws {
        let half = #""taskId":"x","status":"working","createdAt":"y","lastUpdatedAt":"z""#
        let whole = #"{"resultType":"complete",\#(half),"ttlMs":1}"#
        #expect(try TaskSchema.admits(whole, "GetTaskResult"))
        for other in [
            #"{"resultType":"complete",\#(half)}"#, #"{\#(half),"ttlMs":1.5}"#,
            whole.replacing("working", with: "completed"), whole.replacing("working", with: "idle"),
        ] {
            #expect(try !TaskSchema.admits(other, "GetTaskResult"), "\(other)")
        }
    }
}
