import Todos

/// Why an import has stopped before the end.
enum ArchiveImportError: Error, Hashable, Sendable {
    case unreadable(ArchiveUnreadable)
    case line(Int, ArchiveLineError)
    case conflict(Int, workspace: String, id: Int64, TodoConflict.Reason)
    case store(TodoStoreError)
    /// The last line is missing, behind this one.
    case cutOff(lineNumber: Int)
}

extension ArchiveImportError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .line(let number, let error): "line \(number): \(error)"
        case .conflict(let number, let workspace, let id, .differs):
            """
            line \(number): workspace \(workspace.quoted) has another to-do \(id), or that one was \
            changed since; import into a database without it, leave it as it is with \
            --keep-existing, or add all to-dos under other ids with --new-ids
            """
        case .conflict(let number, let workspace, let id, .deleted):
            """
            line \(number): to-do \(id) of workspace \(workspace.quoted) was deleted since, and its \
            id is not given again; leave it out with --keep-existing, or add all to-dos under \
            other ids with --new-ids
            """
        case .store(let error): "\(error)"
        case .cutOff(let number):
            """
            the archive ends after line \(number) without its last line: it was cut off, and what \
            there is of it was imported
            """
        }
    }
}
