import Libuv
import Logging
import Martlet
import PostgresClient
import TodoServer
import Todos
import TodosPostgres
import TodosSQLite

/// The stores, and what must be done when they are no longer needed.
struct Database {
    let store: any TodoStore
    let taskStore: any TaskStore

    /// What operators are told of it.
    var metricSources: [@Sendable () -> [MetricFamily]] = []

    /// `nil` where one process has the database.
    var sessionStore: (any SessionStore)?

    /// While the loops still run.
    var closeConnections: @Sendable () async -> Void = {}

    /// When nothing runs any more.
    var closeFile: () -> Void = {}
}

extension TodoApplication {
    /// Opens the database; if that fails the loops are stopped.
    func openDatabase(
        on group: EventLoopGroup,
        _ changes: ChangeAnnouncer
    ) async throws -> Database {
        do {
            switch settings.database {
            case .memory:
                logger.notice("to-dos are kept in memory and end with this process")
                return Database(store: MemoryTodoStore(), taskStore: MemoryTaskStore())
            case .sqlite(let configuration): return try openFile(configuration)
            case .postgres(let configuration):
                return try await connect(configuration, on: group, changes)
            }
        } catch {
            group.stop()
            throw error
        }
    }

    private func openFile(
        _ configuration: SQLiteTodoStore.Configuration
    ) throws(TodoDatabaseError) -> Database {
        let logger = logger
        let sqlite = try PrivateFiles.create { () throws(TodoDatabaseError) in
            try SQLiteTodoStore(configuration) { error in
                logger.error("database: \(error)")
            }
        }
        return Database(
            store: sqlite,
            taskStore: DatabaseTaskStore(sqlite),
            metricSources: [{ sqlite.metrics }],
            closeFile: { sqlite.close() }
        )
    }

    private func connect(
        _ configuration: PostgresTodoStore.Configuration,
        on group: EventLoopGroup,
        _ changes: ChangeAnnouncer
    ) async throws(PostgresStoreError) -> Database {
        let logger = logger
        let postgres = try await PostgresTodoStore.open(
            configuration,
            on: group,
            hearing: PostgresTodoStore.Hearing(
                isWanted: { changes.isHeard },
                didHear: { changes.announce($0) }
            )
        ) { Self.log($0, to: logger) }
        return Database(
            store: postgres,
            taskStore: DatabaseTaskStore(postgres),
            metricSources: [{ postgres.metrics }],
            sessionStore: PostgresSessionStore(postgres),
            closeConnections: { await postgres.close() }
        )
    }

    private static func log(_ event: PostgresEvent, to logger: Logger) {
        let text = "database: \(event.text)"
        switch event {
        case .failed: logger.error("\(text)")
        case .recovered, .isShared: logger.notice("\(text)")
        }
    }
}
