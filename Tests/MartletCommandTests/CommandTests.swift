import Foundation
import MartletCommand
import Testing

@Suite("The martlet command", .timeLimit(.minutes(2)))
struct CommandTests {
    private static let curl = "/usr/bin/curl"
    private static let hasCurl = FileManager.default.isExecutableFile(atPath: curl)

    @Test(.enabled(if: hasCurl, "needs curl"))
    func `The curl line of a development server returns the tools, and SIGTERM ends it with 0`()
        throws
    {
        try withTemporaryDirectory { directory in
            let server = try RunningCommand(
                ["serve", "--development", "--port", "0"],
                in: directory
            )
            #expect(server.waitForOutput("\n}\n"))
            let line = try #require(
                server.output.split(separator: "\n").first { $0.hasPrefix("curl ") }
            )
            let answer = try shell(String(line))
            #expect(answer.contains(#""name":"add_todo""#))
            #expect(answer.contains(#""name":"delete_todo""#))

            let state = "\(directory)/.martlet"
            #expect(try mode(of: state) == 0o700)
            for file in ["jwt.key", "seal.key", "todos.db"] {
                #expect(try mode(of: "\(state)/\(file)") == 0o600, "\(file)")
            }
            #expect(try server.stop().status == 0)
        }
    }

    @Test(.enabled(if: hasCurl, "needs curl"))
    func `A token of the command opens a server with the same settings, and no other`() throws {
        try withTemporaryDirectory { directory in
            let settings = [
                "JWT_SECRET": String(repeating: "s", count: 40),
                "JWT_AUDIENCE": "https://todos.example/mcp",
                "JWT_ISSUER": "https://issuer.example",
            ]
            let server = try RunningCommand(["--port", "0"], environment: settings, in: directory)
            #expect(server.waitForOutput("/mcp\n"))
            let url = try #require(server.output.split(separator: " ").last)
                .trimmingCharacters(in: .whitespacesAndNewlines)

            func status(_ environment: [String: String]) throws -> String {
                let made = try RunningCommand(
                    ["token", "--role", "readonly"],
                    environment: environment,
                    in: directory
                ).outcome()
                #expect(made.status == 0)
                #expect(made.errors.isEmpty)
                #expect(made.output.split(separator: "\n").count == 1)
                let token = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
                return try shell(
                    """
                    \(Self.curl) -sS -o /dev/null -w '%{http_code}' '\(url)' \
                    -H 'Authorization: Bearer \(token)' -H 'Content-Type: application/json' \
                    -d '{"jsonrpc":"2.0","method":"notifications/initialized"}'
                    """
                )
            }
            #expect(try status(settings) != "401")
            #expect(try status(settings.merging(["JWT_ISSUER": "other"]) { $1 }) == "401")
            #expect(try status(settings.merging(["JWT_AUDIENCE": "other"]) { $1 }) == "401")
            let otherSecret = String(repeating: "t", count: 40)
            #expect(try status(settings.merging(["JWT_SECRET": otherSecret]) { $1 }) == "401")
            #expect(try server.stop().status == 0)
        }
    }

    @Test func `Wrong settings end with 78 and a line for each, and make nothing`() throws {
        try withTemporaryDirectory { directory in
            let outcome = try RunningCommand(
                ["serve", "--port", "x", "--head-seconds", "-1", "--listen", "0.0.0.0:1"],
                environment: ["JWT_SECRET": "hunter2", "JWT_EXPIRY": "forever"],
                in: directory
            ).outcome()
            #expect(outcome.status == 78)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errorLines.count == 5)
            #expect(outcome.errorLines.allSatisfy { $0.hasPrefix("martlet: ") })
            #expect(!outcome.errors.contains("hunter2"))
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/.martlet"))
        }
    }

    @Test func `A port in use ends with 1 and one line that names the remedy`() throws {
        try withTemporaryDirectory { directory in
            let first = try RunningCommand(["--development", "--port", "0"], in: directory)
            #expect(first.waitForOutput("/mcp\n"))
            let port = try #require(
                first.output.firstMatch(of: /127\.0\.0\.1:(\d+)/).map { String($0.1) }
            )
            let second = try RunningCommand(
                [
                    "--development", "--port", port, "--database", "memory", "--log-level",
                    "warning",
                ],
                in: directory
            ).outcome()
            #expect(second.status == 1)
            #expect(second.errorLines.count == 1)
            #expect(second.errors.contains("EADDRINUSE"))
            #expect(second.errors.contains("--port"))
            #expect(try first.stop().status == 0)
        }
    }

    @Test func `A database that another server has open ends with 1 and one line`() throws {
        try withTemporaryDirectory { directory in
            let first = try RunningCommand(["--development", "--port", "0"], in: directory)
            #expect(first.waitForOutput("/mcp\n"))
            let second = try RunningCommand(["--development", "--port", "0"], in: directory)
                .outcome()
            #expect(second.status == 1)
            #expect(second.errorLines.count == 1)
            #expect(second.errors.contains("todos.db"))
            #expect(try first.stop().status == 0)
        }
    }

    @Test func `A UNIX domain socket is announced by its path`() throws {
        try withTemporaryDirectory { directory in
            let server = try RunningCommand(
                ["--development", "--listen", "unix:mcp.sock", "--listen", "127.0.0.1:0"],
                in: directory
            )
            #expect(server.waitForOutput("/mcp\n"))
            #expect(server.output.hasPrefix("listening on unix:mcp.sock\nlistening on http://127."))
            #expect(try server.stop().status == 0)
        }
    }

    @Test func `A token without a key names the remedy`() throws {
        try withTemporaryDirectory { directory in
            let outcome = try RunningCommand(["token", "--role", "user"], in: directory).outcome()
            #expect(outcome.status == 78)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains("serve --development"))
        }
    }

    @Test func `The version is one line`() throws {
        try withTemporaryDirectory { directory in
            let outcome = try RunningCommand(["version"], in: directory).outcome()
            #expect(outcome.status == 0)
            #expect(outcome.output == "martlet \(Version.text)\n")
        }
    }

    private func shell(_ line: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }
}
