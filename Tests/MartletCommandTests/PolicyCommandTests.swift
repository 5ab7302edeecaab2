import ArgumentParser
import Foundation
import MartletCommand
import Testing

@Suite("martlet policy", .timeLimit(.minutes(2)))
struct PolicyCommandTests {
    private static let policy = #"""
        { "tools": { "delete_todo": [
            { "permissions": ["delete:todos"] },
            { "permissions": ["update:todos"],
              "when": [ { "claim": "workspace", "prefix": "it" },
                        { "argument": "id", "in": [1, 2] } ] } ] },
          "roles": { "admin": "*", "user": ["update:todos", "list:tools", "call:tools"],
                     "cleaner": ["delete:todos", "call:tools"] } }
        """#

    private static let settings = [
        "JWT_SECRET": String(repeating: "s", count: 40),
        "JWT_AUDIENCE": "https://todos.example/mcp",
        "MARTLET_PUBLIC_URL": "https://todos.example/mcp",
    ]

    private func run(
        _ arguments: [String],
        in directory: String,
        _ environment: [String: String] = settings
    ) throws -> RunningCommand.Outcome {
        try RunningCommand(arguments, environment: environment, in: directory).outcome()
    }

    private func write(_ text: String, to name: String, in directory: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
    }

    private func writeToken(_ flags: [String], in directory: String) throws {
        let made = try run(["token"] + flags, in: directory)
        #expect(made.status == 0, "\(made.errors)")
        try write(made.output, to: "token", in: directory)
    }

    private func explain(
        _ flags: [String],
        in directory: String,
        _ environment: [String: String] = settings
    ) throws -> RunningCommand.Outcome {
        let arguments = ["policy", "explain", "--token-file", "token"] + flags
        return try run(arguments, in: directory, environment)
    }

    @Test func `A decision is explained rule by rule, and its status is that of the answer`()
        throws
    {
        try withTemporaryDirectory { directory in
            try write(Self.policy, to: "policy.json", in: directory)
            try writeToken(
                ["--role", "user", "--subject", "ada", "--workspace", "it-1"],
                in: directory
            )
            let flags = ["--policy-file", "policy.json", "--tool", "delete_todo"]
            let allowed = try explain(flags + ["--arguments", #"{"id":1}"#], in: directory)
            #expect(allowed.status == 0)
            for line in [
                "signature     verified",
                #"roles         "user": update:todos list:tools call:tools"#,
                "scope         no scope",
                "tool delete_todo has these rules in the policy:",
                "  ✗ rule 1",
                "      ✗ permission delete:todos: role or permissions claim withhold it",
                "  ✓ rule 2",
                "      ✓ permission update:todos",
                #"      ✓ claim workspace begins with "it""#,
                "      ✓ argument id is one of 1, 2",
                "decision      allowed",
            ] {
                #expect(allowed.output.contains(line + "\n"), "\(line)")
            }
            #expect(allowed.output.contains(#"token         "ada" of "martlet", workspace it-1"#))

            let refused = try explain(flags + ["--arguments", #"{"id":3}"#], in: directory)
            #expect(refused.status == 1)
            #expect(refused.output.contains("      ✗ argument id is one of 1, 2\n"))
            #expect(refused.output.contains("decision      forbidden\nanswer        403\n"))

            let open = try explain(flags, in: directory)
            #expect(open.status == 0)
            #expect(open.output.contains("      ? argument id is one of 1, 2\n"))
            #expect(open.output.contains("decision      depends on arguments\n"))
        }
    }

    @Test func `A scope too narrow is shown with the challenge and with what it does not name`()
        throws
    {
        try withTemporaryDirectory { directory in
            try writeToken(["--role", "user", "--scope", "read:todos openid"], in: directory)
            let outcome = try explain(["--tool", "add_todo"], in: directory)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains(#""openid": not known here, ignored"#))
            #expect(outcome.output.contains("permission create:todos: the scope leaves it out"))
            #expect(
                outcome.output.contains(
                    """
                    WWW-Authenticate: Bearer error="insufficient_scope", \
                    scope="create:todos call:tools", resource_metadata="\
                    https://todos.example/.well-known/oauth-protected-resource/mcp"
                    """
                )
            )
        }
    }

    @Test func `A token that the server would refuse is refused`() throws {
        try withTemporaryDirectory { directory in
            try writeToken(["--role", "user"], in: directory)
            let other = Self.settings.merging(
                ["JWT_SECRET": String(repeating: "t", count: 40)]
            ) { $1 }
            let outcome = try explain(["--method", "tools/list"], in: directory, other)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("token         refused: signature does not match"))
            #expect(outcome.output.contains("answer        401\n"))
        }
    }

    @Test(arguments: [
        [], ["--tool", "a", "--method", "b"], ["--method", "a", "--arguments", "{}"],
        ["--tool", "a", "--arguments", "[]"], ["--tool", "a", "--arguments", "{"],
    ])
    func `Flags that make no sense are a mistake in the command line`(flags: [String]) {
        #expect(throws: (any Error).self) {
            try PolicyExplainCommand.parse(["--token-file", "t"] + flags)
        }
    }

    @Test func `A tool that does not exist is answered with those that do`() throws {
        try withTemporaryDirectory { directory in
            try writeToken(["--role", "user"], in: directory)
            let outcome = try explain(["--tool", "fly"], in: directory)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("the server has no tool \"fly\"; it has add_todo, "))
        }
    }

    @Test func `A mistaken policy keeps everything from starting, each mistake on its line`() throws
    {
        try withTemporaryDirectory { directory in
            try write(
                "{\"tools\": {\"delete-todo\": [],\n\"fly\": []}}",
                to: "policy.json",
                in: directory
            )
            try write(#"{"cases": []}"#, to: "cases.json", in: directory)
            let policy = ["--policy-file", "policy.json"]
            for arguments in [
                ["serve", "--port", "0"] + policy,
                ["serve", "--port", "0", "--shadow-policy-file", "policy.json"],
                ["policy", "test", "cases.json"] + policy,
            ] {
                let outcome = try run(arguments, in: directory)
                #expect(outcome.status == 78)
                #expect(
                    outcome.errorLines == [
                        """
                        martlet: policy.json line 1: tools.delete-todo: the server has no tool \
                        "delete-todo"; did you mean "delete_todo"?
                        """,
                        #"martlet: policy.json line 2: tools.fly: the server has no tool "fly""#,
                    ]
                )
            }
            let missing = try run(["serve", "--policy-file", "nowhere"], in: directory)
            #expect(missing.status == 78)
            #expect(
                missing.errorLines
                    == ["martlet: cannot read nowhere: no such file or directory"]
            )
        }
    }

    @Test func `A table is run, failures are lines, and the status says whether there are any`()
        throws
    {
        try withTemporaryDirectory { directory in
            try write(Self.policy, to: "policy.json", in: directory)
            let passing = #"""
                { "role": "cleaner", "tool": "delete_todo", "expect": "allowed" },
                { "claims": { "role": "user", "workspace": "it-1" }, "tool": "delete_todo",
                  "arguments": { "id": 2 }, "expect": "allowed" },
                { "role": "user", "tool": "delete_todo", "arguments": { "id": 2 },
                  "expect": "forbidden" },
                { "role": "user", "scope": "list:tools", "tool": "update_todo_text",
                  "expect": "insufficient_scope", "needs": "call:tools update:todos" },
                { "role": "user", "method": "tools/list", "expect": "allowed" }
                """#
            try write("{\"cases\": [\(passing)]}", to: "cases.json", in: directory)
            let arguments = ["policy", "test", "cases.json", "--policy-file", "policy.json"]
            // Without a secret, since no token is verified.
            let passed = try run(arguments, in: directory, [:])
            #expect(passed.status == 0, "\(passed.errors)")
            #expect(passed.output == "5 passed, 0 failed\n")

            let failing = #"""
                { "name": "too much", "role": "user", "tool": "delete_todo", "expect": "allowed" },
                { "role": "user", "scope": "list:tools", "tool": "update_todo_text",
                  "expect": "insufficient_scope", "needs": "update:todos" },
                { "role": "user", "tool": "fly", "expect": "allowed" },
                { "claims": { "scope": 1 }, "tool": "list_todos", "expect": "allowed" }
                """#
            try write("{\"cases\": [\(passing),\(failing)]}", to: "cases.json", in: directory)
            let failed = try run(arguments, in: directory, [:])
            #expect(failed.status == 1)
            let lines = failed.output.split(separator: "\n")
            #expect(lines.count == 5)
            #expect(lines.first == #"case 6 "too much": expected allowed, decided forbidden"#)
            #expect(
                lines[1] == """
                    case 7: expected insufficient_scope (update:todos), decided insufficient_scope \
                    (update:todos call:tools)
                    """
            )
            #expect(lines[2].hasPrefix("case 8: expected allowed, but the server has no tool"))
            #expect(lines[3].hasPrefix("case 9: expected allowed, but a token with these claims"))
            #expect(lines.last == "5 passed, 4 failed")
        }
    }
}
