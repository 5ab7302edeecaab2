import Foundation
import Libuv
import Martlet
import Testing

@Suite("The file of API keys")
struct APIKeyFileTests {
    private let holder = APIKeyHolder(name: "ci", roles: ["user"])

    @Test func `A key is made with its file, for its owner only, and found by what it says`()
        async throws
    {
        try await withFile { file, keys in
            let key = try keys.create(for: holder, nowSeconds: 7, expiresSeconds: 9)
            #expect(try file.mode == 0o600)
            let record = try #require(try keys.read()[key.id])
            #expect(record.holder == holder)
            #expect(record.hash.matches(key))
            #expect(record.createdSeconds == 7)
            #expect(record.expiresSeconds == 9)
            #expect(!record.hasExpired(nowSeconds: 8))
            #expect(record.hasExpired(nowSeconds: 9))
            #expect(try !file.text.contains(key.text))
            #expect(try !file.text.contains(key.text.dropFirst(21).prefix(40)))
        }
    }

    @Test func `A key is revoked by its name or its id, and the others stay`() async throws {
        try await withFile { _, keys in
            let first = try make(keys, "one")
            let second = try make(keys, "two")
            let third = try make(keys, "three")
            #expect(try keys.revoke("one").id == first.id)
            #expect(try keys.revoke("\(second.id)").holder.name == "two")
            #expect(try keys.read().records.map(\.id) == [third.id])
            #expect(throws: APIKeyFileError.noSuchKey) { try keys.revoke("one") }
            #expect(try keys.read().records.map(\.id) == [third.id])
        }
    }

    @Test func `A name that is taken is refused, and the file stays as it is`() async throws {
        try await withFile { file, keys in
            _ = try make(keys, "ci")
            let text = try file.text
            #expect(throws: APIKeyFileError.keys(.nameTaken("ci"))) { try make(keys, "ci") }
            #expect(try file.text == text)
        }
    }

    @Test func `Nothing is revoked from a file that is not there, and none is made for it`()
        async throws
    {
        try await withFile { file, keys in
            #expect(throws: APIKeyFileError.self) { try keys.revoke("ci") }
            #expect(throws: AccessFileError.self) { try keys.read() }
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test(arguments: [0o604, 0o640, 0o620, 0o644, 0o602])
    func `A file that others have access to is refused, to read and to change`(
        mode: Int
    ) async throws {
        try await withFile { file, keys in
            _ = try make(keys, "ci")
            try file.setMode(mode)
            let error = #expect(throws: AccessFileError.self) { try keys.read() }
            #expect(error?.reason == .openToOthers(permissions: UInt32(mode)))
            #expect(error.map { "\($0)".contains("chmod 600 \(file.path)") } == true)
            #expect(throws: APIKeyFileError.self) { try make(keys, "cd") }
            #expect(throws: APIKeyFileError.self) { try keys.revoke("ci") }
        }
    }

    @Test func `Keys that are made at once are all kept`() async throws {
        try await withFile { _, keys in
            let names = (0..<40).map { "key-\($0)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names { group.addTask { _ = try make(keys, name) } }
                try await group.waitForAll()
            }
            #expect(try Set(keys.read().records.map(\.holder.name)) == Set(names))
        }
    }

    @Test func `Of two who want one name at once, one gets it`() async throws {
        try await withFile { _, keys in
            let refusals = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do {
                            _ = try make(keys, "ci")
                            return false
                        } catch {
                            return true
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(refusals == 7)
            let records = try keys.read().records
            #expect(records.count == 1)
        }
    }

    @Test func `A crash before the new file has its name leaves the old one, and no obstacle`()
        async throws
    {
        try await withFile { file, keys in
            let first = try make(keys, "one")
            // What a crash while writing leaves behind.
            try ScratchFile(path: "\(file.path).new").replace("{\"keys\": [{\"id", mode: 0o644)
            #expect(try keys.read().records.map(\.id) == [first.id])
            let second = try make(keys, "two")
            #expect(try keys.read().records.map(\.id) == [first.id, second.id])
            #expect(try file.mode == 0o600)
            #expect(!FileManager.default.fileExists(atPath: "\(file.path).new"))
        }
    }

    @Test func `A file that cannot be replaced stays as it is`() async throws {
        try await withFile { file, keys in
            _ = try make(keys, "one")
            let text = try file.text
            // Not even root can make a file where a directory is.
            try FileManager.default.createDirectory(
                atPath: "\(file.path).new",
                withIntermediateDirectories: false
            )
            #expect(throws: APIKeyFileError.self) { try make(keys, "two") }
            #expect(try file.text == text)
        }
    }

    @Test func `A link leads to the file that is changed, and stays a link`() async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("real.json")
            let keys = APIKeyFile(path: file.path)
            _ = try make(keys, "one")
            let link = directory.file("link.json")
            try FileManager.default.createSymbolicLink(
                atPath: link.path,
                withDestinationPath: file.path
            )
            _ = try make(APIKeyFile(path: link.path), "two")
            #expect(try keys.read().records.map(\.holder.name) == ["one", "two"])
            let type = try FileManager.default.attributesOfItem(atPath: link.path)[.type]
            #expect(type as? FileAttributeType == .typeSymbolicLink)
        }
    }

    private func withFile(
        _ body: (ScratchFile, APIKeyFile) async throws -> Void
    ) async throws {
        try await ScratchDirectory.lend { directory in
            let file = directory.file("api-keys.json")
            try await body(file, APIKeyFile(path: file.path))
        }
    }

    @discardableResult
    private func make(_ keys: APIKeyFile, _ name: String) throws -> APIKey {
        try keys.create(
            for: APIKeyHolder(name: name, roles: ["user"]),
            nowSeconds: 1_700_000_000,
            expiresSeconds: nil
        )
    }
}
