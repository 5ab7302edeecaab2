public import AccessControl
internal import Bytes
internal import JSON

/// A policy document as it is kept in a file: one JSON object.
///
///     { "roles": { "admin": "*", "clerk": ["read:todos", "list:tools", "call:tools"] },
///       "tools": { "delete_todo": [ { "permissions": ["delete:todos"] } ] } }
///
/// Strict: a member that does not exist, one that stands there twice and a value of another type
/// are mistakes, and all of them are told at once. `docs/Policy.md` describes the members.
public struct PolicyFile: Sendable {
    public static let byteCountMax = 1_048_576

    /// What messages call it.
    public let path: String

    /// What could be read; not to be used while there are ``mistakes``.
    public let document: PolicyDocument

    /// What is wrong with the file, whatever server it is for; see ``mistakes(for:)``.
    public let mistakes: [PolicyFileMistake]

    private let content: ByteBuffer

    /// - Parameters:
    ///   - content: The bytes of the file.
    ///   - path: How messages call it.
    public init(content: [UInt8], path: String) {
        self.path = path
        self.content = ByteBuffer(content)
        guard content.count <= Self.byteCountMax else {
            document = PolicyDocument()
            let fault = PolicyFileFault.tooLong(byteCountMax: Self.byteCountMax)
            mistakes = [PolicyFileMistake(path: path, line: nil, fault)]
            return
        }
        var reader = PolicyFileReader()
        var json = JSONReader(content.span)
        do throws(JSONError) {
            try reader.read(&json)
            try json.finish()
        } catch {
            reader.report(.malformed(error), at: error.offset)
        }
        document = reader.document
        let lines = LineNumbers(content)
        mistakes = reader.mistakes.map { mistake in
            PolicyFileMistake(
                path: path,
                line: lines.line(at: mistake.offset),
                place: mistake.place,
                mistake.fault
            )
        }
    }

    /// All that is wrong with the file for a server that has these operations, in the order of the
    /// lines.
    public func mistakes(for operations: [OperationDeclaration]) -> [PolicyFileMistake] {
        do throws(PolicyMistakes) {
            _ = try AccessPolicy(document, for: operations)
            return mistakes
        } catch {
            // What cannot be read as JSON leaves nothing to judge.
            if mistakes.contains(where: \.isFatal) { return mistakes }
            let lines = LineNumbers(content.bytes)
            let found = error.mistakes.map { mistake in
                PolicyFileMistake(
                    path: path,
                    line: lines.line(at: PolicyFileReader.offset(of: mistake.place, in: content)),
                    place: mistake.place,
                    .policy(mistake.reason)
                )
            }
            return (mistakes + found).sorted { ($0.line ?? 0) < ($1.line ?? 0) }
        }
    }
}

/// Where lines begin, counted from 1.
private struct LineNumbers {
    private let lineFeeds: [Int]

    init(_ content: [UInt8]) {
        lineFeeds = content.indices.filter { content[$0] == ASCII.lineFeed }
    }

    /// By halving: a file may have as many mistakes as lines.
    func line(at offset: Int) -> Int {
        var low = 0
        var high = lineFeeds.count
        while low < high {
            let middle = (low + high) / 2
            if lineFeeds[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low + 1
    }
}
