/// A store all of whose to-dos can be read, whatever workspace they are in.
///
/// For whoever keeps the store; no caller of the to-do list sees another workspace.
public protocol TodoArchive: TodoStore {
    /// How many to-dos there are in a workspace or, for `nil`, in all of them.
    ///
    /// Takes time in proportion to their number.
    func todoCount(in workspace: String?) async throws(TodoStoreError) -> Int

    /// Begins to read what the store has, piece by piece.
    ///
    /// What is read is the store as it is at one moment, in one that several processes share; in
    /// another nothing may be written to it meanwhile.
    ///
    /// - Parameter workspace: The one to read; `nil` is all of them.
    /// - Returns: A reader that must be closed.
    /// - Throws: ``TodoStoreError``
    func archive(of workspace: String?) async throws(TodoStoreError) -> TodoArchiveReader
}

/// A part of what a store has.
///
/// Workspaces come in the order of their names' bytes; of each first its to-dos in the order of
/// their ids, then its end, which a workspace without to-dos has as well.
public enum TodoArchiveEntry: Hashable, Sendable {
    case todo(StoredTodo, workspace: String)

    /// The greatest id that the workspace has ever given to a to-do.
    case end(workspace: String, lastID: Int64)
}

/// Reads the parts of what a store has, in their order, by one caller.
public struct TodoArchiveReader: Sendable {
    /// Entries that are read together, at most.
    public static let entryCountMax = 1_000

    /// Returns the next entries; none at the end.
    public let next: @Sendable () async throws(TodoStoreError) -> [TodoArchiveEntry]

    /// Gives back what reading takes.
    public let close: @Sendable () async -> Void

    public init(
        next: @escaping @Sendable () async throws(TodoStoreError) -> [TodoArchiveEntry],
        close: @escaping @Sendable () async -> Void = {}
    ) {
        self.next = next
        self.close = close
    }
}
