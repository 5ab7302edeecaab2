internal import PostgresClient
internal import Todos

/// What other processes change of the to-dos.
enum ChangeFeed {
    /// What `NOTIFY` says of changes.
    static let letter: Character = "c"

    /// To-dos of one row that are told at most.
    private static let idCountMax = 10_000

    static func table(_ hearing: PostgresTodoStore.Hearing) -> TableFeed.Table {
        TableFeed.Table(
            letter: letter,
            ofNumbers: TodoStatements.changesOfBatches,
            recent: TodoStatements.recentChanges,
            isWanted: { hearing.isWanted() },
            didRead: { rows, row in
                if let change = change(rows, row) { hearing.didHear(change) }
            }
        )
    }

    /// - Returns: `nil` if the row is none that was written here.
    private static func change(_ rows: PostgresRows, _ row: Int) -> TodoChange? {
        let ids = IDList(stored: rows.text(row, 3)).ids(countMax: idCountMax) ?? []
        guard !ids.isEmpty else { return nil }
        let lists = UInt8(truncatingIfNeeded: rows.number(row, 2))
        return TodoChange(
            workspace: rows.text(row, 1),
            ids: ids,
            lists: TodoChange.Lists(rawValue: lists)
        )
    }
}
