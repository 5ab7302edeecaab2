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

    /// - Parameters:
    ///   - name: What `version()` returns.
    ///   - encoding: What `server_encoding` is.
    ///   - configuration: May say that less is to be made use of.
    init(
        name: String,
        encoding: String,
        _ configuration: PostgresTodoStore.Configuration
    ) {
        // YugabyteDB calls itself "PostgreSQL 11.2-YB-2.18…".
        let isPostgreSQL = name.hasPrefix("PostgreSQL ") && !name.contains("-YB-")
        isUTF8 = encoding == "UTF8"
        hasAdvisoryLocks = isPostgreSQL && configuration.usesAdvisoryLocks
        hasNotifications = isPostgreSQL
    }
}
