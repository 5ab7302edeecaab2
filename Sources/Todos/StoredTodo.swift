/// A to-do with all that a store knows of it.
public struct StoredTodo: Hashable, Sendable {
    public let todo: Todo

    /// The issuer (`iss`) within which ``Todo/createdBy`` is unique.
    public let issuer: String

    public init(_ todo: Todo, issuer: String) {
        self.todo = todo
        self.issuer = issuer
    }

    /// Whether two to-dos of one id are the same to the byte.
    ///
    /// Swift holds texts equal that differ in their bytes, "é" in its two spellings for one.
    func isIdentical(to other: StoredTodo) -> Bool {
        self == other && todo.title.utf8.elementsEqual(other.todo.title.utf8)
            && todo.createdBy.utf8.elementsEqual(other.todo.createdBy.utf8)
            && issuer.utf8.elementsEqual(other.issuer.utf8)
    }

    /// The same under another id.
    func withID(_ id: Int64) -> StoredTodo {
        StoredTodo(
            Todo(
                storedID: id,
                title: todo.title,
                isCompleted: todo.isCompleted,
                createdBy: todo.createdBy,
                createdAt: todo.createdAt,
                updatedAt: todo.updatedAt
            ),
            issuer: issuer
        )
    }
}
