/// A change to the to-do list.
public enum TodoWrite: Hashable, Sendable {
    case add(title: TodoTitle)
    case complete(id: Int64)
    case updateTitle(id: Int64, title: TodoTitle)
    case delete(id: Int64)
}

extension TodoWrite {
    /// The kind of write, as stores record it beside an idempotency key.
    ///
    /// Stored: a name never changes its meaning.
    public var kind: String {
        switch self {
        case .add: "add"
        case .complete: "complete"
        case .updateTitle: "update_title"
        case .delete: "delete"
        }
    }

    /// The arguments in one spelling, which two writes of a kind share only if they are the same.
    ///
    /// Stored beside an idempotency key. The title comes last, so that no title can pass for an id.
    public var arguments: String {
        switch self {
        case .add(let title): title.text
        case .complete(let id), .delete(let id): "\(id)"
        case .updateTitle(let id, let title): "\(id) \(title.text)"
        }
    }
}
