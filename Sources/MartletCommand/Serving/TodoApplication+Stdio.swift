import Libuv
import Logging
import Martlet
import TodoServer

extension TodoApplication {
    /// Serves whoever started the process, until standard input ends or SIGTERM or SIGINT comes.
    ///
    /// - Throws: Whatever keeps the server from starting, in words for its operator.
    func runStdio(as credentials: StdioCredentials) async throws {
        var (_, configuration) = try prepare()
        // The one client sees what it asks; whoever wants it recorded says so.
        if !settings.isAccessLogSet { configuration.accessLog = .none }
        let group = try EventLoopGroup(count: 1)
        let changes = ChangeAnnouncer()
        let database = try await openDatabase(on: group, changes)
        defer { database.closeFile() }
        configuration.taskStore = database.taskStore
        configuration.loopsWillStop = database.closeConnections
        let server: StdioServer
        do {
            server = try StdioServer(
                TodoFeatures.description(version: Version.text),
                features: TodoFeatures.features(
                    store: database.store,
                    group: group,
                    changes: changes
                ),
                configuration,
                as: credentials,
                changes: changes,
                on: group,
                logger: logger
            )
        } catch {
            group.stop()
            throw error
        }
        try await server.run()
        logger.info("stopped")
    }
}
