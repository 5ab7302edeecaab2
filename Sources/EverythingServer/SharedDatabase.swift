import Logging
import Martlet
import PostgresClient
import TodoServer
import TodosPostgres

/// A database in which several of these servers keep their tasks, and what they tell each other of
/// sessions.
///
/// The one file here that knows more than the library: what `martlet` gives every server of its own.
enum SharedDatabase {
    /// Opens the database, and has the server use it.
    static func open(
        _ url: String,
        isPolled: Bool,
        on group: EventLoopGroup,
        for configuration: inout ServerConfiguration
    ) async throws {
        var database = PostgresTodoStore.Configuration(url: try PostgresURL(url))
        database.changes = isPolled ? .polling : .automatic
        let logger = Logger(label: "everything-server")
        let store = try await PostgresTodoStore.open(database, on: group) { event in
            logger.warning("database: \(event)")
        }
        configuration.taskStore = DatabaseTaskStore(store)
        configuration.sessionStore = PostgresSessionStore(store)
        configuration.loopsWillStop = { await store.close() }
    }
}
