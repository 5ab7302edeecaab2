import ArgumentParser
import Foundation

/// Which database is exported or imported into.
struct ArchiveFlags: ParsableArguments {
    @Option(help: ArgumentHelp("JSON file with settings.", valueName: "file"))
    var config: String?

    @Option(.stateDirectory, "Where the database is (default: .martlet)", "directory")
    var stateDirectory: String?

    @Option(
        .database,
        "sqlite:PATH or postgres://… (default: todos.db in the state directory)",
        "where"
    )
    var database: String?

    @Option(.databaseSeconds, "Seconds for PostgreSQL to be had, and to answer")
    var databaseSeconds: String?

    @Option(.databaseConnectSeconds, "Seconds for a connection to PostgreSQL to open")
    var databaseConnectSeconds: String?

    @Option(help: ArgumentHelp("Only this workspace (default: all of them).", valueName: "name"))
    var workspace: String?

    /// The state directory and the database.
    ///
    /// - Throws: Status 78, after every mistake was printed.
    func places() throws -> (state: StateDirectory, database: ServeSettings.Database) {
        var flags: [Setting: [String]] = [:]
        flags.add(.stateDirectory, stateDirectory)
        flags.add(.database, database)
        flags.add(.databaseSeconds, databaseSeconds)
        flags.add(.databaseConnectSeconds, databaseConnectSeconds)
        let environment = ProcessInfo.processInfo.environment
        let variable = environment[PlaceFlags.configVariable].flatMap { $0.isEmpty ? nil : $0 }
        var settings = SettingsReader(
            flags: flags,
            environment: environment,
            file: (config ?? variable).map { SettingsFile(path: $0) }
        )
        let state = StateDirectory(
            path: settings.text(.stateDirectory)?.text ?? StateDirectory.pathDefault
        )
        // Nothing is sealed here.
        let database = ServeSettings.database(&settings, state: state, isSealKeySet: true)
        if database == .memory {
            settings.report(.database(.inMemory(settings.origin(of: .database) ?? .flag)))
        }
        try CommandFailure.check(settings.mistakes)
        return (state, database)
    }
}
