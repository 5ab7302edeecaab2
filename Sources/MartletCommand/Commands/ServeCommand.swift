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

    @OptionGroup(title: "Watching")
    var watch: WatchFlags

    @OptionGroup(title: "Limits")
    var limits: LimitFlags

    package init() {}

    /// The settings among the flags.
    package var given: [Setting: [String]] {
        place.given.merging(service.given) { _, new in new }
            .merging(watch.given) { _, new in new }
            .merging(limits.given) { _, new in new }
    }

    private func read(
        _ descriptorCountMax: Int,
        _ sockets: [ListeningSocket]
    ) -> (settings: ServeSettings, mistakes: [SettingMistake]) {
        var reader = place.reader(and: given)
        let settings = ServeSettings(
            &reader,
            isDevelopment: development,
            descriptorCountMax: descriptorCountMax,
            passedAddresses: sockets.map(\.address)
        )
        return (settings, reader.mistakes)
    }

    package func run() async throws {
        do {
            let descriptorCountMax = try DescriptorLimit.raise()
            let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
            var sockets = try manager.takeSockets()
            var predecessor: Predecessor?
            var (settings, mistakes) = read(descriptorCountMax, sockets)
            try CommandFailure.check(mistakes)
            if let path = settings.handOverPath, let found = try Predecessor.find(at: path) {
                for socket in sockets { socket.close() }
                sockets = found.sockets
                predecessor = found
                (settings, mistakes) = read(descriptorCountMax, sockets)
                try CommandFailure.check(mistakes)
            }
            let logLevel = settings.logLevel
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = logLevel
                return handler
            }
            let application = TodoApplication(settings, logger: Logger(label: "martlet"))
            // Read again as a whole when the process is told to.
            try await application.run(under: manager, after: predecessor, on: sockets) {
                [sockets] in read(descriptorCountMax, sockets)
            }
        } catch {
            throw CommandFailure.status(of: error)
        }
    }
}
