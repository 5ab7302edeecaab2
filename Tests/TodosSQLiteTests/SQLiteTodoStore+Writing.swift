import Testing
import Todos
import TodosSQLite

extension SQLiteTodoStore {
    /// Applies a write on behalf of Ada.
    func apply(
        _ write: TodoWrite,
        in workspace: String = "home",
        key: String? = nil,
        now: Int64 = 1_000
    ) async throws -> TodoWriteResult {
        let ada = TodoCaller(workspace: workspace, issuer: "https://a", subject: "ada")
        let key = try key.map { key throws(IdempotencyKeyError) in try IdempotencyKey(key) }
        return try await apply(
            TodoWriteRequest(write, by: ada, idempotencyKey: key, now: now)
        )
    }

    /// Adds a to-do on behalf of Ada.
    @discardableResult
    func add(
        _ title: String,
        in workspace: String = "home",
        key: String? = nil,
        now: Int64 = 1_000
    ) async throws -> Todo {
        let write = TodoWrite.add(title: try TodoTitle(title))
        let result = try await apply(write, in: workspace, key: key, now: now)
        return try #require(result.todo)
    }

    /// All to-dos of a workspace.
    func all(in workspace: String = "home") async throws -> [Todo] {
        var todos: [Todo] = []
        var after: Int64?
        repeat {
            let page = try await page(TodoQuery(after: after, limit: 100), in: workspace)
            todos += page.todos
            after = page.nextAfter
        } while after != nil
        return todos
    }
}
