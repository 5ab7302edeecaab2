import Foundation
import Libuv
import Testing

@Suite("Drafts of files")
struct FileDraftTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("draft-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: directory) } }
        try body(directory.path)
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func `A file has its old content until the draft is committed, and then the new`() throws
    {
        try withDirectory { directory in
            let path = "\(directory)/file"
            try "old".write(toFile: path, atomically: false, encoding: .utf8)
            let draft = try FileDraft(of: path)
            try draft.append("new ".utf8.span)
            #expect(try text(path) == "old")
            try draft.append("content".utf8.span)
            try draft.commit()
            #expect(try text(path) == "new content")
            #expect(!FileManager.default.fileExists(atPath: "\(path).new"))
        }
    }

    @Test func `A draft that is discarded leaves nothing behind`() throws {
        try withDirectory { directory in
            let path = "\(directory)/file"
            let draft = try FileDraft(of: path)
            try draft.append("x".utf8.span)
            draft.discard()
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])
        }
    }

    @Test func `Two cannot write drafts of one file at once, and one after the other can`() throws {
        try withDirectory { directory in
            let path = "\(directory)/file"
            var first: FileDraft? = try FileDraft(of: path)
            try first?.append("first, and longer".utf8.span)
            #expect(throws: FileError.self) { try FileDraft(of: path) }
            first = nil
            let second = try FileDraft(of: path)
            try second.append("second".utf8.span)
            try second.commit()
            #expect(try text(path) == "second")
        }
    }

    @Test func `A link stays, and what it leads to is replaced`() throws {
        try withDirectory { directory in
            let (target, link) = ("\(directory)/target", "\(directory)/link")
            try "old".write(toFile: target, atomically: false, encoding: .utf8)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            let draft = try FileDraft(of: link)
            try draft.append("new".utf8.span)
            try draft.commit()
            #expect(try text(target) == "new")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
        }
    }

    @Test func `Nothing takes the name of a directory or a device`() throws {
        try withDirectory { directory in
            for path in [directory, "/dev/null"] {
                #expect(throws: FileError.notReplaceable(path: path)) { try FileDraft(of: path) }
            }
        }
    }
}
