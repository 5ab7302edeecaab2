import Testing

@Suite("Words that are not said in the sources")
struct ForbiddenWordsTests {
    /// Modules that wrap a C library: a call of it is not memory-safe by itself.
    private static let wrappers = ["HTTPClient", "Libuv", "PostgresClient", "TLS", "TodosSQLite"]

    /// Files elsewhere that say `unsafe`, and how often: JWT lends bytes to swift-crypto, the others
    /// name the executor that their actor runs on.
    private static let exceptions: [String: ClosedRange<Int>] = [
        "Sources/JWT/JWK/KeyedHash.swift": 1...16,
        "Sources/Todos/TodoService.swift": 1...1,
        "Sources/HTTPTransport/HTTPLoopService.swift": 1...1,
        "Sources/Martlet/Serving/ProcessSignals.swift": 1...1,
    ]

    @Test func `Only the modules that wrap C say unsafe, and four files`() throws {
        for file in try SourceFile.all(under: "Sources") {
            let isWrapper = Self.wrappers.contains { file.path.hasPrefix("Sources/\($0)/") }
            guard !isWrapper else { continue }
            let allowed = Self.exceptions[file.path] ?? 0...0
            #expect(allowed.contains(file.count(ofWord: "unsafe")), "\(file.path)")
        }
    }

    @Test(arguments: [
        "try!", "try?", "as!", "fatalError(", "@unchecked Sendable", "Task.detached",
        "DispatchQueue", "@testable", "unsafeFlags",
    ])
    func `No source file says it`(word: String) throws {
        let files = try SourceFile.all(under: "Sources")
        #expect(!files.isEmpty)
        #expect(files.filter { $0.says(word) }.map(\.path) == [])
    }

    @Test func `A word in a comment or a string does not count, and one in code does`() {
        let file = SourceFile(
            path: "example",
            text: """
                /// Never `try!`.
                let text = "try! // \\" try!"  // try!
                let url = "http://x"; unsafe body()
                internal import struct A.B
                @_exported public import C
                let important = import_ + [Entry?].count
                """
        )
        #expect(!file.says("try!"))
        #expect(!file.says("try?"))
        #expect(file.says("important"))
        #expect(file.count(ofWord: "unsafe") == 1)
        #expect(file.imports == ["A", "C"])
    }
}
