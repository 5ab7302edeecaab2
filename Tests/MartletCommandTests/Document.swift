import Foundation
import Testing

/// A page of `docs`, for tests of what it says.
enum Document {
    static func named(_ name: String) throws -> String {
        try String(
            contentsOf: URL(fileURLWithPath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("docs/\(name)"),
            encoding: .utf8
        )
    }

    /// The blocks of JSON between a heading of the second level and the next one.
    static func jsonBlocks(under heading: String, of page: String) throws -> [String] {
        let sections = page.components(separatedBy: "\n## ")
        let section = try #require(sections.first { $0.hasPrefix("\(heading)\n") })
        return section.components(separatedBy: "```json\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
    }
}
