import Foundation
import MartletCommand
import Testing

@Suite("martlet export and import", .timeLimit(.minutes(5)))
struct ArchiveCommandTests {
    private typealias Lines = ArchiveLines

    /// Two workspaces with all that is unusual about to-dos, and one without any.
    private static let rich = Lines.text([
        Lines.header,
        Lines.end(of: "Empty", lastID: 3),
        Lines.todo(1, #"\"quoted\" \\ back"#),
        Lines.todo(4, String(repeating: "é", count: 255), completed: true),
        Lines.todo(5, "e\u{301} \u{1F9D1}\u{200D}\u{1F680} \u{5D0}\u{200F} \u{4E2D}"),
        Lines.end(lastID: 9),
        Lines.todo(2, in: "~https://a~ada"),
        Lines.end(of: "~https://a~ada", lastID: 2),
        Lines.end(todos: 4),
    ])

    @Test func `What is exported, imported and exported again is the same to the byte`() throws {
        try withArchiveRig { rig in
            try rig.write(Self.rich, to: "a.jsonl")
            let imported = try rig.bring("a.jsonl", into: "one.db")
            #expect(imported.status == 0)
            #expect(imported.output.isEmpty)
            #expect(imported.errors == "martlet: imported 4 to-dos: 4 added\n")
            let exported = try rig.export("one.db", ["--output", "b.jsonl"])
            #expect(exported.status == 0)
            #expect(exported.output.isEmpty)
            #expect(exported.errors == "martlet: exported 4 to-dos of 3 workspaces\n")
            #expect(try rig.read("b.jsonl") == Self.rich)
            #expect(try rig.export("one.db").output == Self.rich)
            for file in ["one.db", "b.jsonl"] {
                let mode = try FileManager.default.attributesOfItem(atPath: rig.path(file))
                #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(file)")
            }
            #expect(!rig.exists("b.jsonl.new"))
        }
    }

    @Test func `Importing again adds nothing, and a longer archive adds what is new`() throws {
        try withArchiveRig { rig in
            try rig.write(Lines.archive(todoCount: 3), to: "a")
            try rig.write(Lines.archive(todoCount: 5), to: "b")
            #expect(try rig.bring("a", into: "db").status == 0)
            let again = try rig.bring("a", into: "db")
            #expect(again.errors == "martlet: imported 3 to-dos: 0 added, 3 there already\n")
            let more = try rig.bring("b", into: "db")
            #expect(more.errors == "martlet: imported 5 to-dos: 2 added, 3 there already\n")
            #expect(try rig.export("db").output == Lines.archive(todoCount: 5))
        }
    }

    @Test func `An empty database is an archive of two lines, which can be imported`() throws {
        try withArchiveRig { rig in
            let empty = Lines.text([Lines.header, Lines.end(todos: 0)])
            try rig.write(empty, to: "a")
            #expect(try rig.bring("a", into: "db").status == 0)
            #expect(try rig.export("db").output == empty)
        }
    }

    @Test func `The database is that of the state directory unless another is named`() throws {
        try withArchiveRig { rig in
            try rig.write(Self.rich, to: "a")
            #expect(try rig.bring("a", into: nil).status == 0)
            #expect(rig.exists(".martlet/todos.db"))
            #expect(try rig.export(nil).output == Self.rich)
            let elsewhere = try rig.export(nil, ["--state-directory", "other"])
            #expect(elsewhere.status == 1)
            #expect(elsewhere.errors.contains("other/todos.db"))
            #expect(!rig.exists("other"))
        }
    }

    @Test func `One workspace is exported or imported without the others`() throws {
        try withArchiveRig { rig in
            try rig.write(Self.rich, to: "a")
            #expect(try rig.bring("a", into: "db").status == 0)
            let own = try rig.export("db", ["--workspace", "~https://a~ada"])
            let lines = Lines.text([
                Lines.header, Lines.todo(2, in: "~https://a~ada"),
                Lines.end(of: "~https://a~ada", lastID: 2), Lines.end(todos: 1),
            ])
            #expect(own.output == lines)
            let other = try rig.bring("a", into: "other", ["--workspace", "~https://a~ada"])
            #expect(other.errors == "martlet: imported 1 to-do: 1 added\n")
            #expect(try rig.export("other").output == lines)

            try rig.write("before", to: "out")
            let none = try rig.export("db", ["--workspace", "typo", "--output", "out"])
            #expect(none.status == 1)
            #expect(none.errors.contains("no workspace \"typo\""))
            #expect(try rig.read("out") == "before")
        }
    }

    @Test func `A bad line stops the import with its number, and what came before stays`() throws {
        try withArchiveRig { rig in
            var lines = Lines.archive(todoCount: 4).split(separator: "\n").map(String.init)
            lines.insert("", at: 1)
            lines[4] = lines[4].replacing("to-do 3", with: " ")
            try rig.write(Lines.text(lines), to: "a")
            let stopped = try rig.bring("a", into: "db")
            #expect(stopped.status == 1)
            #expect(stopped.errorLines.count == 2)
            #expect(stopped.errors.contains("line 5: The title is empty"))
            #expect(stopped.errors.contains("imported 2 to-dos: 2 added"))
            try rig.write(Lines.archive(todoCount: 4), to: "a")
            let corrected = try rig.bring("a", into: "db")
            #expect(corrected.errors == "martlet: imported 4 to-dos: 2 added, 2 there already\n")
        }
    }

    @Test func `Bad lines are left out if that is wanted, and the end is 1`() throws {
        try withArchiveRig { rig in
            // White space is part of a line, and of what a value may be followed by.
            let longest = Lines.todo(3).padding(toLength: 65_536, withPad: " ", startingAt: 0)
            let long = Lines.todo(3).padding(toLength: 65_537, withPad: " ", startingAt: 0)
            let lines = [
                Lines.header, Lines.todo(1), "{", Lines.todo(2), long, Lines.todo(2),
                longest, Lines.end(lastID: 3), Lines.end(todos: 9),
            ]
            try rig.write(Lines.text(lines), to: "a")
            let outcome = try rig.bring("a", into: "db", ["--skip-invalid"])
            #expect(outcome.status == 1)
            #expect(outcome.errorLines.count == 4)
            for number in [3, 5, 6] {
                #expect(outcome.errors.contains("martlet: line \(number) is left out: "))
            }
            #expect(outcome.errors.hasSuffix("imported 3 to-dos: 3 added; 3 lines left out\n"))
            #expect(try rig.export("db").output == Lines.archive(todoCount: 3))
        }
    }

    @Test func `What is no archive is refused at its first line, whatever may be skipped`() throws {
        try withArchiveRig { rig in
            try rig.write("id,title\n1,x\n", to: "a.csv")
            try rig.write(Lines.todo(1) + "\n", to: "b")
            for file in ["a.csv", "b"] {
                let outcome = try rig.bring(file, into: "db", ["--skip-invalid"])
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("line 1: this is no archive"))
            }
            let missing = try rig.bring("nothing", into: "db")
            #expect(missing.status == 1)
            #expect(missing.errors.contains("cannot read nothing"))
            let directory = try rig.bring(".", into: "db")
            #expect(directory.status == 1)
            #expect(directory.errors.contains("cannot read .: it is a directory"))
        }
    }

    @Test func `An archive that was cut off is imported and told`() throws {
        try withArchiveRig { rig in
            let whole = Lines.archive(todoCount: 3)
            try rig.write(
                Lines.text(whole.split(separator: "\n").dropLast(2).map(String.init)),
                to: "a"
            )
            let outcome = try rig.bring("a", into: "db")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("ends after line 4"))
            #expect(outcome.errors.contains("imported 3 to-dos"))
        }
    }

    @Test func `A to-do that differs stops the import, and may be left as it is`() throws {
        try withArchiveRig { rig in
            try rig.write(Lines.archive(todoCount: 4), to: "a")
            #expect(try rig.bring("a", into: "db").status == 0)
            let other = Lines.archive(todoCount: 5).replacing("to-do 3", with: "other")
            try rig.write(other, to: "b")
            let refused = try rig.bring("b", into: "db")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("line 4: workspace \"default\" has another to-do 3"))
            #expect(refused.errors.contains("--keep-existing"))
            #expect(refused.errors.contains("imported 2 to-dos: 0 added, 2 there already"))
            #expect(try rig.export("db").output == Lines.archive(todoCount: 4))
            let left = try rig.bring("b", into: "db", ["--keep-existing"])
            #expect(left.status == 0)
            #expect(left.errors.contains("1 added, 3 there already, 1 left as they are"))
            #expect(try rig.export("db").output == Lines.archive(todoCount: 5))
        }
    }

    @Test func `With new ids to-dos come after those that are there, once`() throws {
        try withArchiveRig { rig in
            try rig.write(Lines.archive(todoCount: 2), to: "a")
            #expect(try rig.bring("a", into: "db").status == 0)
            let first = try rig.bring("a", into: "db", ["--new-ids"])
            #expect(first.errors == "martlet: imported 2 to-dos: 2 added\n")
            let second = try rig.bring("a", into: "db", ["--new-ids"])
            #expect(second.errors == "martlet: imported 2 to-dos: 0 added, 2 there already\n")
            let list = [
                #"{"workspace":"default","title":"x"}"#, #"{"title":"y","workspace":"a"}"#,
            ]
            try rig.write(Lines.text(["{"] + list + list), to: "list")
            #expect(try rig.bring("list", into: "db", ["--new-ids"]).status == 1)
            let foreign = try rig.bring("list", into: "db", ["--new-ids", "--skip-invalid"])
            #expect(foreign.errors.hasSuffix("imported 4 to-dos: 4 added; 1 line left out\n"))
            let output = try rig.export("db").output
            #expect(output.contains(#"{"workspace":"default","id":4,"title":"to-do 2""#))
            #expect(output.contains(#"{"workspace":"default","id":6,"title":"x","completed":f"#))
            #expect(output.contains(#"{"workspace":"a","last_id":2}"#))
            #expect(output.hasSuffix(Lines.end(todos: 8) + "\n"))
        }
    }

    @Test func `Standard input and output do as well as files`() throws {
        try withArchiveRig { rig in
            try rig.write(Self.rich, to: "a")
            let piped = try rig.shell(
                """
                martlet import --database sqlite:one < a && \
                martlet export --database sqlite:one | martlet import --database sqlite:two && \
                martlet export --database sqlite:two --output - > b && cmp a b
                """
            )
            #expect(piped.status == 0, "\(piped.output)")
        }
    }

    @Test func `A database that a server has open ends with 1 and one line`() throws {
        try withArchiveRig { rig in
            let server = try RunningCommand(["--development", "--port", "0"], in: rig.directory)
            #expect(server.waitForOutput("/mcp\n"))
            let outcome = try rig.export(nil)
            #expect(outcome.status == 1)
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.errors.contains("another process has it open"))
            #expect(try server.stop().status == 0)
            #expect(try rig.export(nil).status == 0)
        }
    }

    @Test(arguments: ["export", "import"])
    func `Databases that cannot be meant end with 78, and flags that contradict with 64`(
        command: String
    ) throws {
        try withArchiveRig { rig in
            func run(_ flags: [String]) throws -> RunningCommand.Outcome {
                try RunningCommand([command] + flags, in: rig.directory).outcome()
            }
            let memory = try run(["--database", "memory"])
            #expect(memory.status == 78)
            #expect(memory.errors.contains("belongs to the server's process"))
            let password = try run(["--database", "postgres://ada:hunter2@db.example/todos"])
            #expect(password.status == 78)
            #expect(password.errors.contains("MARTLET_DATABASE"))
            #expect(!password.errors.contains("hunter2"))
            #expect(try run(["--database", "mysql://x"]).status == 78)
            #expect(try run(["--database-seconds", "0"]).status == 78)
            #expect(try run(["--unknown"]).status == 64)
        }
    }

    @Test func `Two ways with existing to-dos exclude each other`() throws {
        try withArchiveRig { rig in
            let outcome = try rig.bring("a", into: "db", ["--keep-existing", "--new-ids"])
            #expect(outcome.status == 64)
        }
    }
}
