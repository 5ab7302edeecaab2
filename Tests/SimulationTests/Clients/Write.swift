import ProtocolTestSupport

/// A change that an agent wants to be made once, however often it has to ask.
final class Write {
    enum Change {
        case add(title: String)
        case addAll(titles: [String])
        case complete(Agent.OwnTodo)
        case rename(Agent.OwnTodo, title: String)
        case delete(Agent.OwnTodo)
        /// Of a to-do that the workspace does not have.
        case completeNothing(id: Int)
        /// Under the key of another write.
        case addUnderUsedKey(title: String)
    }

    let change: Change

    /// `nil` for a write that is not repeated.
    let key: String?

    /// Whether the key comes as an argument, or beside them.
    private let isKeyAnArgument: Bool

    /// Whether its client wants to hear how far it is.
    let wantsProgress: Bool
    private let agent: Agent

    /// When it was first sent, by the time of day.
    var firstSentSeconds: Int64?

    /// Whether its client was told that it is done.
    var isAcknowledged = false

    init(
        _ change: Change,
        of agent: Agent,
        underUsedKey usedKey: String? = nil,
        using generator: inout SeededGenerator
    ) {
        self.change = change
        self.agent = agent
        let hasKey = Int.random(in: 0..<4, using: &generator) > 0
        key = usedKey ?? (hasKey ? agent.nextText("key") : nil)
        isKeyAnArgument = Bool.random(using: &generator)
        wantsProgress = Bool.random(using: &generator) && change.canTell
    }

    var tool: String {
        switch change {
        case .add, .addUnderUsedKey: "add_todo"
        case .addAll: "import_todos"
        case .complete, .completeNothing: "complete_todo"
        case .rename: "update_todo_text"
        case .delete: "delete_todo"
        }
    }

    /// The JSON of its arguments.
    var arguments: String {
        var members =
            switch change {
            case .add(let title), .addUnderUsedKey(let title): [#""title":"\#(title)""#]
            case .addAll(let titles):
                ["\"titles\":[\(titles.map { "\"\($0)\"" }.joined(separator: ","))]"]
            case .complete(let todo), .delete(let todo): ["\"id\":\(todo.id)"]
            case .completeNothing(let id): ["\"id\":\(id)"]
            case .rename(let todo, let title): ["\"id\":\(todo.id)", #""text":"\#(title)""#]
            }
        if let key, isKeyAnArgument { members.append(#""idempotency_key":"\#(key)""#) }
        return "{\(members.joined(separator: ","))}"
    }

    /// What it adds to `_meta`, if anything.
    func meta(_ id: String) -> String? {
        var members: [String] = []
        if let key, !isKeyAnArgument { members.append(#""dev.martlet/idempotencyKey":"\#(key)""#) }
        if wantsProgress { members.append("\"progressToken\":\(id)") }
        return members.isEmpty ? nil : members.joined(separator: ",")
    }

    /// The to-do that it is about, if it is about one.
    var todoID: Int? {
        switch change {
        case .complete(let todo), .delete(let todo), .rename(let todo, _): todo.id
        case .completeNothing(let id): id
        case .add, .addAll, .addUnderUsedKey: nil
        }
    }

    /// The titles of what it adds.
    var titles: [String] {
        switch change {
        case .add(let title): [title]
        case .addAll(let titles): titles
        case .complete, .rename, .delete, .completeNothing, .addUnderUsedKey: []
        }
    }

    var identity: WriteIdentity {
        let (kind, arguments) =
            switch change {
            case .add(let title), .addUnderUsedKey(let title): ("add", title)
            case .addAll(let titles): ("add_all", titles.joined(separator: "\n"))
            case .complete(let todo): ("complete", "\(todo.id)")
            case .completeNothing(let id): ("complete", "\(id)")
            case .rename(let todo, let title): ("update_title", "\(todo.id) \(title)")
            case .delete(let todo): ("delete", "\(todo.id)")
            }
        return WriteIdentity(
            workspace: agent.workspace,
            subject: agent.name,
            kind: kind,
            arguments: arguments,
            key: key
        )
    }

    // What becomes of it.

    /// It is done, as the answer says.
    func succeed(with result: JSONTree) {
        isAcknowledged = true
        if case .add = change, let key { agent.usedKeys.append(key) }
        switch change {
        case .add(let title):
            if let id = result["todo"]?["id"]?.integer {
                agent.todos.append(Agent.OwnTodo(id: id, title: title))
            }
        case .addAll(let titles):
            guard let first = result["first_id"]?.integer else { return }
            for (offset, title) in titles.enumerated() {
                agent.todos.append(Agent.OwnTodo(id: first + offset, title: title))
            }
        case .complete(let todo): agent.todos.append(todo)
        case .rename(let todo, let title):
            agent.todos.append(Agent.OwnTodo(id: todo.id, title: title))
        case .delete, .completeNothing, .addUnderUsedKey: return
        }
    }

    /// It was not done, and is to be asked for again if it can be.
    ///
    /// What nobody knows of a to-do is left alone from then on.
    func fail() {
        if key != nil { agent.retries.append(self) }
    }
}

extension Write.Change {
    /// Whether something is said before it is done.
    fileprivate var canTell: Bool {
        if case .addAll = self { true } else { false }
    }
}
