import AgentLoad
import ArgumentParser

/// Two runs beside each other.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show two results beside each other.",
        discussion: "The files are what `run --json` has written."
    )

    @Argument(help: "The result to compare with.")
    var first: String

    @Argument(help: "The result to compare.")
    var second: String

    @Option(help: ArgumentHelp("Write a report with charts of both.", valueName: "file"))
    var html: String?

    func run() throws {
        let results = [try ResultFile.read(first), try ResultFile.read(second)]
        let names = HTMLReport.names(of: results)
        let comparison = Comparison(results[0], results[1])
        Terminal.write(comparison.lines((names[0], names[1]), style: Terminal.style))
        if let html { try ResultFile.write(HTMLReport(results).html, to: html) }
    }
}

/// Results as a report.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a report with charts of one or more results."
    )

    @Argument(help: "What `run --json` has written; the first is compared with each of the others.")
    var results: [String]

    @Option(help: ArgumentHelp("Where to.", valueName: "file"))
    var html: String

    func run() throws {
        let results = try results.map(ResultFile.read)
        try ResultFile.write(HTMLReport(results).html, to: html)
    }
}
