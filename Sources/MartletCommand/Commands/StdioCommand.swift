import ArgumentParser
import Foundation
import Libuv
import Logging
import Martlet

/// Serves the one client that started the process.
package struct StdioCommand: AsyncParsableCommand {
    /// The variable that holds the token of whom the process acts for.
    package static let tokenVariable = "MARTLET_TOKEN"

    /// The variable that holds its API key instead.
    package static let apiKeyVariable = "MARTLET_API_KEY"

    package static let configuration = CommandConfiguration(
        commandName: "stdio",
        abstract: "Serve the to-do list to one client on standard input and output.",
        discussion: """
            The process acts for the bearer of the token in \(tokenVariable), or of the API key in \
            \(apiKeyVariable), which is verified as `martlet serve` with the same settings would. \
            Without either, and where neither a secret nor an issuer is set, it acts in the role \
            that --role names.
            """
    )

    @Option(help: ArgumentHelp("Act in this role without a token.", valueName: "role"))
    var role: String?

    @OptionGroup(title: "Place and tokens")
    var place: PlaceFlags

    @OptionGroup(title: "Service")
    var service: StdioFlags

    package init() {}

    /// The settings among the flags.
    package var given: [Setting: [String]] {
        place.given.merging(service.given) { _, new in new }
    }

    package func run() async throws {
        do {
            let descriptorCountMax = try DescriptorLimit.raise()
            var reader = place.reader(and: given)
            let settings = StdioSettings(
                &reader,
                role: role,
                token: ProcessInfo.processInfo.environment[Self.tokenVariable],
                apiKey: ProcessInfo.processInfo.environment[Self.apiKeyVariable],
                descriptorCountMax: descriptorCountMax
            )
            try CommandFailure.check(reader.mistakes)
            guard let credentials = settings.credentials else {
                preconditionFailure("who has no credentials has made a mistake")
            }
            let logLevel = settings.service.logLevel
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = logLevel
                return handler
            }
            let application = TodoApplication(settings.service, logger: Logger(label: "martlet"))
            try await application.runStdio(as: credentials)
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
