import Martlet
import PostgresClient
import TodosPostgres
import TodosSQLite

extension ServeSettings {
    /// Where the to-dos are kept.
    package enum Database: Hashable, Sendable {
        case memory
        case sqlite(SQLiteTodoStore.Configuration)
        case postgres(PostgresTodoStore.Configuration)

        /// Descriptors that each loop needs for it.
        var descriptorsPerLoop: Int {
            switch self {
            case .memory, .sqlite: 0
            // One more than its connections: a name may be looked up meanwhile.
            case .postgres(let configuration): configuration.limits.connectionCountMax + 1
            }
        }
    }

    private static let filePrefix = "sqlite:"

    /// - Parameters:
    ///   - settings: What is set.
    ///   - state: Where the file is if nothing is set.
    ///   - isSealKeySet: Whether a key was named that other processes seal with as well.
    /// - Returns: The database; after a mistake, which has been reported, any.
    static func database(
        _ settings: inout SettingsReader,
        state: StateDirectory,
        isSealKeySet: Bool
    ) -> Database {
        let waitingMax = settings.number(.databaseQueueMax)
        let limits = PostgresLimits(
            connectionCountMax: settings.number(.databaseConnections),
            waitingCountMax: waitingMax,
            requestSeconds: settings.number(.databaseSeconds),
            connectSeconds: settings.number(.databaseConnectSeconds)
        )
        if let url = postgresURL(.database, &settings) {
            if !isSealKeySet { settings.report(.database(.noSealKey)) }
            var configuration = PostgresTodoStore.Configuration(url: url, limits: limits)
            configuration.listenURL = postgresURL(.databaseListenURL, &settings)
            configuration.changes = settings.choice(
                .databaseChanges,
                ["auto": .automatic, "listen": .listening, "poll": .polling],
                default: .automatic
            )
            configuration.preparation = settings.choice(
                .databasePrepare,
                ["auto": .unshared, "always": .everywhere, "never": .nowhere],
                default: .unshared
            )
            return .postgres(configuration)
        }
        let text = settings.text(.database) {
            $0 == "memory" || PostgresURL.isURL($0)
                || ($0.hasPrefix(filePrefix) && $0.count > filePrefix.count
                    && !$0.utf8.contains(0))
        }
        if text == "memory" { return .memory }
        return .sqlite(
            SQLiteTodoStore.Configuration(
                path: text.map { String($0.dropFirst(filePrefix.count)) } ?? state.databasePath,
                pendingRequestCountMax: waitingMax
            )
        )
    }

    /// - Returns: `nil` if the setting is none, or a wrong one, which has been reported.
    private static func postgresURL(
        _ setting: Setting,
        _ settings: inout SettingsReader
    ) -> PostgresURL? {
        guard let found = settings.text(setting) else { return nil }
        // Everything else that ``Setting/database`` may be is looked at afterwards.
        if setting == .database, !PostgresURL.isURL(found.text) { return nil }
        do throws(PostgresURLError) {
            let url = try PostgresURL(found.text)
            if url.hasPassword, found.origin != .environment {
                settings.report(.database(.passwordInView(setting, found.origin)))
            }
            return url
        } catch {
            settings.report(.database(.url(setting, found.origin, error)))
            return nil
        }
    }
}
