import Foundation
import Glibc

/// A directory for the time of a test.
struct ScratchDirectory {
    let path: String

    static func lend<Result>(_ body: (ScratchDirectory) async throws -> Result) async throws
        -> Result
    {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        defer {
            do {
                try FileManager.default.removeItem(at: url)
            } catch {
                print("cannot remove \(url.path): \(error)")
            }
        }
        return try await body(ScratchDirectory(path: url.path))
    }

    func file(_ name: String) -> ScratchFile { ScratchFile(path: "\(path)/\(name)") }
}

/// A file that a test changes as people and programs do.
struct ScratchFile {
    let path: String

    /// Replaces the file, as `mv` and most editors do.
    func replace(_ text: String, mode: Int = 0o600) throws {
        let next = "\(path).next"
        guard
            FileManager.default.createFile(
                atPath: next,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: mode]
            ), unsafe rename(next, path) == 0
        else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Appends to the file, as `echo … >>` does.
    func append(_ text: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { handle.closeFile() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }

    /// Empties the file and writes it anew, as `> file` does.
    func overwrite(_ text: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { handle.closeFile() }
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(text.utf8))
    }

    func remove() throws {
        try FileManager.default.removeItem(atPath: path)
    }

    func setMode(_ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    var mode: Int {
        get throws {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
        }
    }

    var text: String {
        get throws { try String(contentsOfFile: path, encoding: .utf8) }
    }
}
