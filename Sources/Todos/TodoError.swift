/// Why the to-do service did not do what it was asked to.
public enum TodoError: Error, Hashable, Sendable {
    case title(TodoTitleError)
    /// The title at `position`, counted from 1, of `count` that were to be added together.
    case titleInList(position: Int, count: Int, TodoTitleError)
    /// So many titles cannot be added together.
    case titleCountOutOfRange(Int)
    /// The caller took its call back before anything was changed.
    case cancelled
    case idempotencyKey(IdempotencyKeyError)
    case query(TodoQueryError)
    /// The workspace has no to-do of that id, whatever other workspaces may have.
    case noSuchTodo(id: Int64)
    case store(TodoStoreError)
}

extension TodoError: CustomStringConvertible {
    /// A sentence for the client, which tells what to do next and nothing of an inner cause.
    public var description: String {
        switch self {
        case .title(let error): error.description
        case .titleInList(let position, let count, let error):
            "Nothing was added, because of title \(position) of \(count). \(error.description)"
        case .titleCountOutOfRange(let count):
            "There are \(count) titles; send 1 to \(TodoImport.titleCountMax) at a time."
        case .cancelled:
            "The call was cancelled, and nothing was changed."
        case .idempotencyKey(let error): error.description
        case .query(let error): error.description
        case .noSuchTodo(let id):
            "There is no to-do with id \(id); list the to-dos to see which ids there are."
        case .store(let error): error.clientMessage
        }
    }
}
