import ArgumentParser
import Libuv
import Martlet

/// Compares what the policy decides with a table of what it should.
package struct PolicyTestCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run a table of expected decisions.",
        discussion: """
            Prints every case that is decided otherwise, and how many passed and failed. Ends with \
            1 if any failed.
            """
    )

    @Argument(help: ArgumentHelp("JSON file with the cases.", valueName: "file"))
    var table: String

    @OptionGroup(title: "Policy")
    var policy: PolicyFlags

    @OptionGroup(title: "Settings")
    var place: PlaceFlags

    package init() {}

    package func run() throws {
        do {
            var settings = place.reader(and: policy.given)
            let trial = try TodoTrial.make(&settings, isTokenNeeded: false)
            let table = PolicyTable(
                content: try PolicyFileUnreadable.read(
                    table,
                    byteCountMax: PolicyTable.byteCountMax
                ),
                path: table
            )
            try CommandFailure.check(table.mistakes.map { .policy(.table($0)) })
            let run = PolicyTableRun(
                table,
                on: trial,
                nowSeconds: WallClock.secondsSinceEpoch()
            )
            try OutputDescriptor.standardOutput.write(run.text.utf8.span)
            if !run.failures.isEmpty { throw ExitCode.failure }
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
