import Foundation
import Testing

@Suite("docs/Conformance.md")
struct ConformanceTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The rows of the tables that name a test for each requirement.
    private static func rows() throws -> [(requirement: String, tests: [String])] {
        let file = root.appendingPathComponent("docs/Conformance.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        var rows: [(String, [String])] = []
        var isOfTests = false
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("|"), cells.count == 2 else { continue }
            if cells[1] == "test" { isOfTests = true }
            if cells[1] == "instead" { isOfTests = false }
            guard isOfTests, cells[1] != "test", cells[1] != "---" else { continue }
            // Names stand between backticks: every second part.
            let parts = cells[1].split(separator: "`", omittingEmptySubsequences: false)
            let names = parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            rows.append((cells[0], names))
        }
        return rows
    }

    /// Files and folders of tests: their paths below `Tests`, and their names alone.
    private static func testNames() throws -> Set<String> {
        var names: Set<String> = []
        let folder = root.appendingPathComponent("Tests").resolvingSymlinksInPath()
        let paths = FileManager.default.enumerator(atPath: folder.path)
        for path in try #require(paths).compactMap({ $0 as? String }) {
            for name in [path, (path as NSString).deletingPathExtension] {
                names.formUnion([name, (name as NSString).lastPathComponent])
            }
        }
        return names
    }

    @Test func `Every requirement names tests, and each of them is there`() throws {
        let known = try Self.testNames()
        let rows = try Self.rows()
        #expect(rows.count > 50)
        for (requirement, tests) in rows {
            let named = tests.map { $0.replacing("E/", with: "Interop/test_everything_") }
            let missing = named.filter { !known.contains($0) && $0 != "kill -9" }
            #expect(missing == [], "\(requirement)")
            #expect(named.contains { known.contains($0) }, "\(requirement)")
        }
    }
}
