/// The statements that change to-dos, prepared once for each connection.
///
/// None of them both changes several rows and may be refused halfway (as `RETURNING`, `ON CONFLICT`
/// and `OR REPLACE` do): SQLite would keep a copy of every page it changes, to undo the statement
/// alone. Measured, that cost more than the change itself.
struct WriteStatements: ~Copyable {
    let begin: Statement
    let commit: Statement
    let rollback: Statement

    /// Parameters: workspace's name; returns its key and the last id given to a to-do of it.
    let findWorkspace: Statement

    /// Parameters: workspace's name.
    let addWorkspace: Statement

    /// Parameters: workspace's key, the last id given to a to-do of it.
    let updateWorkspace: Statement

    /// Parameters: workspace's key, id, title, issuer, subject, now.
    let add: Statement

    /// Parameters: workspace's name, id, title, is_completed, updated_at.
    let update: Statement

    /// Parameters: workspace's name, id.
    let delete: Statement

    /// Parameters: workspace's name, the greatest id to delete.
    let deleteCompleted: Statement

    /// Parameters: workspace's name, issuer, subject, kind, key.
    let findResult: Statement

    /// Parameters: those of ``findResult``.
    let deleteResult: Statement

    /// Parameters: those of ``findResult``, arguments, expires_at, the six columns of a to-do, and
    /// first_todo_id, todo_count and has_more.
    let recordResult: Statement

    /// Parameters: now, the most to delete.
    let deleteExpired: Statement
}

extension WriteStatements {
    init(_ connection: borrowing Connection) throws(SQLiteError) {
        self.init(
            begin: try connection.prepare("BEGIN IMMEDIATE", to: "begin a transaction"),
            commit: try connection.prepare("COMMIT", to: "commit a transaction"),
            rollback: try connection.prepare("ROLLBACK", to: "roll a transaction back"),
            findWorkspace: try connection.prepare(
                "SELECT key, last_todo_id FROM workspace WHERE name = ?1",
                to: "look up a workspace"
            ),
            addWorkspace: try connection.prepare(
                "INSERT INTO workspace (name, last_todo_id) VALUES (?1, 0)",
                to: "add a workspace"
            ),
            updateWorkspace: try connection.prepare(
                "UPDATE workspace SET last_todo_id = ?2 WHERE key = ?1",
                to: "count the to-dos of a workspace"
            ),
            add: try connection.prepare(
                """
                INSERT INTO todo (
                    workspace, id, title, is_completed,
                    created_by_issuer, created_by, created_at, updated_at
                ) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?6)
                """,
                to: "add a to-do"
            ),
            update: try connection.prepare(
                """
                UPDATE todo SET title = ?3, is_completed = ?4, updated_at = ?5
                WHERE workspace = (SELECT key FROM workspace WHERE name = ?1) AND id = ?2
                """,
                to: "change a to-do"
            ),
            delete: try connection.prepare(
                """
                DELETE FROM todo
                WHERE workspace = (SELECT key FROM workspace WHERE name = ?1) AND id = ?2
                """,
                to: "delete a to-do"
            ),
            deleteCompleted: try connection.prepare(
                """
                DELETE FROM todo
                WHERE workspace = (SELECT key FROM workspace WHERE name = ?1) AND is_completed = 1
                    AND id <= ?2
                """,
                to: "delete completed to-dos"
            ),
            findResult: try connection.prepare(
                """
                SELECT arguments, expires_at,
                    todo_id, title, is_completed, created_by, created_at, updated_at,
                    first_todo_id, todo_count, has_more
                FROM idempotent_write
                WHERE workspace = ?1 AND issuer = ?2 AND subject = ?3 AND kind = ?4
                    AND idempotency_key = ?5
                """,
                to: "look up an idempotency key"
            ),
            deleteResult: try connection.prepare(
                """
                DELETE FROM idempotent_write
                WHERE workspace = ?1 AND issuer = ?2 AND subject = ?3 AND kind = ?4
                    AND idempotency_key = ?5
                """,
                to: "delete an idempotency key"
            ),
            recordResult: try connection.prepare(
                """
                INSERT INTO idempotent_write (
                    workspace, issuer, subject, kind, idempotency_key, arguments, expires_at,
                    todo_id, title, is_completed, created_by, created_at, updated_at,
                    first_todo_id, todo_count, has_more
                ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
                """,
                to: "record an idempotency key"
            ),
            deleteExpired: try connection.prepare(
                """
                DELETE FROM idempotent_write WHERE rowid IN (
                    SELECT rowid FROM idempotent_write
                    WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2
                )
                """,
                to: "delete expired idempotency keys"
            )
        )
    }
}
