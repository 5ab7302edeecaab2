import Foundation
import Glibc
import MartletCommand
import TestSupport
import Testing

@Suite("Exports and imports that are interrupted", .timeLimit(.minutes(5)))
struct ArchiveInterruptionTests {
    private typealias Lines = ArchiveLines

    private static let todoCount = 6_000

    /// Feeds an import some of an archive's lines, and ends it with SIGKILL wherever it is.
    ///
    /// By then it has read all but what a pipe holds, so that of many lines some were imported.
    private func kill(
        _ rig: ArchiveRig,
        _ flags: [String],
        environment: [String: String] = [:],
        afterLines count: Int
    ) throws {
        let pipe = Pipe()
        let command = try RunningCommand(
            ["import"] + flags,
            environment: environment,
            input: pipe,
            in: rig.directory
        )
        let lines = Lines.archive(todoCount: Self.todoCount).split(separator: "\n").prefix(count)
        let feeder = pipe.fileHandleForWriting
        try feeder.write(contentsOf: Data(Lines.text(lines.map(String.init)).utf8))
        #expect(Glibc.kill(command.process.processIdentifier, SIGKILL) == 0)
        #expect(try command.outcome().status == -1)
        try feeder.close()
    }

    @Test(arguments: [["--database", "sqlite:db"], ["--database", "sqlite:db", "--new-ids"]])
    func `An import that was killed anywhere and is begun again adds everything once`(
        flags: [String]
    ) throws {
        try withArchiveRig { rig in
            for count in [1, 1_500, 2_700, 5_900] {
                try kill(rig, flags, afterLines: count)
                if count > 2_000 {
                    #expect(try rig.export("db").output.contains(Lines.todo(1)))
                }
            }
            let whole = Lines.archive(todoCount: Self.todoCount)
            try rig.write(whole, to: "a")
            #expect(try rig.bring("a", into: "db", Array(flags.dropFirst(2))).status == 0)
            #expect(try rig.export("db").output == whole)
        }
    }

    @Test(.enabled(if: PostgresCluster.reasonToSkip == nil, "PostgreSQL is not installed"))
    func `An import into PostgreSQL that was killed is begun again, and comes back the same`()
        throws
    {
        let cluster = try PostgresCluster.shared.get()
        let environment = ["MARTLET_DATABASE": cluster.url(schema: try cluster.makeSchema())]
        try withArchiveRig { rig in
            for count in [1_500, 5_900] {
                try kill(rig, [], environment: environment, afterLines: count)
            }
            let whole = Lines.archive(todoCount: Self.todoCount)
            try rig.write(whole, to: "a")
            #expect(try rig.bring("a", into: nil, environment: environment).status == 0)
            let exported = try rig.export(nil, ["-o", "b"], environment: environment)
            #expect(exported.errors == "martlet: exported 6000 to-dos of 1 workspace\n")
            #expect(try rig.read("b") == whole)
            #expect(try rig.bring("b", into: "db").status == 0)
            #expect(try rig.export("db").output == whole)
        }
    }

    /// What the thread sanitizer keeps of memory is a file, which the limit would hold for ours.
    private static let isUnderThreadSanitizer =
        ProcessInfo.processInfo.environment["TSAN_OPTIONS"] != nil

    @Test(
        .disabled(
            if: isUnderThreadSanitizer,
            "the thread sanitizer cannot run with a limit on the length of files"
        )
    )
    func `An export that cannot be finished leaves the file before as it was`() throws {
        try withArchiveRig { rig in
            try rig.write(Lines.archive(todoCount: 2_000), to: "a")
            #expect(try rig.bring("a", into: "db").status == 0)
            try rig.write("before", to: "out")
            // A limit on the length of files does what a full disk would.
            let full = try rig.shell(
                """
                trap '' XFSZ; ulimit -f 16; \
                martlet export --database sqlite:db --output out
                """
            )
            #expect(full.status == 1)
            #expect(full.output.contains("cannot write"))
            #expect(full.output.contains("out.new"))
            #expect(try rig.read("out") == "before")
            #expect(!rig.exists("out.new"))
            // What a crash has left behind does no harm.
            try rig.write("half of an archive", to: "out.new")
            #expect(try rig.export("db", ["-o", "out"]).status == 0)
            #expect(try rig.read("out") == Lines.archive(todoCount: 2_000))
        }
    }

    @Test func `Where no file can be, and where something else is, nothing is replaced`() throws {
        try withArchiveRig { rig in
            try rig.write(Lines.archive(todoCount: 1), to: "a")
            #expect(try rig.bring("a", into: "db").status == 0)
            let nowhere = try rig.export("db", ["--output", "no/such/file"])
            #expect(nowhere.status == 1)
            #expect(nowhere.errors.contains("ENOENT"))
            for path in [".", "/dev/null"] {
                let other = try rig.export("db", ["--output", path])
                #expect(other.status == 1)
                #expect(other.errors.contains("not a regular file"))
            }
            let device = try rig.shell("martlet export --database sqlite:db > /dev/full")
            #expect(device.status == 1)
            #expect(device.output.contains("ENOSPC"))
        }
    }

    @Test func `A reader that goes away ends the export with 1`() throws {
        try withArchiveRig { rig in
            try rig.write(Lines.archive(todoCount: Self.todoCount), to: "a")
            #expect(try rig.bring("a", into: "db").status == 0)
            let piped = try rig.shell(
                "trap '' PIPE; (martlet export --database sqlite:db; echo $? > status) | head -n 1"
            )
            #expect(piped.output.contains(Lines.header))
            #expect(try rig.read("status") == "1\n")
        }
    }

    private static let script = "/usr/bin/script"
    private static let hasScript = FileManager.default.isExecutableFile(atPath: script)

    @Test(.enabled(if: hasScript, "needs script (util-linux)"))
    func `A terminal sees a bar, which is gone at the end, and nothing else does`() throws {
        try withArchiveRig { rig in
            try rig.write(Lines.archive(todoCount: 2_000), to: "a")
            let seen = try rig.shell(
                """
                \(Self.script) -qec "martlet import --database sqlite:db --input a" /dev/null
                """
            )
            #expect(seen.status == 0)
            #expect(seen.output.contains("imported 999 to-dos ["))
            #expect(seen.output.contains("\r\u{1B}[Kmartlet: imported 2000 to-dos: 2000 added"))
            let export = try rig.shell(
                """
                \(Self.script) -qec "martlet export --database sqlite:db -o b" /dev/null
                """
            )
            #expect(export.output.contains("exported 1,000 to-dos [=========="))
            let unseen = try rig.bring("a", into: "db")
            #expect(!unseen.errors.contains("\r"))
            #expect(unseen.errorLines.count == 1)
        }
    }
}
