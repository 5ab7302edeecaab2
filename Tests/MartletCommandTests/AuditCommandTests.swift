import Foundation
import Martlet
import MartletCommand
import Testing

@Suite("martlet audit, and the settings of the audit log")
struct AuditCommandTests {
    private func log(_ directory: String) throws -> (path: String, key: AuditKey) {
        let path = "\(directory)/audit.log"
        let key = AuditKey.random()
        let log = try AuditLog(
            path,
            signedWith: key,
            loss: .isRecorded,
            waitingCountMax: 10,
            atMilliseconds: 1_000
        ) { _ in }
        for name in ["one", "two"] {
            var record = AuditRecord(milliseconds: 2_000)
            record.name = name
            #expect(log.record(record))
        }
        log.close()
        return (path, key)
    }

    private func verify(_ arguments: [String], _ directory: String) throws
        -> RunningCommand.Outcome
    {
        try RunningCommand(["audit", "verify"] + arguments, in: directory).outcome()
    }

    @Test func `A log that nobody touched is intact, under its key and its own word`() throws {
        try withTemporaryDirectory { directory in
            let (path, key) = try log(directory)
            let trusted = try verify([path, "--key", "\(key.publicHalf)"], directory)
            #expect(trusted.status == 0)
            #expect(trusted.output == "intact: 4 lines, 1 chains, 2 decisions, 0 dropped\n")
            let believed = try verify([path], directory)
            #expect(believed.status == 0)
            #expect(believed.output.contains("believed without --key: \(key.publicHalf)"))
        }
    }

    @Test func `Each fault is told with its line, and the command ends with 1`() throws {
        try withTemporaryDirectory { directory in
            let (path, key) = try log(directory)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing("two", with: "too").write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            let changed = try verify([path, "--key", "\(key.publicHalf)"], directory)
            #expect(changed.status == 1)
            #expect(changed.output.hasPrefix("line 3 "))
            #expect(changed.output.contains("NOT intact"))

            let other = AuditKey.random().publicHalf
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try verify([path, "--key", "\(other)"], directory).status == 1)
        }
    }

    @Test func `A log that may have been cut off ends with 2, unless an open end is allowed`()
        throws
    {
        try withTemporaryDirectory { directory in
            let (path, key) = try log(directory)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let lines = text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
            for (content, sentence) in [
                (lines, "no closing checkpoint"), (String(text.dropLast(5)), "line 4 is cut off"),
            ] {
                try content.write(toFile: path, atomically: true, encoding: .utf8)
                let open = try verify([path, "--key", "\(key.publicHalf)"], directory)
                #expect(open.status == 2)
                #expect(open.output.contains(sentence))
                #expect(open.output.contains("2 lines come after its last signature"))
                #expect(open.output.contains("\nPOSSIBLY TRUNCATED: "))
                let allowed = try verify([path, "--allow-open-end"], directory)
                #expect(allowed.status == 0)
                #expect(allowed.output.contains(sentence))
                #expect(allowed.output.contains("\nintact: "))
            }
            // What is wrong is wrong, whatever the end.
            try lines.replacing("two", with: "too").write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            #expect(try verify([path, "--allow-open-end"], directory).status == 1)
        }
    }

    @Test func `A key that begins with a hyphen is a key`() throws {
        try withTemporaryDirectory { directory in
            let (path, _) = try log(directory)
            // One in 64 does.
            let keys = (0..<10_000).lazy.map { _ in AuditKey.random().publicHalf }
            let key = try #require(keys.first { "\($0)".hasPrefix("-") })
            let outcome = try verify([path, "--key", "\(key)"], directory)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("NOT intact"))
        }
    }

    @Test func `What is no log, no key or not there is told`() throws {
        try withTemporaryDirectory { directory in
            let missing = try verify(["\(directory)/nothing"], directory)
            #expect(missing.status == 1)
            #expect(missing.errors.contains("cannot read"))
            #expect(try verify(["x", "--key", "short"], directory).status == 64)
            let empty = "\(directory)/empty"
            #expect(FileManager.default.createFile(atPath: empty, contents: nil))
            #expect(try verify([empty], directory).output.contains("the file is empty"))
        }
    }

    @Test func `The key is made once and its public half printed`() throws {
        try withTemporaryDirectory { directory in
            let arguments = ["audit", "key", "--state-directory", "\(directory)/state"]
            let first = try RunningCommand(arguments, in: directory).outcome()
            #expect(first.status == 0)
            #expect(AuditPublicKey(String(first.output.dropLast())) != nil)
            #expect(try RunningCommand(arguments, in: directory).outcome().output == first.output)
            let file = KeyFile(path: "\(directory)/state/audit.key")
            #expect("\(try AuditKey.reading(file).publicHalf)\n" == first.output)
        }
    }

    @Test func `A server on standard input keeps a log as well, from its start to its end`() throws
    {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/audit.log"
            let arguments = [
                "stdio", "--role", "user", "--database", "memory",
                "--state-directory", "\(directory)/state", "--audit-log", path,
            ]
            let served = try RunningCommand(arguments, in: directory).outcome()
            #expect(served.status == 0, "\(served.errors)")
            let verified = try verify([path], directory)
            #expect(verified.status == 0)
            #expect(verified.output.contains("intact: 2 lines, 1 chains, 0 decisions"))
        }
    }

    @Test func `A log that must be kept must have a file`() {
        var reader = SettingsReader(flags: [.auditRequired: ["true"]], environment: [:])
        let none = AuditSettings(&reader)
        #expect(none == nil)
        #expect(reader.mistakes == [.value(.needed(.auditLog, by: .auditRequired))])
        var complete = SettingsReader(
            flags: [.auditRequired: ["true"], .auditLog: ["a"], .auditQueueMax: ["7"]],
            environment: [:]
        )
        let settings = AuditSettings(&complete)
        #expect(settings?.isRequired == true)
        #expect(settings?.path == "a")
        #expect(settings?.waitingCountMax == 7)
        #expect(complete.mistakes.isEmpty)
    }
}
