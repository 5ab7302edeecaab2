import Foundation
import Libuv
import Martlet
import Synchronization
import Testing

@Suite("Watching the deny list")
struct AccessListsTests {
    private static let ada = #"{"iss": "a", "sub": "ada"}"#
    private static let eve = #"{"iss": "a", "sub": "eve"}"#

    /// Long after any file was written: the next look at an unchanged file settles it.
    private static let later: Int64 = 32_503_680_000

    @Test func `A line that is appended counts with the next look`() async throws {
        try await withList(Self.ada + "\n") { file, lists in
            #expect(denied(lists) == ["ada"])
            try file.append(Self.eve + "\n")
            #expect(denied(lists) == ["ada"])
            let found = lists.look(nowSeconds: Self.later)
            #expect(found.isChanged)
            #expect(found.reports.isEmpty)
            #expect(denied(lists) == ["ada", "eve"])
        }
    }

    @Test func `A list that replaces the other counts with the next look`() async throws {
        try await withList("") { file, lists in
            try file.replace(Self.eve)
            #expect(lists.look(nowSeconds: Self.later).isChanged)
            #expect(denied(lists) == ["eve"])
        }
    }

    @Test func `A list that has not changed changes nothing`() async throws {
        try await withList(Self.ada) { _, lists in
            // The first look settles what was read at the start.
            #expect(!lists.look(nowSeconds: Self.later).isChanged)
            for _ in 0..<3 { #expect(!lists.look(nowSeconds: Self.later).isChanged) }
            #expect(denied(lists) == ["ada"])
        }
    }

    @Test func `What a list no longer says is lifted once it has stood unchanged for a look`()
        async throws
    {
        try await withList(Self.ada + "\n" + Self.eve) { file, lists in
            try file.overwrite("")
            #expect(!lists.look(nowSeconds: Self.later).isChanged)
            #expect(denied(lists) == ["ada", "eve"])
            // The editor goes on: nothing was lost in between.
            try file.append(Self.eve)
            #expect(!lists.look(nowSeconds: Self.later).isChanged)
            #expect(denied(lists) == ["ada", "eve"])
            #expect(lists.look(nowSeconds: Self.later).isChanged)
            #expect(denied(lists) == ["eve"])
        }
    }

    @Test func `A list that was written within the clock's tick of a look is read again`()
        async throws
    {
        try await withList(Self.ada) { file, lists in
            try file.replace(Self.eve)
            let written = try FileState(ofFileAt: file.path).modifiedNanoseconds / 1_000_000_000
            _ = lists.look(nowSeconds: written)
            // Two seconds later the same time could still be given to another write.
            _ = lists.look(nowSeconds: written + 2)
            #expect(denied(lists) == ["ada", "eve"])
            #expect(lists.look(nowSeconds: written + 3).isChanged)
            #expect(denied(lists) == ["eve"])
        }
    }

    @Test(arguments: ["{", "{\"iss\": \"a\"}\n", "nonsense\n", "\n\n{\"iss\": \"a\", \"sub\""])
    func `A list that is malformed leaves the last good one in force, reported each minute`(
        text: String
    ) async throws {
        try await withList(Self.ada) { file, lists in
            try file.replace(text)
            var reportCount = 0
            for second in 0..<180 {
                let found = lists.look(nowSeconds: Self.later + Int64(second))
                #expect(!found.isChanged)
                reportCount += found.reports.count
                for report in found.reports {
                    guard case .failing(let error) = report else {
                        Issue.record("reported \(report)")
                        continue
                    }
                    #expect("\(error)".contains(file.path))
                }
            }
            #expect(reportCount == 3)
            #expect(denied(lists) == ["ada"])
            try file.replace(Self.eve)
            #expect(lists.look(nowSeconds: Self.later).reports == [.recovered(.denyList)])
            #expect(denied(lists) == ["ada", "eve"])
        }
    }

    @Test func `A list that is gone leaves the last one in force until there is another`()
        async throws
    {
        try await withList(Self.ada) { file, lists in
            try file.remove()
            let found = lists.look(nowSeconds: Self.later)
            #expect(!found.isChanged)
            #expect(found.reports.count == 1)
            #expect(lists.look(nowSeconds: Self.later + 59).reports.isEmpty)
            #expect(lists.look(nowSeconds: Self.later + 60).reports.count == 1)
            #expect(denied(lists) == ["ada"])
            try file.replace(Self.eve)
            #expect(lists.look(nowSeconds: Self.later + 61).reports == [.recovered(.denyList)])
            #expect(denied(lists) == ["ada", "eve"])
        }
    }

    @Test func `A list that everybody may write to is refused, at the start and later`()
        async throws
    {
        try await withList(Self.ada) { file, lists in
            try file.setMode(0o662)
            #expect(lists.look(nowSeconds: Self.later).reports.count == 1)
            #expect(throws: AccessFileError.self) { try open(file.path) }
            try file.setMode(0o664)
            #expect(lists.look(nowSeconds: Self.later).reports == [.recovered(.denyList)])
            _ = try open(file.path)
        }
    }

    @Test func `Without the list nothing starts, and the error names the remedy`() async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("deny.jsonl")
            let error = #expect(throws: AccessFileError.self) { try open(file.path) }
            #expect(error.map { "\($0)".contains("touch \(file.path)") } == true)
            try file.replace("{")
            #expect(throws: AccessFileError.self) { try open(file.path) }
            try file.replace("")
            _ = try open(file.path)
            #expect(throws: AccessFileError.self) { try open(directory.path) }
            #expect(throws: AccessFileError.self) { try open("/dev/null") }
        }
    }

    @Test func `A list of the most bytes is read, and one byte more is refused`() async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("deny.jsonl")
            let longest = String(repeating: "\n", count: DenyListReader.byteCountMax)
            try file.replace(longest)
            var lists = try open(file.path)
            try file.append("\n")
            let error = #expect(throws: AccessFileError.self) { try open(file.path) }
            #expect(
                error?.reason
                    == .unreadable(
                        .tooLong(path: file.path, byteCountMax: DenyListReader.byteCountMax)
                    )
            )
            #expect(lists.look(nowSeconds: Self.later).reports.count == 1)
        }
    }

    @Test func `A list that could not be read for a while is read again, though untouched`()
        async throws
    {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("deny.jsonl")
            try file.replace("1")
            let readings = Readings()
            var watched = try WatchedFile(
                .denyList,
                path: file.path,
                byteCountMax: 10,
                join: { _, new in new },
                compile: { content throws(AccessFileError) in
                    // The first reading is the start's; the next four are without a descriptor.
                    let number = readings.count.add(1, ordering: .relaxed).newValue
                    guard number == 1 || number > 5 else {
                        let cause = FileError.notAFile(path: file.path)
                        throw AccessFileError(.denyList, path: file.path, .unreadable(cause))
                    }
                    return content.bytes.count
                }
            )
            try file.replace("12")
            for _ in 0..<4 { #expect(!watched.look(nowSeconds: Self.later).isChanged) }
            let found = watched.look(nowSeconds: Self.later)
            #expect(found.isChanged)
            #expect(found.report == .recovered(.denyList))
            #expect(watched.value == 2)
        }
    }

    private func withList(
        _ text: String,
        _ body: (ScratchFile, inout AccessLists) throws -> Void
    ) async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("deny.jsonl")
            try file.replace(text)
            var lists = try open(file.path)
            try body(file, &lists)
        }
    }

    private func open(_ path: String) throws(AccessFileError) -> AccessLists {
        try AccessLists(denyListPath: path, apiKeysPath: nil)
    }

    private func denied(_ lists: AccessLists) -> [String] {
        ["ada", "eve"].filter {
            lists.content.denyList.denies(bearer("a", $0), nowSeconds: 0)
        }
    }
}

private final class Readings: Sendable {
    let count = Atomic(0)
}
