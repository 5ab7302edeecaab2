/// What an agent asks for.
public enum Operation: String, CaseIterable, Codable, Hashable, Sendable {
    case listTools = "tools/list"
    case ping
    case listTodos = "list_todos"
    case addTodo = "add_todo"
    case completeTodo = "complete_todo"
    case updateTodoText = "update_todo_text"
    case deleteTodo = "delete_todo"

    /// A call of a tool that the agent's role may not call: 403 is the only right answer.
    case forbidden

    /// A request whose token has a wrong signature: 401 is the only right answer.
    case forged

    /// Its place among all cases: an index into arrays, which is quicker than hashing a name.
    var place: Int {
        switch self {
        case .listTools: 0
        case .ping: 1
        case .listTodos: 2
        case .addTodo: 3
        case .completeTodo: 4
        case .updateTodoText: 5
        case .deleteTodo: 6
        case .forbidden: 7
        case .forged: 8
        }
    }

    /// The status that the right answer has.
    var expectedStatus: Int {
        switch self {
        case .forbidden: 403
        case .forged: 401
        case .listTools, .ping, .listTodos, .addTodo, .completeTodo, .updateTodoText, .deleteTodo:
            200
        }
    }

    /// Whether it names a to-do that has to be there.
    var needsTodo: Bool {
        switch self {
        case .completeTodo, .updateTodoText, .deleteTodo: true
        case .listTools, .ping, .listTodos, .addTodo, .forbidden, .forged: false
        }
    }

    /// Whether an agent of the role can ask for it in the era.
    public func isPossible(for role: Role, in era: Era) -> Bool {
        switch self {
        case .ping: era == .legacy
        case .listTools, .listTodos, .forged: true
        case .addTodo, .completeTodo, .updateTodoText: role != .readonly
        case .deleteTodo: role == .admin
        case .forbidden: role != .admin
        }
    }
}

/// What the token of an agent says it may do: the roles of the server's to-do list.
public enum Role: String, CaseIterable, Codable, Hashable, Sendable {
    case admin, user, readonly

    /// A tool that the role may not call.
    var forbiddenTool: String {
        switch self {
        case .admin, .user: Operation.deleteTodo.rawValue
        case .readonly: Operation.addTodo.rawValue
        }
    }
}

/// Which of the two protocols behind one URL an agent speaks.
public enum Era: String, CaseIterable, Codable, Hashable, Sendable {
    /// 2026-07-28: every request says all there is to say.
    case modern
    /// 2025-11-25: `initialize` first, then a session.
    case legacy

    var protocolVersion: String {
        switch self {
        case .modern: "2026-07-28"
        case .legacy: "2025-11-25"
        }
    }
}
