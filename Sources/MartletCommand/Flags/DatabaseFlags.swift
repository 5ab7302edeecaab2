import ArgumentParser

/// Flags that say where the to-dos are kept, whoever is served.
struct DatabaseFlags: ParsableArguments {
    @Option(
        .database,
        "sqlite:PATH, postgres://… or memory (default: todos.db in the state directory)",
        "where"
    )
    var database: String?

    @Option(.databaseQueueMax, "Requests that may wait for the database")
    var databaseQueueMax: String?

    @Option(.databaseConnections, "Connections of each loop to PostgreSQL")
    var databaseConnections: String?

    @Option(.databaseSeconds, "Seconds for PostgreSQL to be had, and to answer")
    var databaseSeconds: String?

    @Option(.databaseConnectSeconds, "Seconds for a connection to PostgreSQL to open")
    var databaseConnectSeconds: String?

    @Option(.databaseListenURL, "PostgreSQL itself where --database is a proxy", "url")
    var databaseListenURL: String?

    @Option(.databaseChanges, "Changes of other servers: auto, listen or poll", "how")
    var databaseChanges: String?

    @Option(.databasePrepare, "Prepared statements: auto, always or never", "when")
    var databasePrepare: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.database, database)
        flags.add(.databaseQueueMax, databaseQueueMax)
        flags.add(.databaseConnections, databaseConnections)
        flags.add(.databaseSeconds, databaseSeconds)
        flags.add(.databaseConnectSeconds, databaseConnectSeconds)
        flags.add(.databaseListenURL, databaseListenURL)
        flags.add(.databaseChanges, databaseChanges)
        flags.add(.databasePrepare, databasePrepare)
        return flags
    }
}
