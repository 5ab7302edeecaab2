import ArgumentParser
import Libuv
import Logging

/// Serves until it is asked to end.
package struct ServeCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the to-do list (the default).",
        discussion: """
            Every flag but --config and --development is also an environment variable and a member \
            of the configuration file; docs/Configuration.md lists them.
            """
    )

    @Flag(help: "Make a key and a database on first use, and print tokens to try them with.")
    var development = false

    @OptionGroup(title: "Place and tokens")
    var place: PlaceFlags

    @OptionGroup(title: "Service")
    var service: ServeFlags

    @OptionGroup(title: "Limits")
    var limits: LimitFlags

    package init() {}

    /// The settings among the flags.
    package var given: [Setting: [String]] {
        place.given.merging(service.given) { _, new in new }
            .merging(limits.given) { _, new in new }
    }

    package func run() async throws {
        do {
            let descriptorCountMax = try DescriptorLimit.raise()
            var reader = place.reader(and: given)
            let settings = ServeSettings(
                &reader,
                isDevelopment: development,
                descriptorCountMax: descriptorCountMax
            )
            try CommandFailure.check(reader.mistakes)
            let logLevel = settings.logLevel
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = logLevel
                return handler
            }
            try await TodoApplication(settings, logger: Logger(label: "martlet")).run()
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
