internal import Libuv
internal import PostgresClient
internal import Todos

/// What other processes change of tasks, once somebody wants to hear it.
///
/// Confined to its loop's thread.
final class TaskFeed {
    /// What `NOTIFY` says of tasks that have changed.
    static let letter: Character = "t"

    private let loop: EventLoop
    var hearer: StoredTaskHearer?

    init(on loop: EventLoop) {
        self.loop = loop
    }

    /// Tells other processes of a change, once it is there.
    static func notice(of change: Int64, by origin: Int64) -> PostgresCall {
        let payload = ProcessFeeds.payload(letter, origin: origin, number: change)
        return TodoStatements.notify(PostgresValue(payload))
    }

    var table: TableFeed.Table {
        TableFeed.Table(
            letter: Self.letter,
            ofNumbers: TaskStatements.ofChanges,
            recent: TaskStatements.recent,
            isWanted: { [weak self] in self?.hearer?.wantsChanges() ?? false },
            didRead: { [weak self] rows, row in self?.tell(rows, row) }
        )
    }

    /// Tells of a task that has changed, in the columns of ``TaskStatements``.
    func tell(_ rows: PostgresRows, _ row: Int) {
        guard let hearer else { return }
        let change = Change(
            id: rows.text(row, 1),
            owner: StoredTask.Owner(
                issuer: rows.text(row, 2),
                subject: rows.text(row, 3),
                workspace: rows.text(row, 4)
            ),
            hearer: hearer
        )
        loop.startTask(with: change) { await $0.tell() }
    }

    private final class Change {
        private let id: String
        private let owner: StoredTask.Owner
        private let hearer: StoredTaskHearer

        init(id: String, owner: StoredTask.Owner, hearer: StoredTaskHearer) {
            self.id = id
            self.owner = owner
            self.hearer = hearer
        }

        func tell() async {
            await hearer.didChange(id, owner)
        }
    }
}
