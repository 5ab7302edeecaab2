internal import Todos

/// The statements that read and restore everything, prepared once for each connection.
struct ArchiveStatements: ~Copyable {
    /// No parameters.
    let count: Statement

    /// Parameters: workspace's name.
    let countOfWorkspace: Statement

    /// Parameters: the name after which to look; returns name, key and the last id of the next
    /// workspace in the order of the names' bytes.
    let nextWorkspace: Statement

    /// Parameters: workspace's key, the id after which to begin, limit; returns the six columns of a
    /// to-do and its issuer.
    let page: Statement

    /// Parameters: workspace's key, id; returns the columns of ``page``.
    let todo: Statement

    /// Parameters: workspace's key, id, title, is_completed, issuer, created_by, created_at,
    /// updated_at.
    let restore: Statement
}

extension ArchiveStatements {
    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let select = """
            SELECT id, title, is_completed, created_by, created_at, updated_at, created_by_issuer
            FROM todo WHERE workspace = ?1
            """
        self.init(
            count: try connection.prepare("SELECT count(*) FROM todo", to: "count to-dos"),
            countOfWorkspace: try connection.prepare(
                """
                SELECT count(*) FROM todo
                WHERE workspace = (SELECT key FROM workspace WHERE name = ?1)
                """,
                to: "count to-dos"
            ),
            nextWorkspace: try connection.prepare(
                """
                SELECT name, key, last_todo_id FROM workspace
                WHERE name > ?1 ORDER BY name LIMIT 1
                """,
                to: "find the next workspace"
            ),
            page: try connection.prepare(
                "\(select) AND id > ?2 ORDER BY id LIMIT ?3",
                to: "read to-dos"
            ),
            todo: try connection.prepare("\(select) AND id = ?2", to: "read a to-do"),
            restore: try connection.prepare(
                """
                INSERT INTO todo (
                    workspace, id, title, is_completed,
                    created_by_issuer, created_by, created_at, updated_at
                ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """,
                to: "restore a to-do"
            )
        )
    }
}

extension Statement {
    /// The to-do in the columns of ``ArchiveStatements/page``.
    var storedTodo: StoredTodo {
        StoredTodo(todo(at: 0), issuer: text(at: 6))
    }
}
