internal import Todos

/// The statements that read to-dos, prepared once for each connection.
///
/// Each takes the workspace's name as its first parameter. The cost of a page does not depend on
/// the length of the list: both lists are one range of an index, begun at the right place.
struct ReadStatements: ~Copyable {
    /// Parameters: workspace, id.
    let todo: Statement

    /// Parameters: workspace, the id after which to begin, limit.
    let page: Statement

    /// Parameters: those of ``page``, and 1 for completed to-dos or 0 for others.
    let pageByCompletion: Statement

    /// Parameters: workspace, limit; returns ids only, which stand in the index.
    let completedIDs: Statement
}

extension ReadStatements {
    init(_ connection: borrowing Connection) throws(SQLiteError) {
        let select = """
            SELECT id, title, is_completed, created_by, created_at, updated_at FROM todo
            WHERE workspace = (SELECT key FROM workspace WHERE name = ?1)
            """
        self.init(
            todo: try connection.prepare("\(select) AND id = ?2", to: "read a to-do"),
            page: try connection.prepare(
                "\(select) AND id > ?2 ORDER BY id LIMIT ?3",
                to: "list to-dos"
            ),
            pageByCompletion: try connection.prepare(
                "\(select) AND is_completed = ?4 AND id > ?2 ORDER BY id LIMIT ?3",
                to: "list to-dos by completion"
            ),
            completedIDs: try connection.prepare(
                """
                SELECT id FROM todo
                WHERE workspace = (SELECT key FROM workspace WHERE name = ?1) AND is_completed = 1
                ORDER BY id LIMIT ?2
                """,
                to: "find completed to-dos"
            )
        )
    }
}

extension Statement {
    /// The to-do in six columns from `column` on: id, title, is_completed, created_by, created_at,
    /// updated_at.
    func todo(at column: Int32) -> Todo {
        Todo(
            storedID: number(at: column),
            title: text(at: column + 1),
            isCompleted: number(at: column + 2) != 0,
            createdBy: text(at: column + 3),
            createdAt: number(at: column + 4),
            updatedAt: number(at: column + 5)
        )
    }
}
