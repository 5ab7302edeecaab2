import ArgumentParser
import Foundation
import Martlet
import MartletCommand
import Testing

@Suite("The martlet apikey command", .timeLimit(.minutes(2)))
struct APIKeyCommandTests {
    private static let file = ["--api-keys-file", "keys.json"]

    @Test func `A key is printed once, alone, and listed and revoked by its name`() throws {
        try withTemporaryDirectory { directory in
            func run(_ arguments: [String]) throws -> RunningCommand.Outcome {
                try RunningCommand(["apikey"] + arguments + Self.file, in: directory).outcome()
            }
            let made = try run(["create", "--name", "ci", "--role", "user", "--expires", "90d"])
            #expect(made.status == 0)
            #expect(made.errors.isEmpty)
            let text = made.output.trimmingCharacters(in: .newlines)
            let key = try APIKey(text.utf8.span)

            let listed = try run(["list"])
            #expect(listed.status == 0)
            #expect(listed.output.contains("\(key.id)  ci"))
            #expect(!listed.output.contains(text))
            let kept = try String(contentsOfFile: "\(directory)/keys.json", encoding: .utf8)
            #expect(!kept.contains(text))

            let revoked = try run(["revoke", "ci"])
            #expect(revoked.output == "revoked ci (\(key.id))\n")
            #expect(try !run(["list"]).output.contains("ci"))
            #expect(try run(["revoke", "ci"]).status == 1)
        }
    }

    @Test func `Processes that make keys at once lose none`() throws {
        try withTemporaryDirectory { directory in
            let running = try (0..<8).map { number in
                try RunningCommand(
                    ["apikey", "create", "--name", "k\(number)", "--role", "user"] + Self.file,
                    in: directory
                )
            }
            for command in running { #expect(try command.outcome().status == 0) }
            let set = try APIKeyFile(path: "\(directory)/keys.json").read()
            #expect(Set(set.records.map(\.holder.name)) == Set((0..<8).map { "k\($0)" }))
        }
    }

    @Test func `The file is found by the environment and the configuration file as well`() throws {
        try withTemporaryDirectory { directory in
            let settings = "\(directory)/martlet.json"
            #expect(
                FileManager.default.createFile(
                    atPath: settings,
                    contents: Data(#"{"api-keys-file": "keys.json", "port": 1}"#.utf8)
                )
            )
            let create = ["apikey", "create", "--role", "user", "--name"]
            let first = try RunningCommand(
                create + ["one", "--config", settings],
                in: directory
            ).outcome()
            let second = try RunningCommand(
                create + ["two"],
                environment: ["MARTLET_API_KEYS_FILE": "keys.json"],
                in: directory
            ).outcome()
            #expect([first.status, second.status] == [0, 0])
            let set = try APIKeyFile(path: "\(directory)/keys.json").read()
            #expect(set.records.map(\.holder.name) == ["one", "two"])

            let nowhere = try RunningCommand(create + ["three"], in: directory).outcome()
            #expect(nowhere.status == 78)
            #expect(nowhere.errors.contains("--api-keys-file"))
        }
    }

    @Test func `A server does not start with lists that are missing, and names them all`() throws {
        try withTemporaryDirectory { directory in
            let outcome = try RunningCommand(
                [
                    "serve", "--development", "--port", "0", "--api-keys-file", "keys.json",
                    "--deny-list-file", "deny.jsonl",
                ],
                in: directory
            ).outcome()
            #expect(outcome.status == 78)
            #expect(outcome.errorLines.count == 2)
            #expect(outcome.errors.contains("touch deny.jsonl"))
            #expect(outcome.errors.contains("martlet apikey create"))
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/.martlet"))
        }
    }

    @Test(
        arguments: [
            ["--name", "a b", "--role", "user"], ["--name", "", "--role", "user"],
            ["--name", "ci"], ["--name", "ci", "--role", ""],
            ["--name", "ci", "--role", "user", "--expires", "forever"],
            ["--name", "ci", "--role", "user", "--expires", "367d"],
            ["--name", "ci", "--role", "user", "--workspace", "~own"],
            ["--role", "user"],
        ]
    )
    func `What cannot be a key is refused before any file is touched`(arguments: [String]) {
        #expect(throws: (any Error).self) {
            try APIKeyCreateCommand.parse(arguments + Self.file)
        }
    }

    @Test func `What can be a key is understood`() throws {
        _ = try APIKeyCreateCommand.parse(
            [
                "--name", "ci", "--role", "user", "--role", "auditor", "--workspace", "team",
                "--permissions", "read:todos call:tools", "--expires", "366d",
            ] + Self.file
        )
    }

    @Test func `A list shows when keys expire, and which have`() throws {
        try withTemporaryDirectory { directory in
            let keys = APIKeyFile(path: "\(directory)/keys.json")
            let expiries: [(String, Int64?)] = [("never", nil), ("soon", 86_400), ("gone", 60)]
            for (name, expires) in expiries {
                _ = try keys.create(
                    for: APIKeyHolder(name: name, roles: ["user"], permissions: ["read:todos"]),
                    nowSeconds: 0,
                    expiresSeconds: expires
                )
            }
            let lines = try APIKeyTable(keys.read(), nowSeconds: 60).text.split(separator: "\n")
            #expect(lines.count == 4)
            #expect(lines[0].hasPrefix("ID            NAME   ROLES"))
            #expect(lines[1].hasSuffix("1970-01-01T00:00:00Z  never"))
            #expect(lines[2].hasSuffix("1970-01-02T00:00:00Z"))
            #expect(lines[3].hasSuffix("1970-01-01T00:01:00Z (expired)"))
            #expect(lines[1].contains("user (only read:todos)  default"))
        }
    }

    @Test func `Both files reach the server by their settings`() throws {
        try withTemporaryDirectory { directory in
            let keys = APIKeyFile(path: "\(directory)/keys.json")
            _ = try keys.create(
                for: APIKeyHolder(name: "ci", roles: ["user"]),
                nowSeconds: 0,
                expiresSeconds: nil
            )
            let denyList = "\(directory)/deny.jsonl"
            #expect(FileManager.default.createFile(atPath: denyList, contents: Data()))
            var reader = SettingsReader(
                flags: [.apiKeysFile: [keys.path], .denyListFile: [denyList]],
                environment: [:]
            )
            let lists = AccessListSettings(&reader)
            #expect(reader.mistakes.isEmpty)
            var configuration = ServerConfiguration(
                addresses: [],
                issuers: [],
                sealKey: .random()
            )
            lists.apply(to: &configuration)
            #expect(configuration.apiKeysPath == keys.path)
            #expect(configuration.denyListPath == denyList)
        }
    }
}
