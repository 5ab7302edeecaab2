import Foundation
import JWT
import MartletCommand
import Testing

@Suite("martlet token, keys and doctor as commands", .timeLimit(.minutes(3)))
struct TokenCommandTests {
    @Test(arguments: ["ES256", "EdDSA", "RS256", "PS512", "HS384"])
    func `A token of each kind of key is accepted by inspect with the same key`(
        algorithm: String
    ) throws {
        try withTemporaryDirectory { directory in
            try run(["keys", "generate", "--algorithm", algorithm], in: directory)
            let keys = "\(directory)/.martlet/signing-keys.json"
            let token = try run(
                [
                    "token", "--role", "user", "--key-file", keys, "--type", "at+jwt",
                    "--jwt-issuer", "https://login.example", "--audience", "https://x.example/mcp",
                ],
                in: directory
            ).output
            let issuer: String
            if algorithm.hasPrefix("HS") {
                // A secret is no part of a set that is fetched.
                issuer = #""key-files":[{"path":"\#(keys)"}],"algorithms":["\#(algorithm)"]"#
            } else {
                try run(["keys", "export"], in: directory).output
                    .write(toFile: "\(directory)/set.json", atomically: true, encoding: .utf8)
                issuer = #""algorithms":["\#(algorithm)"]"#
            }
            let config = #"""
                {"public-url":"https://x.example/mcp","issuers":[{"issuer":"https://login.example",
                \#(issuer),"workspace":{"absent":{"name":"default"}}}]}
                """#
            try config.write(
                toFile: "\(directory)/martlet.json",
                atomically: true,
                encoding: .utf8
            )
            try token.write(toFile: "\(directory)/token", atomically: true, encoding: .utf8)
            var arguments = [
                "token", "inspect", "--token-file", "token", "--config", "martlet.json",
            ]
            if !algorithm.hasPrefix("HS") { arguments += ["--key-set", "set.json"] }
            let report = try run(arguments, in: directory).output
            #expect(report.hasSuffix("accepted\n"))
            #expect(report.contains("tool delete_todo: forbidden"))
            #expect(!report.contains(token.split(separator: ".")[2]))
        }
    }

    @Test func `A token is shown without any settings, and what is missing is told`() throws {
        try withTemporaryDirectory { directory in
            let outcome = try RunningCommand(
                ["token", "inspect", "eyJhIjoxfQ.eyJzdWIiOiJhZGEifQ.AAAA"],
                in: directory
            ).outcome()
            #expect(outcome.status == 78)
            #expect(outcome.output.contains("\"sub\": \"ada\""))
            #expect(outcome.errors.contains("JWT_SECRET"))
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/.martlet"))
        }
    }

    @Test func `A token that would be refused ends inspect with 1 and every reason`() throws {
        try withTemporaryDirectory { directory in
            let environment = [
                "JWT_SECRET": String(repeating: "s", count: 40), "JWT_AUDIENCE": "here",
            ]
            let token = try run(
                ["token", "--role", "user", "--claim", "exp=1", "--audience", "there"],
                environment: environment,
                in: directory
            ).output
            let outcome = try RunningCommand(
                ["token", "inspect", "\"\(token)\""],
                environment: environment,
                in: directory
            ).outcome()
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("FAIL  audience: aud is \"there\""))
            #expect(outcome.output.contains("FAIL  time: expired"))
            #expect(outcome.output.contains("refused with 401"))
        }
    }

    @Test func `All mistakes in flags end with 64 and make nothing`() throws {
        try withTemporaryDirectory { directory in
            let token = try RunningCommand(
                ["token", "--role", "root", "--expires", "soon", "--algorithm", "ES256"],
                in: directory
            ).outcome()
            #expect(token.status == 64)
            for flag in ["--role", "--expires", "--algorithm"] {
                #expect(token.errors.contains(flag))
            }
            let keys = try RunningCommand(
                ["keys", "rotate", "--overlap", "x", "--algorithm", "RSA"],
                in: directory
            ).outcome()
            #expect(keys.status == 64)
            #expect(keys.errors.contains("--overlap") && keys.errors.contains("--algorithm"))
            #expect(try RunningCommand(["doctor", "x"], in: directory).outcome().status == 64)
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/.martlet"))
        }
    }

    @Test func `Keys are made, rotated and exported, and a seal key is never overwritten`() throws {
        try withTemporaryDirectory { directory in
            try run(["keys", "generate"], in: directory)
            let again = try RunningCommand(["keys", "generate"], in: directory).outcome()
            #expect(again.status == 1)
            #expect(again.errorLines.count == 1)
            let rotated = try run(["keys", "rotate", "--overlap", "2h"], in: directory)
            #expect(rotated.output.split(separator: "\n").count == 2)
            let set = try JWKSet(
                reading: try run(["keys", "export"], in: directory).output.utf8.span
            )
            #expect(set.keys.count == 2)
            #expect(set.privateKeyIndices.isEmpty)

            try run(["keys", "seal"], in: directory)
            #expect(try RunningCommand(["keys", "seal"], in: directory).outcome().status == 1)
            let secret = try run(
                ["keys", "generate", "--algorithm", "HS256", "--output", "secret"],
                in: directory
            )
            #expect(secret.errors.isEmpty)
            let exported = try RunningCommand(
                ["keys", "export", "--file", "secret"],
                in: directory
            ).outcome()
            #expect(exported.status == 1)
            #expect(exported.output.isEmpty)
            #expect(exported.errors.contains("shared secret"))
        }
    }

    @Test func `The doctor walks a real server to its tools, and stops at what is wrong`() throws {
        try withTemporaryDirectory { directory in
            let server = try RunningCommand(["--development", "--port", "0"], in: directory)
            #expect(server.waitForOutput("/mcp\n"))
            let url = try #require(
                server.output.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/).map { String($0.0) }
            )
            let token = try run(["token", "--role", "readonly"], in: directory).output
            try token.write(toFile: "\(directory)/token", atomically: true, encoding: .utf8)
            let walked = try run(["doctor", "\(url)/mcp", "--token-file", "token"], in: directory)
            #expect(walked.output.contains("ok    tools/list: 1 tools: list_todos"))
            #expect(walked.output.contains("ok    tools/list (legacy): 1 tools: list_todos"))
            #expect(!walked.output.contains(token.split(separator: ".")[1]))

            let wrong = try RunningCommand(["doctor", "\(url)/other"], in: directory).outcome()
            #expect(wrong.status == 1)
            #expect(wrong.output.hasPrefix("FAIL  challenge: 404"))

            try "\(token.dropLast(8))\n"
                .write(toFile: "\(directory)/cut", atomically: true, encoding: .utf8)
            let refused = try RunningCommand(
                ["doctor", "\(url)/mcp", "--token-file", "cut", "--json"],
                in: directory
            ).outcome()
            #expect(refused.status == 1)
            let json = try JSONValue(parsing: Array(refused.output.utf8))
            #expect(json["ok"] == .bool(false))
            #expect(try server.stop().status == 0)

            let gone = try RunningCommand(["doctor", "\(url)/mcp"], in: directory).outcome()
            #expect(gone.status == 1)
            #expect(gone.output.hasPrefix("FAIL  challenge: no answer"))
        }
    }

    /// Runs a command that must succeed.
    @discardableResult
    private func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        in directory: String
    ) throws -> RunningCommand.Outcome {
        let outcome = try RunningCommand(arguments, environment: environment, in: directory)
            .outcome()
        #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return outcome
    }
}
