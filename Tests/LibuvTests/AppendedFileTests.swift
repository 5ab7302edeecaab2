import Foundation
import Libuv
import TestSupport
import Testing

@Suite("Files that only grow")
struct AppendedFileTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = "\(NSTemporaryDirectory())martlet-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false
        )
        defer {
            do {
                try FileManager.default.removeItem(atPath: directory)
            } catch {
                Issue.record(error)
            }
        }
        try body(directory)
    }

    private func append(_ text: String, to file: AppendedFile) throws {
        let count = try file.append(text.utf8.span)
        #expect(count == text.utf8.count)
    }

    @Test func `A file that is set aside is written to as before, and its path is free`() throws {
        try withDirectory { directory in
            let path = "\(directory)/log"
            let first = try AppendedFile(path)
            try append("one ", to: first)
            try first.setAside(as: ".old")
            let second = try AppendedFile(path)
            try append("two", to: first)
            try append("three", to: second)
            try second.synchronizeName()
            #expect(try String(contentsOfFile: "\(path).old", encoding: .utf8) == "one two")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "three")
            // The path is another's by now, and stays so.
            try first.setAside(as: ".older")
            try first.remove()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "three")
            #expect(!FileManager.default.fileExists(atPath: "\(path).older"))
        }
    }

    @Test func `Behind a link the file is set aside, and the link leads to the next one`() throws {
        try withDirectory { directory in
            let path = "\(directory)/link"
            try FileManager.default.createSymbolicLink(
                atPath: path,
                withDestinationPath: "\(directory)/log"
            )
            let first = try AppendedFile(path)
            try first.setAside(as: ".old")
            try append("next", to: try AppendedFile(path))
            #expect(FileManager.default.fileExists(atPath: "\(directory)/log.old"))
            #expect(try String(contentsOfFile: "\(directory)/log", encoding: .utf8) == "next")
        }
    }

    @Test func `A file is removed once, and without a name it is left alone`() throws {
        try withDirectory { directory in
            let path = "\(directory)/log"
            let file = try AppendedFile(path)
            try file.remove()
            #expect(!FileManager.default.fileExists(atPath: path))
            try file.remove()
            try file.setAside(as: ".old")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }
}
