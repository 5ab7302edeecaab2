import ArgumentParser
import Logging
import Martlet

/// Serves every feature of the protocol, in both eras, to whoever comes from this machine.
@main
struct EverythingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "everything-server",
        abstract: "A server with one of everything, for testing clients.",
        discussion: """
            It asks nobody for credentials and listens on loopback only. Several processes that \
            are given the same --seal-key-file serve the same clients; with the same --database \
            they share tasks, and what clients change of sessions, as well.
            """
    )

    @Option(help: "The port to listen on; 0 takes any.")
    var port: UInt16 = 3_000

    @Option(help: "Event loops to serve on.")
    var loops = 1

    @Option(
        help: ArgumentHelp(
            "What \"martlet keys seal\" made (default: a key of the process's own).",
            valueName: "file"
        )
    )
    var sealKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "A PostgreSQL database to share with other processes, which is in view.",
            valueName: "url"
        )
    )
    var database: String?

    @Flag(help: "Looks for what other processes do every second, instead of listening.")
    var polls = false

    func validate() throws {
        guard (1...64).contains(loops) else { throw ValidationError("--loops is 1 to 64") }
    }

    func run() async throws {
        _ = try DescriptorLimit.raise()
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .warning
            return handler
        }
        let sealKey = try sealKeyFile.map { try SealKeyFile.read($0) }
        var configuration = ServerConfiguration.insecureAnonymous(
            addresses: [.ipv4(host: "127.0.0.1", port: port)],
            sealKey: sealKey ?? .random()
        )
        // Everybody is one subject here, and a test suite is in a hurry.
        configuration.requestsPerSubject = .unlimited
        configuration.streamsPerSubjectMax = 10_000
        let group = try EventLoopGroup(count: loops)
        if let database {
            do {
                try await SharedDatabase.open(
                    database,
                    isPolled: polls,
                    on: group,
                    for: &configuration
                )
            } catch {
                group.stop()
                throw error
            }
        }
        let changes = ChangeAnnouncer()
        let server = try MCPServer(
            ServerDescription(
                name: "everything-server",
                title: "Everything Server",
                version: "1.0.0",
                instructions: "Every tool, resource and prompt tests one feature of a client."
            ),
            features: EverythingFeatures.all(changes),
            configuration,
            changes: changes,
            on: group,
            logger: Logger(label: "everything-server")
        )
        let watching = Task { await WatchedResource.change(announcing: changes) }
        try await server.run { Self.say("listening on \(server.url)") }
        watching.cancel()
    }

    /// Writes a line at once: `print` would keep it while standard output is a pipe.
    private static func say(_ line: String) {
        do throws(LibuvError) {
            try OutputDescriptor.standardOutput.write(ByteBuffer("\(line)\n").span)
        } catch {
            Logger(label: "everything-server").warning("\(error)")
        }
    }
}
