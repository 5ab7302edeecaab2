import ArgumentParser
import JWT
import Libuv

/// Walks as a client of MCP does and names the first thing that is wrong.
package struct DoctorCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out why clients cannot use an MCP server, as they see it.",
        discussion: """
            Asks the URL without a token, reads what the challenge names, then the metadata and \
            keys of each authorization server; with a token it checks that and lists the tools. \
            It stops at the first thing that is wrong and says what to do. The token is sent to \
            the URL only, and only if it is meant for it.
            """
    )

    @Argument(help: "The URL of the MCP endpoint, as clients are told it.")
    var url: String

    @Option(help: ArgumentHelp("File with a token; - reads standard input.", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("Audience of the token (default: the URL).", valueName: "uri"))
    var audience: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    package init() {}

    package func validate() throws {
        guard WebAddress(url) != nil else {
            throw ValidationError("URL must be http(s)://HOST[:PORT][/PATH] without a fragment")
        }
    }

    package func run() async throws {
        do {
            guard let address = WebAddress(url) else { return }
            let subject = Examination.Subject(
                address,
                token: try tokenFile.map { path throws(TokenSourceError) in
                    try TokenSource.file(path).read()
                },
                audience: audience
            )
            guard try await examine(subject) else { throw ExitCode.failure }
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func examine(_ subject: Examination.Subject) async throws -> Bool {
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let loop = group.loops[0]
        let printsJSON = json
        let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
        let report = await withCheckedContinuation { continuation in
            loop.submit {
                let questioner = WebQuestioner(on: loop, token: subject.token?.token)
                loop.startTask(with: questioner) { questioner in
                    var report = ExaminationReport(url: subject.url.text)
                    let examination = Examination(
                        subject,
                        now: now,
                        ask: { question throws(NoAnswer) in
                            try await questioner.answer(to: question)
                        },
                        report: { finding in
                            report.findings.append(finding)
                            if !printsJSON { print(finding) }
                        }
                    )
                    _ = await examination.run()
                    questioner.close()
                    continuation.resume(returning: report)
                }
            }
        }
        if printsJSON { print(report.json) }
        return !report.findings.contains(where: \.isWrong)
    }
}
