/// A change to the to-do list.
public enum TodoWrite: Hashable, Sendable {
    case add(title: TodoTitle)

    /// Adds to-dos in this order, all of them or none; their ids follow each other.
    case addAll(titles: [TodoTitle])

    case complete(id: Int64)
    case updateTitle(id: Int64, title: TodoTitle)
    case delete(id: Int64)

    /// Deletes what is completed, all of it or nothing.
    case deleteCompleted(TodoClearing)

    /// Adds to-dos that were read elsewhere, all that are missing or none.
    case restore(TodoRestoration)
}

extension TodoWrite {
    /// The kind of write, as stores record it beside an idempotency key.
    ///
    /// Stored: a name never changes its meaning.
    public var kind: String {
        switch self {
        case .add: "add"
        case .addAll: "add_all"
        case .complete: "complete"
        case .updateTitle: "update_title"
        case .delete: "delete"
        case .deleteCompleted: "delete_completed"
        case .restore: "restore"
        }
    }

    /// The arguments in one spelling, which two writes of a kind share only if they are the same.
    ///
    /// Stored beside an idempotency key. The title comes last, so that no title can pass for an id,
    /// and no title has a line feed in it. Who agreed to a deletion is no argument of it: a retry
    /// comes before anybody has been asked again. Of a restoration only the number of to-dos is:
    /// its key is made from their content.
    public var arguments: String {
        switch self {
        case .add(let title): title.text
        case .addAll(let titles): titles.map(\.text).joined(separator: "\n")
        case .complete(let id), .delete(let id): "\(id)"
        case .updateTitle(let id, let title): "\(id) \(title.text)"
        case .deleteCompleted(let clearing): clearing.statedCount.map { "\($0)" } ?? ""
        case .restore(let restoration): "\(restoration.todos.count)"
        }
    }

    /// How many to-dos the write changes at most: what it costs beside others.
    public var todoCountMax: Int {
        switch self {
        case .add, .complete, .updateTitle, .delete: 1
        case .addAll(let titles): titles.count
        case .deleteCompleted: TodoClearing.countMax
        case .restore(let restoration): max(1, restoration.todos.count)
        }
    }
}
