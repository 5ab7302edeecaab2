import Foundation
import Martlet
import MartletCommand
import Testing

@Suite("Key files")
struct KeyFileTests {
    @Test func `A key is made once, for its owner only, and read from then on`() throws {
        try withTemporaryDirectory { directory in
            let state = StateDirectory(path: "\(directory)/state")
            try state.make()
            let key = try state.tokenKeyFile.readOrMake(byteCount: 48)

            #expect(key.utf8.count == 64)
            #expect(try state.tokenKeyFile.readOrMake(byteCount: 48) == key)
            #expect(try state.tokenKeyFile.read() == key)
            #expect(try mode(of: state.path) == 0o700)
            #expect(try mode(of: state.tokenKeyFile.path) == 0o600)
            let other = KeyFile(path: "\(directory)/other.key")
            #expect(try other.readOrMake(byteCount: 48) != key)
        }
    }

    @Test(arguments: [0o604, 0o640, 0o620, 0o644, 0o602])
    func `A key file that others have access to is refused`(mode: Int) throws {
        try withTemporaryDirectory { directory in
            let file = KeyFile(path: "\(directory)/key")
            _ = try file.readOrMake(byteCount: 48)
            try FileManager.default.setAttributes(
                [.posixPermissions: mode],
                ofItemAtPath: file.path
            )
            #expect(throws: KeyFileError.readableByOthers(path: file.path, mode: mode)) {
                try file.read()
            }
            #expect(throws: KeyFileError.readableByOthers(path: file.path, mode: mode)) {
                try file.readOrMake(byteCount: 48)
            }
        }
    }

    @Test func `A link counts for what it leads to`() throws {
        try withTemporaryDirectory { directory in
            let file = KeyFile(path: "\(directory)/key")
            let key = try file.readOrMake(byteCount: 48)
            let link = KeyFile(path: "\(directory)/link")
            try FileManager.default.createSymbolicLink(
                atPath: link.path,
                withDestinationPath: file.path
            )
            #expect(try link.read() == key)
        }
    }

    @Test(arguments: [[], [0x0A], Array("two\nlines\n".utf8), [0xFF, 0xFE]] as [[UInt8]])
    func `A file without exactly one line of text is refused`(content: [UInt8]) throws {
        try withTemporaryDirectory { directory in
            let file = KeyFile(path: "\(directory)/key")
            #expect(
                FileManager.default.createFile(
                    atPath: file.path,
                    contents: Data(content),
                    attributes: [.posixPermissions: 0o600]
                )
            )
            #expect(throws: KeyFileError.malformed(path: file.path)) { try file.read() }
        }
    }

    @Test func `A seal key of another length is refused`() throws {
        try withTemporaryDirectory { directory in
            let file = KeyFile(path: "\(directory)/key")
            _ = try file.readOrMake(byteCount: 31)
            #expect(throws: KeyFileError.notASealKey(path: file.path, byteCount: 32)) {
                try SealKey.reading(file)
            }
            _ = try SealKey.readingOrMaking(KeyFile(path: "\(directory)/made"))
            _ = try SealKey.reading(KeyFile(path: "\(directory)/made"))
        }
    }

    @Test func `A seal key that was named is never made`() throws {
        try withTemporaryDirectory { directory in
            let file = KeyFile(path: "\(directory)/missing")
            let reason = "no such file or directory"
            #expect(throws: KeyFileError.unreadable(path: file.path, reason: reason)) {
                try SealKey.reading(file)
            }
            #expect(!file.exists)
        }
    }

    @Test func `A state directory that is a file is refused with the remedy`() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/file"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            let error = #expect(throws: KeyFileError.self) { try StateDirectory(path: path).make() }
            #expect(error.map { "\($0)".contains("--state-directory") } == true)
        }
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }
}
