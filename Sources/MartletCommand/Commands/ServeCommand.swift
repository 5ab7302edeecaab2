import ArgumentParser
import Foundation
import Libuv
import Logging

/// Serves until it is asked to end.
package struct ServeCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the to-do list (the default).",
        discussion: """
            Every flag but --config and --development is also an environment variable and a member \
            of the configuration file; docs/Configuration.md lists them. SIGHUP reads keys, policy \
            and deny list again; docs/Operations.md says how a server is run behind a balancer.
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
            let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
            let sockets = try manager.takeSockets()
            // Read again as a whole when the process is told to.
            let read: TodoApplication.SettingsSource = {
                var reader = place.reader(and: given)
                let settings = ServeSettings(
                    &reader,
                    isDevelopment: development,
                    descriptorCountMax: descriptorCountMax,
                    passedAddresses: sockets.map(\.address)
                )
                return (settings, reader.mistakes)
            }
            let (settings, mistakes) = read()
            try CommandFailure.check(mistakes)
            let logLevel = settings.logLevel
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = logLevel
                return handler
            }
            let application = TodoApplication(settings, logger: Logger(label: "martlet"))
            try await application.run(under: manager, sockets: sockets, reading: read)
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
