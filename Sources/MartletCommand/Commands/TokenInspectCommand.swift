import ArgumentParser
import JWT
import Libuv
import Martlet

/// Shows what is in a token, and what a server with the same settings makes of it.
package struct TokenInspectCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in a token, and whether and why a server would refuse it.",
        discussion: """
            The token is never sent anywhere, and nothing is fetched. What stands around it \
            (Bearer, quotation marks, white space) is left out and told. Neither the token nor its \
            signature is printed. Settings are read as `serve` reads them. Ends with 0 if the \
            token would be accepted, else with 1.
            """
    )

    @Argument(help: "The token; - reads standard input. Others can see it in the process list.")
    var token: String?

    @Option(help: ArgumentHelp("File with the token; - reads standard input.", valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "JWK Set with the keys of issuers whose keys a server would fetch.",
            valueName: "file"
        )
    )
    var keySet: String?

    @OptionGroup(title: "Policy")
    var policy: PolicyFlags

    @OptionGroup(title: "Settings")
    var place: PlaceFlags

    package init() {}

    package func validate() throws {
        guard (token == nil) != (tokenFile == nil) else {
            throw ValidationError("give either a token, --token-file or - for standard input")
        }
    }

    package func run() throws {
        do {
            guard try inspect() else { throw ExitCode.failure }
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func inspect() throws -> Bool {
        let text = try (token.map { .text($0) } ?? TokenSource.file(tokenFile ?? "-")).read()
        let anatomy = TokenAnatomy(text)
        let now = NumericDate(seconds: WallClock.secondsSinceEpoch())
        var report = TokenReport(text, anatomy, now: now)
        defer { for line in report.lines { print(line) } }

        var settings = place.reader(and: policy.given)
        let server: InspectionSettings
        do {
            let keySet = try keySet.map { path throws(KeySetFileError) in
                try KeySetFile(path: path)
            }
            server = try InspectionSettings(&settings, keySet: keySet)
        } catch {
            // What is in the token is known whatever is wrong with the settings.
            report.addFaults()
            throw error
        }
        let judgement = try TokenJudgement(
            of: text.token,
            anatomy,
            by: server.issuers,
            clockSkewSeconds: server.clockSkewSeconds,
            at: now
        )
        let verdict = server.trial.verdict(on: text.token.utf8.span, nowSeconds: now.seconds)
        report.add(judgement, verdict, of: server.trial)
        return report.isAccepted
    }
}
