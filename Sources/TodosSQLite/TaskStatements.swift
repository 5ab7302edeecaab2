internal import Todos

/// The statements about tasks, prepared once for each connection.
struct TaskStatements: ~Copyable {
    /// Parameters: now, issuer, subject; returns how many of the subject's tasks count.
    let countOfSubject: Statement

    /// Parameters: now; returns how many tasks count.
    let count: Statement

    /// Parameters: the columns of the table, in their order.
    let insert: Statement

    /// Parameters: id, issuer, subject, workspace.
    let find: Statement

    /// Parameters: id, revision, status, is_final, status_message, content, updated_at.
    let update: Statement

    /// Parameters: id.
    let remove: Statement

    /// Parameters: now.
    let removeExpired: Statement

    /// Parameters: status, status_message, content, updated_at.
    let interruptAll: Statement
}

extension TaskStatements {
    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let columns = """
            id, issuer, subject, workspace, tool, arguments, created_at, lifetime, expires_at, \
            poll_interval, status, is_final, status_message, content, updated_at, revision
            """
        self.init(
            countOfSubject: try connection.prepare(
                """
                SELECT count(*) FROM task
                WHERE issuer = ?2 AND subject = ?3 AND expires_at > ?1
                """,
                to: "count the tasks of a subject"
            ),
            count: try connection.prepare(
                "SELECT count(*) FROM task WHERE expires_at > ?1",
                to: "count the tasks"
            ),
            insert: try connection.prepare(
                """
                INSERT INTO task (\(columns)) VALUES (
                    ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16
                )
                """,
                to: "add a task"
            ),
            find: try connection.prepare(
                """
                SELECT \(columns) FROM task
                WHERE id = ?1 AND issuer = ?2 AND subject = ?3 AND workspace = ?4
                """,
                to: "read a task"
            ),
            update: try connection.prepare(
                """
                UPDATE task SET revision = ?2, status = ?3, is_final = ?4, status_message = ?5,
                    content = ?6, updated_at = ?7
                WHERE id = ?1 AND revision < ?2 AND is_final = 0
                """,
                to: "change a task"
            ),
            remove: try connection.prepare("DELETE FROM task WHERE id = ?1", to: "remove a task"),
            removeExpired: try connection.prepare(
                "DELETE FROM task WHERE expires_at <= ?1",
                to: "remove expired tasks"
            ),
            interruptAll: try connection.prepare(
                """
                UPDATE task SET revision = revision + 1, status = ?1, is_final = 1,
                    status_message = ?2, content = ?3, updated_at = max(updated_at, ?4)
                WHERE is_final = 0
                """,
                to: "interrupt the tasks of the last run"
            )
        )
    }
}

extension Statement {
    /// Sets the parameter of that index, counted from 1, to a copy of the text or to NULL.
    func bind(_ text: String?, at index: Int32) throws(SQLiteError) {
        if let text { try bind(text, at: index) } else { try bindNull(at: index) }
    }

    /// The task in the row's columns.
    var task: StoredTask {
        StoredTask(
            id: text(at: 0),
            owner: StoredTask.Owner(
                issuer: text(at: 1),
                subject: text(at: 2),
                workspace: text(at: 3)
            ),
            tool: text(at: 4),
            arguments: text(at: 5),
            createdAtMilliseconds: number(at: 6),
            lifetimeMilliseconds: number(at: 7),
            expiresAtMilliseconds: number(at: 8),
            pollIntervalMilliseconds: number(at: 9),
            state: StoredTask.State(
                status: text(at: 10),
                isFinal: number(at: 11) != 0,
                statusMessage: isNull(at: 12) ? nil : text(at: 12),
                content: isNull(at: 13) ? nil : text(at: 13),
                updatedAtMilliseconds: number(at: 14)
            ),
            revision: number(at: 15)
        )
    }
}
