import PostgresClient

extension PostgresEvent {
    /// What happened and, where settings would help, which.
    var text: String {
        switch self {
        case .failed(let error) where error.cause == .shared:
            """
            \(error); changes of other servers are looked for every second instead; name \
            PostgreSQL itself in \(Setting.databaseListenURL.rawValue)
            """
        case .failed(let error) where error.isOfPreparation:
            """
            \(error); set \(Setting.databasePrepare.rawValue) to never
            """
        case .failed(let error): "\(error)"
        case .recovered: "connected again"
        case .isShared:
            """
            there is a pooler before PostgreSQL; nothing is prepared there unless \
            \(Setting.databasePrepare.rawValue) is always
            """
        }
    }
}
