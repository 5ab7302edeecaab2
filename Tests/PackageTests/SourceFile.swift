import Foundation

/// A Swift file of the package, as text.
struct SourceFile {
    /// The path from the root of the package.
    let path: String
    let text: String

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// All Swift files below a folder of the package; none if there is no such folder.
    static func all(under folder: String) throws -> [SourceFile] {
        let base = root.appendingPathComponent(folder).resolvingSymlinksInPath()
        guard let paths = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
            .map { path in
                let url = base.appendingPathComponent(path)
                return SourceFile(
                    path: "\(folder)/\(path)",
                    text: try String(contentsOf: url, encoding: .utf8)
                )
            }
    }

    /// The folders of the package's modules that are written in Swift.
    static func moduleNames() throws -> Set<String> {
        let sources = root.appendingPathComponent("Sources")
        let names = try FileManager.default.contentsOfDirectory(atPath: sources.path)
        return Set(try names.filter { try !all(under: "Sources/\($0)").isEmpty })
    }

    /// The modules that the file imports, submodules and imported declarations aside.
    var imports: Set<String> {
        Set(
            text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                    words[..<keyword].allSatisfy({ Self.importModifiers.contains(String($0)) })
                else { return nil }
                var module = words[keyword + 1]
                if Self.declarationKinds.contains(String(module)), keyword + 2 < words.count {
                    module = words[keyword + 2]
                }
                return module.split(separator: ".").first.map(String.init)
            }
        )
    }

    /// The code without comments and string literals, so that words in prose do not count.
    var code: String {
        var code = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var isInString = false
            var previous: Character = " "
            var kept = ""
            for character in line {
                if character == "\"", previous != "\\" {
                    isInString.toggle()
                } else if !isInString {
                    kept.append(character)
                }
                if kept.hasSuffix("//") { break }
                previous = character
            }
            if let comment = kept.range(of: "//") { kept.removeSubrange(comment.lowerBound...) }
            code += kept + "\n"
        }
        return code
    }

    /// Whether a phrase stands in the code, its beginning not as the end of a longer word.
    func says(_ phrase: String) -> Bool {
        let code = " " + code
        return code.ranges(of: phrase).contains { range in
            let before = code[code.index(before: range.lowerBound)]
            return !(before.isLetter || before.isNumber || before == "_")
        }
    }

    /// How often a word stands in the code, not as a part of a longer one.
    func count(ofWord word: String) -> Int {
        code.split { !($0.isLetter || $0.isNumber || $0 == "_") }.count { $0 == word }
    }

    private static let importModifiers: Set<String> = [
        "public", "package", "internal", "fileprivate", "private", "@_exported", "@preconcurrency",
        "@testable", "@_implementationOnly",
    ]

    private static let declarationKinds: Set<String> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
    ]
}
