import PostgresClient

/// A database that cannot be used as it is named.
package enum DatabaseMistake: Hashable, Sendable {
    case url(Setting, SettingOrigin, PostgresURLError)
    /// Where others read it.
    case passwordInView(Setting, SettingOrigin)
    /// Several processes share the database, and each would have sealed with a key of its own.
    case noSealKey
    /// There is nothing to read or write when the process that has it is another one.
    case inMemory(SettingOrigin)
}

extension DatabaseMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        // The text is not repeated: there may be a password in it.
        case .url(let setting, let origin, let error):
            "\(setting.name(in: origin)) is \(error)"
        case .passwordInView(let setting, let origin):
            """
            \(setting.name(in: origin)) has a password in its URL, which others can read there; \
            set \(setting.environmentName) instead, or leave the password out and set PGPASSWORD \
            or PGPASSFILE
            """
        case .inMemory(let origin):
            """
            \(Setting.database.name(in: origin)) is memory, which belongs to the server's process; \
            name sqlite:PATH or postgres://… instead
            """
        case .noSealKey:
            """
            PostgreSQL is for several servers, and no key is named that all of them seal sessions \
            with; make one with `martlet keys seal --output FILE` and name it with \
            --seal-key-file
            """
        }
    }
}
