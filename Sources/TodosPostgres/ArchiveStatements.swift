internal import PostgresClient

/// The statements that read everything, which run too seldom to be prepared.
enum ArchiveStatements {
    static let count = PostgresStatement("SELECT count(*) FROM martlet_todo", to: "count to-dos")

    /// Parameters: workspace's name.
    static let countOfWorkspace = PostgresStatement(
        """
        SELECT count(*) FROM martlet_todo
        WHERE workspace = (SELECT key FROM martlet_workspace WHERE name = $1)
        """,
        to: "count to-dos"
    )

    /// All that is read in the transaction is as it was at one moment.
    static let begin = PostgresStatement(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        to: "begin a transaction"
    )

    /// Parameters: workspace's name, or NULL for all of them.
    ///
    /// In the order of the names' bytes, whatever the database's own is.
    static let declareWorkspaces = PostgresStatement(
        """
        DECLARE martlet_archive NO SCROLL CURSOR FOR
        SELECT name, key, last_todo_id FROM martlet_workspace
        WHERE $1::text IS NULL OR name = $1 ORDER BY name COLLATE "C"
        """,
        to: "find the workspaces"
    )

    static let fetchWorkspaces = PostgresStatement(
        "FETCH FORWARD \(ArchiveCursor.workspaceCountMax) FROM martlet_archive",
        to: "find the next workspaces"
    )

    /// Parameters: workspace's key, the id after which to begin, limit.
    ///
    /// Returns the six columns of a to-do, and its issuer.
    static let page = PostgresStatement(
        """
        SELECT id, title, is_completed, created_by, created_at, updated_at, created_by_issuer
        FROM martlet_todo WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3
        """,
        to: "read to-dos"
    )
}
