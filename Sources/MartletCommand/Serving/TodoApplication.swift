import JWT
import Libuv
import Logging
import Martlet
import TodoServer

/// The to-do server as a process: what it makes, opens, serves and closes, in this order.
struct TodoApplication {
    let settings: ServeSettings
    let logger: Logger

    init(_ settings: ServeSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Reads the settings, and finds what is wrong with them.
    typealias SettingsSource = () -> (settings: ServeSettings, mistakes: [SettingMistake])

    /// Serves until SIGTERM or SIGINT; SIGHUP has it read its files again.
    ///
    /// - Parameters:
    ///   - manager: Who has started the process, and is told how it does.
    ///   - predecessor: The server whose place this one takes, if there is one.
    ///   - sockets: What the manager or the predecessor listens on.
    ///   - read: Reads the settings again.
    /// - Throws: Whatever keeps the server from starting, in words for its operator.
    func run(
        under manager: ServiceManager,
        after predecessor: Predecessor?,
        on sockets: [ListeningSocket],
        reading read: @escaping SettingsSource
    ) async throws {
        let (secret, prepared) = try prepare()
        var configuration = prepared
        configuration.passedSockets = sockets
        let mustOutlive = settings.database.isOpenedOnce
        if let predecessor, mustOutlive {
            logger.notice("taking over: waiting for the database of the server before")
            predecessor.outlive()
            for index in configuration.passedSockets.indices {
                configuration.passedSockets[index].isShared = false
            }
        }
        let group = try EventLoopGroup(count: settings.loopCount)
        let changes = ChangeAnnouncer()
        let database = try await openDatabase(on: group, changes)
        var successors: SuccessorWatch?
        // Last: by then the server has stopped, and whatever it acknowledged is written.
        defer {
            database.closeFile()
            successors?.release()
        }
        configuration.taskStore = database.taskStore
        configuration.metricSources = database.metricSources
        configuration.loopsWillStop = database.closeConnections
        configuration.sessionStore = database.sessionStore
        let server: MCPServer
        do {
            server = try MCPServer(
                TodoFeatures.description(version: Version.text),
                features: TodoFeatures.features(
                    store: database.store,
                    group: group,
                    changes: changes
                ),
                configuration,
                changes: changes,
                on: group,
                logger: logger
            )
        } catch {
            group.stop()
            throw error
        }
        logger.info(
            """
            serving up to \(settings.connectionCountMax) connections on \(settings.loopCount) \
            event loops
            """
        )
        let welcome = try welcome(server, secret: secret)
        var lifecycle = ServerLifecycle()
        lifecycle.started = {
            do throws(LibuvError) {
                try OutputDescriptor.standardOutput.write(welcome.utf8.span)
            } catch {
                logger.warning("cannot say that the server listens: \(error)")
            }
            manager.ready("serving", logger)
            manager.watch(group, logger)
            successors = awaitSuccessor(of: server)
            if let predecessor, !mustOutlive { replace(predecessor, by: server) }
        }
        lifecycle.reload = {
            manager.reloading(logger)
            await reload(server, read)
            manager.ready("serving", logger)
        }
        lifecycle.stopping = {
            successors?.stop()
            manager.stopping("finishing open requests", logger)
        }
        try await server.run(lifecycle)
        logger.info("stopped")
    }

    /// Makes and reads the keys.
    func prepare() throws -> (secret: [UInt8]?, configuration: ServerConfiguration) {
        try TodoTrial.check(settings.policies)
        if settings.usesStateDirectory { try settings.state.make() }
        for warning in settings.trust.warnings + settings.tls.warnings {
            logger.warning("\(warning)")
        }
        let secret = try settings.trust.own?.loadSecret()
        var configuration = try settings.configuration(
            secret: secret,
            sealKey: try settings.sealKey
                ?? SealKey.readingOrMaking(settings.state.sealKeyFile)
        )
        configuration.audit = try settings.audit?.configuration(settings.state)
        if let audit = configuration.audit {
            logger.info("audit log: \(audit.path), signed with \(audit.key.publicHalf)")
        }
        return (secret, configuration)
    }

    /// What standard output says when the server is ready.
    private func welcome(_ server: MCPServer, secret: [UInt8]?) throws(KeyError) -> String {
        let path = settings.place.endpointPath
        var text = ""
        let scheme = settings.tls.isOn ? "https" : "http"
        for address in server.addresses {
            let place = address.port == nil ? "\(address)" : "\(scheme)://\(address)\(path)"
            text += "listening on \(place)\n"
        }
        guard settings.isDevelopment, let issuer = settings.trust.own, let secret else {
            return text
        }
        let steps = try FirstSteps(
            server: server,
            endpointPath: path,
            issuer: issuer,
            secret: secret,
            now: NumericDate(seconds: WallClock.secondsSinceEpoch())
        )
        return text + steps.text
    }
}
