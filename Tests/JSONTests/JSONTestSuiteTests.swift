import Foundation
import JSON
import Testing

/// The files of Nicolas Seriot's JSONTestSuite (<https://github.com/nst/JSONTestSuite>), looked for
/// in the directory that `MARTLET_SHARED` names, or else in `shared` beside the package.
private enum Vectors {
    static let directory: URL? = {
        let shared =
            ProcessInfo.processInfo.environment["MARTLET_SHARED"].map { URL(filePath: $0) }
            ?? URL(filePath: #filePath).appending(path: "../../../../shared").standardized
        let directory = shared.appending(path: "vectors/jsontestsuite/test_parsing")
        return FileManager.default.fileExists(atPath: directory.path) ? directory : nil
    }()

    static func names(prefix: String) -> [String] {
        guard let directory else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory.path)
                .filter { $0.hasPrefix(prefix) }
                .sorted()
        } catch {
            return []
        }
    }

    static func bytes(of name: String) throws -> [UInt8] {
        let file = try #require(directory).appending(path: name)
        return Array(try Data(contentsOf: file))
    }
}

@Suite(
    "JSONTestSuite (RFC 8259)",
    .enabled(if: Vectors.directory != nil, "the test vectors are not there: set MARTLET_SHARED")
)
struct JSONTestSuiteTests {
    @Test func `The suite is complete`() {
        #expect(Vectors.names(prefix: "y_").count == 95)
        #expect(Vectors.names(prefix: "n_").count == 188)
        #expect(Vectors.names(prefix: "i_").count == 35)
    }

    @Test(arguments: Vectors.names(prefix: "y_"))
    func `What every parser must accept is accepted`(name: String) throws {
        let bytes = try Vectors.bytes(of: name)
        #expect(skipRejection(of: bytes) == nil)
        #expect(pullRejection(of: bytes) == nil)
    }

    @Test(arguments: Vectors.names(prefix: "n_"))
    func `What every parser must refuse is refused`(name: String) throws {
        let bytes = try Vectors.bytes(of: name)
        #expect(skipRejection(of: bytes) != nil)
        #expect(pullRejection(of: bytes) == skipRejection(of: bytes))
    }

    /// Where RFC 8259 leaves the choice: numbers of any size are numbers; whatever is not text in
    /// Unicode, a byte order mark, and nesting deeper than 64 are refused.
    @Test(arguments: Vectors.names(prefix: "i_"))
    func `Of what a parser may refuse only numbers are accepted`(name: String) throws {
        let bytes = try Vectors.bytes(of: name)
        #expect((skipRejection(of: bytes) == nil) == name.hasPrefix("i_number_"))
        #expect(pullRejection(of: bytes) == skipRejection(of: bytes))
    }
}
