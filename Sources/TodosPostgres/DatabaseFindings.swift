internal import PostgresClient

/// What a database that speaks PostgreSQL's protocol is able to do.
struct DatabaseFindings: Hashable, Sendable {
    /// Whether every text can be stored.
    let isUTF8: Bool

    /// Whether advisory locks exclude anybody.
    ///
    /// Others than PostgreSQL itself have the functions, and lock nothing.
    let hasAdvisoryLocks: Bool

    /// Whether `NOTIFY` reaches who listens.
    let hasNotifications: Bool

    /// Whether connections are made through something that may share them out.
    let isShared: Bool

    /// Whether tables are looked for where the URL says.
    let isSearchPathHeeded: Bool

    /// - Parameters:
    ///   - name: What `version()` returns.
    ///   - encoding: What `server_encoding` is.
    ///   - searchPath: What `search_path` is.
    ///   - isShared: Whether the connection that tells so may be shared out.
    ///   - configuration: May say that less is to be made use of.
    init(
        name: String,
        encoding: String,
        searchPath: String,
        isShared: Bool,
        _ configuration: PostgresTodoStore.Configuration
    ) {
        // YugabyteDB calls itself "PostgreSQL 11.2-YB-2.18…".
        let isPostgreSQL = name.hasPrefix("PostgreSQL ") && !name.contains("-YB-")
        isUTF8 = encoding == "UTF8"
        hasAdvisoryLocks = isPostgreSQL && configuration.usesAdvisoryLocks
        hasNotifications = isPostgreSQL
        self.isShared = isShared
        isSearchPathHeeded = !isShared || Self.heeds(configuration.url.options, searchPath)
    }

    /// Whether what a pooler was asked for is what there is: some are told to ignore it, and the
    /// tables would then be somebody else's (`ignore_startup_parameters` of PgBouncer).
    private static func heeds(_ options: String?, _ searchPath: String) -> Bool {
        func bare(_ text: String) -> String { text.filter { !" \\\"'".contains($0) } }
        guard let options, options.contains("search_path") else { return true }
        return bare(options).contains("search_path=" + bare(searchPath))
    }
}
