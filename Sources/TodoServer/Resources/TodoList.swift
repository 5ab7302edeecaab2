internal import Martlet
internal import Todos

/// A list that is a resource: the first page of it.
enum TodoList: CaseIterable {
    case all, open, completed

    /// To-dos that the resource shows at most, the oldest ones; `list_todos` goes on from there.
    static let countMax = TodoQuery.limitMax

    var uri: String {
        switch self {
        case .all: TodoURI.all
        case .open: TodoURI.open
        case .completed: TodoURI.completed
        }
    }

    /// The state of its to-dos; `nil` for both.
    var isCompleted: Bool? {
        switch self {
        case .all: nil
        case .open: false
        case .completed: true
        }
    }

    /// Reads it as JSON.
    func contents(for call: TodoCall) async throws(RequestFailure) -> ResourceContents {
        let page = try await call.result { () async throws(TodoError) in
            try await call.service.list(
                limit: Self.countMax,
                isCompleted: isCompleted,
                for: call.caller
            )
        }
        return .text(
            TodoEncoding.encodeList(page).description,
            uri: uri,
            mimeType: TodoEncoding.mimeType
        )
    }

    var description: Resource.Description {
        Resource.Description(
            uri: uri,
            name: name,
            title: title,
            description: """
                \(subject) of the workspace as JSON, in the order they were added: the first \
                \(Self.countMax), and their count. If there is a next_cursor there are more: call \
                list_todos with it as cursor\(sameState).
                """,
            mimeType: TodoEncoding.mimeType,
            annotations: ContentAnnotations(audience: [.user, .assistant], priority: priority)
        )
    }

    private var name: String {
        switch self {
        case .all: "all_todos"
        case .open: "open_todos"
        case .completed: "completed_todos"
        }
    }

    private var title: String {
        switch self {
        case .all: "All to-dos"
        case .open: "Open to-dos"
        case .completed: "Completed to-dos"
        }
    }

    private var subject: String {
        switch self {
        case .all: "The to-dos, open and completed,"
        case .open: "The to-dos that are still open"
        case .completed: "The to-dos that are done"
        }
    }

    private var sameState: String {
        switch self {
        case .all: ""
        case .open: " and completed: false"
        case .completed: " and completed: true"
        }
    }

    private var priority: Double {
        switch self {
        case .all: 0.5
        case .open: 0.8
        case .completed: 0.2
        }
    }
}
