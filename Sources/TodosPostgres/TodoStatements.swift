internal import PostgresClient
internal import Todos

/// The statements about to-dos that every connection prepares.
///
/// Those of a transaction take arrays, one element for each row: a transaction has as many
/// statements whether it carries out one write or a thousand.
enum TodoStatements {
    static let all = [
        todo, page, pageByCompletion, completedIDs, begin, bound, lockWorkspaces, findBatch,
        addWorkspaces, findTodos, findResults, add, update, delete, deleteCompleted, recordResults,
        countWorkspaces, recordChanges, commit, removeExpiredResults, changesOfBatches,
        recentChanges, removeOldChanges,
    ]

    // Reads by themselves. Each takes the workspace's name first.

    private static let columns =
        "t.id, t.title, t.is_completed, t.created_by, t.created_at, t.updated_at"

    private static let ofWorkspace =
        "t.workspace = (SELECT key FROM martlet_workspace WHERE name = $1)"

    /// Parameters: workspace, id.
    static let todo = PostgresStatement(
        "SELECT \(columns) FROM martlet_todo t WHERE \(ofWorkspace) AND t.id = $2",
        name: "todo",
        to: "read a to-do"
    )

    /// Parameters: workspace, the id after which to begin, limit.
    static let page = PostgresStatement(
        """
        SELECT \(columns) FROM martlet_todo t
        WHERE \(ofWorkspace) AND t.id > $2 ORDER BY t.id LIMIT $3
        """,
        name: "page",
        to: "list to-dos"
    )

    /// Parameters: those of ``page``, and whether the to-dos are completed.
    static let pageByCompletion = PostgresStatement(
        """
        SELECT \(columns) FROM martlet_todo t
        WHERE \(ofWorkspace) AND t.is_completed = $4 AND t.id > $2 ORDER BY t.id LIMIT $3
        """,
        name: "page_by_completion",
        to: "list to-dos by completion"
    )

    /// Parameters: workspace, limit.
    static let completedIDs = PostgresStatement(
        """
        SELECT t.id FROM martlet_todo t
        WHERE \(ofWorkspace) AND t.is_completed ORDER BY t.id LIMIT $2
        """,
        name: "completed_ids",
        to: "find completed to-dos"
    )

    // A transaction begins, and looks at what it is about.

    static let begin = PostgresStatement(
        "BEGIN ISOLATION LEVEL READ COMMITTED",
        name: "begin",
        to: "begin a transaction"
    )

    /// Parameters: milliseconds that a statement may take, and that the transaction may do nothing.
    ///
    /// What is acknowledged is on disk, whatever the database's default says; a default that asks for
    /// more than that is left alone.
    static let bound = PostgresStatement(
        """
        SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true),
            set_config('idle_in_transaction_session_timeout', $2, true),
            set_config(
                'synchronous_commit',
                CASE current_setting('synchronous_commit')
                    WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit')
                END,
                true
            )
        """,
        name: "bound",
        to: "bound a transaction"
    )

    /// Parameters: names.
    ///
    /// Locks the workspaces that exist, always in the same order, until the end of the transaction:
    /// one transaction at a time writes to a workspace.
    static let lockWorkspaces = PostgresStatement(
        """
        SELECT name, key, last_todo_id FROM martlet_workspace
        WHERE name = ANY ($1::text[]) ORDER BY name FOR UPDATE
        """,
        name: "lock_workspaces",
        to: "lock workspaces"
    )

    /// Parameters: the number of a batch.
    ///
    /// Returns a row if the batch was committed and has changed something.
    static let findBatch = PostgresStatement(
        "SELECT 1 FROM martlet_change WHERE batch = $1 LIMIT 1",
        name: "find_batch",
        to: "look whether a transaction was committed"
    )

    /// Parameters: names.
    static let addWorkspaces = PostgresStatement(
        """
        INSERT INTO martlet_workspace (name, last_todo_id)
        SELECT n.name, 0 FROM unnest($1::text[]) AS n (name) ORDER BY n.name
        ON CONFLICT (name) DO NOTHING
        """,
        name: "add_workspaces",
        to: "add workspaces"
    )

    /// Parameters: names of workspaces, ids.
    ///
    /// Returns the workspace's name, the six columns of a to-do, and its issuer.
    static let findTodos = PostgresStatement(
        """
        SELECT n.name, \(columns), t.created_by_issuer FROM unnest($1::text[], $2::bigint[]) AS n (name, id)
        JOIN martlet_workspace w ON w.name = n.name
        JOIN martlet_todo t ON t.workspace = w.key AND t.id = n.id
        """,
        name: "find_todos",
        to: "read to-dos"
    )

    /// Parameters: workspaces, issuers, subjects, kinds, keys.
    static let findResults = PostgresStatement(
        """
        SELECT r.workspace, r.issuer, r.subject, r.kind, r.idempotency_key,
            r.arguments, r.expires_at,
            r.todo_id, r.title, r.is_completed, r.created_by, r.created_at, r.updated_at,
            r.first_todo_id, r.todo_count, r.has_more
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
            AS n (workspace, issuer, subject, kind, idempotency_key)
        JOIN martlet_idempotent_write r
            USING (workspace, issuer, subject, kind, idempotency_key)
        """,
        name: "find_results",
        to: "look up idempotency keys"
    )

    // It changes something.

    /// Parameters: keys of workspaces, ids, titles, is_completed, issuers, subjects, created_at,
    /// updated_at.
    static let add = PostgresStatement(
        """
        INSERT INTO martlet_todo (
            workspace, id, title, is_completed,
            created_by_issuer, created_by, created_at, updated_at
        )
        SELECT * FROM unnest(
            $1::bigint[], $2::bigint[], $3::text[], $4::boolean[],
            $5::text[], $6::text[], $7::bigint[], $8::bigint[]
        )
        """,
        name: "add",
        to: "add to-dos"
    )

    /// Parameters: keys of workspaces, ids, titles, is_completed, updated_at.
    static let update = PostgresStatement(
        """
        UPDATE martlet_todo t
        SET title = n.title, is_completed = n.is_completed, updated_at = n.updated_at
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::boolean[], $5::bigint[])
            AS n (workspace, id, title, is_completed, updated_at)
        WHERE t.workspace = n.workspace AND t.id = n.id
        """,
        name: "update",
        to: "change to-dos"
    )

    /// Parameters: keys of workspaces, ids.
    static let delete = PostgresStatement(
        """
        DELETE FROM martlet_todo t
        USING unnest($1::bigint[], $2::bigint[]) AS n (workspace, id)
        WHERE t.workspace = n.workspace AND t.id = n.id
        """,
        name: "delete",
        to: "delete to-dos"
    )

    /// Parameters: key of a workspace, the greatest id to delete.
    static let deleteCompleted = PostgresStatement(
        "DELETE FROM martlet_todo WHERE workspace = $1 AND is_completed AND id <= $2",
        name: "delete_completed",
        to: "delete completed to-dos"
    )

    /// Parameters: the columns of the table.
    static let recordResults = PostgresStatement(
        """
        INSERT INTO martlet_idempotent_write (
            workspace, issuer, subject, kind, idempotency_key, arguments, expires_at,
            todo_id, title, is_completed, created_by, created_at, updated_at,
            first_todo_id, todo_count, has_more
        )
        SELECT * FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
            $8::bigint[], $9::text[], $10::boolean[], $11::text[], $12::bigint[], $13::bigint[],
            $14::bigint[], $15::bigint[], $16::boolean[]
        )
        ON CONFLICT (workspace, issuer, subject, kind, idempotency_key) DO UPDATE SET
            arguments = excluded.arguments, expires_at = excluded.expires_at,
            todo_id = excluded.todo_id, title = excluded.title,
            is_completed = excluded.is_completed, created_by = excluded.created_by,
            created_at = excluded.created_at, updated_at = excluded.updated_at,
            first_todo_id = excluded.first_todo_id, todo_count = excluded.todo_count,
            has_more = excluded.has_more
        """,
        name: "record_results",
        to: "record idempotency keys"
    )

    /// Parameters: keys of workspaces, the last id given in each.
    static let countWorkspaces = PostgresStatement(
        """
        UPDATE martlet_workspace w SET last_todo_id = n.last_todo_id
        FROM unnest($1::bigint[], $2::bigint[]) AS n (key, last_todo_id) WHERE w.key = n.key
        """,
        name: "count_workspaces",
        to: "count the to-dos of workspaces"
    )

    /// Parameters: the number of the batch, that of the process; keys of workspaces, lists as in
    /// ``TodoChange``, ids as in ``IDList``.
    static let recordChanges = PostgresStatement(
        """
        INSERT INTO martlet_change (batch, origin, workspace, lists, todo_ids)
        SELECT $1, $2, n.workspace, n.lists, n.todo_ids
        FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS n (workspace, lists, todo_ids)
        """,
        name: "record_changes",
        to: "record what has changed"
    )

    /// Parameters: what ``ProcessFeeds`` reads.
    ///
    /// Only for databases that have notifications.
    static let notify = PostgresStatement(
        "SELECT pg_notify('\(ProcessFeeds.channel)', $1)",
        name: "notify",
        to: "notify other processes"
    )

    static let commit = PostgresStatement("COMMIT", name: "commit", to: "commit a transaction")

    // What is left to do besides.

    /// Parameters: now, the most to delete.
    ///
    /// Of several processes that do this at once each takes others.
    static let removeExpiredResults = PostgresStatement(
        """
        DELETE FROM martlet_idempotent_write WHERE
            (workspace, issuer, subject, kind, idempotency_key) IN (
                SELECT workspace, issuer, subject, kind, idempotency_key
                FROM martlet_idempotent_write WHERE expires_at <= $1
                ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
            )
        """,
        name: "remove_expired_results",
        to: "delete expired idempotency keys"
    )

    // What other processes have changed: name of the workspace, lists, ids.

    private static let changes = """
        SELECT c.batch, w.name, c.lists, c.todo_ids FROM martlet_change c
        JOIN martlet_workspace w ON w.key = c.workspace
        """

    /// Parameters: numbers of batches.
    static let changesOfBatches = PostgresStatement(
        "\(changes) WHERE c.batch = ANY ($1::bigint[])",
        name: "changes_of_batches",
        to: "read what has changed"
    )

    /// Parameters: the number of this process, an interval, the most to return.
    static let recentChanges = PostgresStatement(
        """
        \(changes) WHERE c.origin <> $1 AND c.created_at > now() - $2::text::interval
        ORDER BY c.created_at DESC LIMIT $3
        """,
        name: "recent_changes",
        to: "read what has changed lately"
    )

    /// Parameters: an interval.
    static let removeOldChanges = PostgresStatement(
        "DELETE FROM martlet_change WHERE created_at < now() - $1::text::interval",
        name: "remove_old_changes",
        to: "forget what has changed"
    )
}

extension PostgresRows {
    /// The to-do in six columns from `column` on.
    func todo(_ row: Int, _ column: Int) -> Todo {
        Todo(
            storedID: number(row, column),
            title: text(row, column + 1),
            isCompleted: boolean(row, column + 2),
            createdBy: text(row, column + 3),
            createdAt: number(row, column + 4),
            updatedAt: number(row, column + 5)
        )
    }

    /// The to-dos in the columns of ``TodoStatements/page``.
    var todos: [Todo] {
        (0..<count).map { todo($0, 0) }
    }
}
