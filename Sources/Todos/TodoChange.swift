/// What an acknowledged write has changed, for whoever wants to hear of it.
public struct TodoChange: Hashable, Sendable {
    /// Lists of one state each; the list of both always changes along.
    public struct Lists: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let open = Lists(rawValue: 1 << 0)
        public static let completed = Lists(rawValue: 1 << 1)
    }

    /// The name of the workspace, outside of which nothing has changed.
    public let workspace: String

    /// The to-dos that were added, changed or deleted; not empty.
    public let ids: [Int64]

    public let lists: Lists

    /// - Precondition: There is an id.
    package init(workspace: String, ids: [Int64], lists: Lists) {
        self.workspace = workspace
        self.ids = ids
        self.lists = lists
    }

    /// - Returns: `nil` if nothing was changed.
    package init?(_ result: TodoWriteResult, of request: TodoWriteRequest) {
        guard !result.changedIDs.isEmpty else { return nil }
        workspace = request.caller.workspace
        ids = result.changedIDs
        lists =
            switch request.write {
            case .add, .addAll: .open
            case .complete: [.open, .completed]
            case .updateTitle, .delete: result.todo?.isCompleted == true ? .completed : .open
            case .deleteCompleted: .completed
            case .restore: [.open, .completed]
            }
    }
}

/// What became of a clearing.
public enum TodoClearingResult: Hashable, Sendable {
    /// How many were deleted, and whether there were more than one clearing takes.
    case cleared(count: Int, hasMore: Bool)

    /// Nothing was deleted, since these are not what was consented to.
    case needsConsent(CompletedTodos)
}
