import Foundation
import Libuv
import Testing

@Suite("Small files")
struct FileTests {
    @Test func `A file is read whole up to its limit, and refused one byte above it`() throws {
        try withFile(String(repeating: "x", count: 70_000)) { path in
            let content = try FileContent(ofFileAt: path, byteCountMax: 70_000)
            #expect(content.bytes == Array(repeating: UInt8(ascii: "x"), count: 70_000))
            #expect(content.state.byteCount == 70_000)
            #expect(throws: FileError.tooLong(path: path, byteCountMax: 69_999)) {
                try FileContent(ofFileAt: path, byteCountMax: 69_999)
            }
        }
    }

    @Test func `What is no regular file is refused without waiting for it`() throws {
        try withFile("") { path in
            let pipe = "\(path).pipe"
            #expect(unsafe mkfifo(pipe, 0o600) == 0)
            for path in [pipe, "/dev/zero", "/"] {
                #expect(throws: FileError.notAFile(path: path)) {
                    try FileContent(ofFileAt: path, byteCountMax: 10)
                }
            }
            #expect(throws: FileError.self) {
                try FileContent(ofFileAt: "\(path).none", byteCountMax: 10)
            }
        }
    }

    @Test func `A state changes with the content, the mode and the file behind the name`() throws {
        try withFile("one") { path in
            let first = try FileState(ofFileAt: path)
            #expect(try FileState(ofFileAt: path) == first)
            #expect(first.isRegular)
            #expect(first.permissions == 0o600)

            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            let second = try FileState(ofFileAt: path)
            #expect(second != first)
            #expect(second.permissions == 0o640)

            try replace(path, "two")
            let third = try FileState(ofFileAt: path)
            #expect(third.inode != second.inode)
            try replace(path, "more")
            #expect(try FileState(ofFileAt: path).byteCount == 4)
        }
    }

    @Test func `Until a replacement is committed the old content stands`() throws {
        try withFile("old") { path in
            let new = "new and longer"
            let replacement = try FileReplacement(of: path, with: new.utf8.span)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            try replacement.commit()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == new)
            #expect(try FileState(ofFileAt: path).permissions == 0o600)
        }
    }

    @Test func `A replacement that is dropped changes nothing, and the next one succeeds`() throws {
        try withFile("old") { path in
            do {
                _ = try FileReplacement(of: path, with: "lost".utf8.span)
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            try replace(path, "new")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        }
    }

    @Test func `A file keeps its owner and its link`() throws {
        try withFile("old") { path in
            let link = "\(path).link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
            let before = try FileState(ofFileAt: path)
            try replace(link, "new")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
            let after = try FileState(ofFileAt: link)
            #expect(after == (try FileState(ofFileAt: path)))
            #expect((after.ownerID, after.groupID) == (before.ownerID, before.groupID))
        }
    }

    @Test(.enabled(if: getuid() == 0, "only root can give files away"))
    func `A file of somebody else stays his`() throws {
        try withFile("old") { path in
            #expect(unsafe chown(path, 12_345, 54_321) == 0)
            try replace(path, "new")
            let state = try FileState(ofFileAt: path)
            #expect((state.ownerID, state.groupID) == (12_345, 54_321))
        }
    }

    @Test func `A lock is had by one at a time`() async throws {
        let directory = try makeDirectory()
        let path = "\(directory.path)/file"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let lock = try FileLock(for: path)
                    // Read, then write: two at once would lose counts.
                    let text = FileManager.default.contents(atPath: path) ?? Data("0".utf8)
                    let count = Int(String(decoding: text, as: UTF8.self)) ?? 0
                    try Data("\(count + 1)".utf8).write(to: URL(fileURLWithPath: path))
                    lock.release()
                }
            }
            try await group.waitForAll()
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "16")
        try FileManager.default.removeItem(at: directory)
    }

    private func replace(_ path: String, _ text: String) throws {
        try FileReplacement(of: path, with: text.utf8.span).commit()
    }

    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let directory = try makeDirectory()
        let path = "\(directory.path)/file"
        try #require(
            FileManager.default.createFile(
                atPath: path,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: 0o600]
            )
        )
        try body(path)
        try FileManager.default.removeItem(at: directory)
    }

    private func makeDirectory() throws -> URL {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        return directory
    }
}
