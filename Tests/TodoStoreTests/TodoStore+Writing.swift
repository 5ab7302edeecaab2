import Testing
import Todos

extension TodoStore {
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
}
