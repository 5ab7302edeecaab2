/// A part of a workspace's list, in the order of ids.
public struct TodoPage: Hashable, Sendable {
    public let todos: [Todo]

    /// What ``TodoQuery/after`` must be for the next page; `nil` on the last.
    public let nextAfter: Int64?

    public init(todos: [Todo], nextAfter: Int64?) {
        self.todos = todos
        self.nextAfter = nextAfter
    }

    /// A page from one to-do more than asked for, which only tells that there is a next page.
    public init(oneMoreThan limit: Int, todos: [Todo]) {
        guard todos.count > limit else {
            self.init(todos: todos, nextAfter: nil)
            return
        }
        let page = Array(todos.prefix(limit))
        self.init(todos: page, nextAfter: page.last?.id)
    }
}
