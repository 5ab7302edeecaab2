internal import PostgresClient

/// The tables of the to-do list in PostgreSQL.
///
/// They are in the schema that comes first in the `search_path` of the connection.
enum PostgresSchema {
    /// The version of a database after the last migration.
    static var versionMax: Int64 { Int64(migrations.count) }

    /// Each brings a database from the version that is its index to the next.
    ///
    /// Each statement may be repeated: not every database undoes them together.
    ///
    /// What has been released is never edited: databases out there were made by it.
    static let migrations = [
        [
            """
            CREATE TABLE IF NOT EXISTS martlet_workspace (
                key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                -- The greatest id ever given to a to-do of the workspace. Ids are counted apart, so
                -- that they tell nothing of other workspaces, and never used again. Whoever writes
                -- to the workspace locks this row first.
                last_todo_id BIGINT NOT NULL
            )
            """,
            """
            CREATE TABLE IF NOT EXISTS martlet_todo (
                workspace BIGINT NOT NULL REFERENCES martlet_workspace (key),
                id BIGINT NOT NULL,
                title TEXT NOT NULL,
                is_completed BOOLEAN NOT NULL,
                created_by_issuer TEXT NOT NULL,
                created_by TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                PRIMARY KEY (workspace, id)
            )
            """,
            """
            CREATE INDEX IF NOT EXISTS martlet_todo_by_completion
            ON martlet_todo (workspace, is_completed, id)
            """,
            """
            -- Writes that carried an idempotency key, with their arguments and results. A result
            -- without a to-do (the workspace had none of that id) has NULL in all its columns.
            -- Added were todo_count to-dos from first_todo_id on; deleted were todo_count, and
            -- has_more tells whether there were others left.
            CREATE TABLE IF NOT EXISTS martlet_idempotent_write (
                workspace TEXT NOT NULL,
                issuer TEXT NOT NULL,
                subject TEXT NOT NULL,
                kind TEXT NOT NULL,
                idempotency_key TEXT NOT NULL,
                arguments TEXT NOT NULL,
                expires_at BIGINT NOT NULL,
                todo_id BIGINT,
                title TEXT,
                is_completed BOOLEAN,
                created_by TEXT,
                created_at BIGINT,
                updated_at BIGINT,
                first_todo_id BIGINT,
                todo_count BIGINT,
                has_more BOOLEAN,
                PRIMARY KEY (workspace, issuer, subject, kind, idempotency_key)
            )
            """,
            """
            CREATE INDEX IF NOT EXISTS martlet_idempotent_write_by_expiry
            ON martlet_idempotent_write (expires_at)
            """,
            """
            -- What was changed, by which transaction: for other processes, and for the one that did
            -- not hear whether its transaction was committed. Kept for some minutes.
            CREATE TABLE IF NOT EXISTS martlet_change (
                batch BIGINT NOT NULL,
                workspace BIGINT NOT NULL,
                origin BIGINT NOT NULL,
                lists BIGINT NOT NULL,
                todo_ids TEXT NOT NULL,
                created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (batch, workspace)
            )
            """,
            """
            CREATE INDEX IF NOT EXISTS martlet_change_by_time ON martlet_change (created_at)
            """,
            """
            -- Processes that say every few seconds that they are there.
            CREATE TABLE IF NOT EXISTS martlet_process (
                id BIGINT PRIMARY KEY,
                seen_at TIMESTAMPTZ NOT NULL
            )
            """,
            """
            -- Tasks of the server (MCP extension io.modelcontextprotocol/tasks), and which process
            -- works at each. Times are in milliseconds since 1970; arguments and content are JSON.
            CREATE TABLE IF NOT EXISTS martlet_task (
                id TEXT PRIMARY KEY,
                issuer TEXT NOT NULL,
                subject TEXT NOT NULL,
                workspace TEXT NOT NULL,
                tool TEXT NOT NULL,
                arguments TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                lifetime BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                poll_interval BIGINT NOT NULL,
                status TEXT NOT NULL,
                is_final BOOLEAN NOT NULL,
                status_message TEXT,
                content TEXT,
                updated_at BIGINT NOT NULL,
                revision BIGINT NOT NULL,
                process BIGINT NOT NULL
            )
            """,
            """
            CREATE INDEX IF NOT EXISTS martlet_task_by_subject
            ON martlet_task (issuer, subject, expires_at)
            """,
            "CREATE INDEX IF NOT EXISTS martlet_task_by_expiry ON martlet_task (expires_at)",
            """
            -- What other processes must know of sessions of the legacy protocol: one row a topic.
            CREATE TABLE IF NOT EXISTS martlet_session (
                session TEXT NOT NULL,
                topic TEXT NOT NULL,
                content TEXT NOT NULL,
                expires_at BIGINT NOT NULL,
                number BIGINT NOT NULL,
                origin BIGINT NOT NULL,
                changed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (session, topic)
            )
            """,
            "CREATE INDEX IF NOT EXISTS martlet_session_by_number ON martlet_session (number)",
            "CREATE INDEX IF NOT EXISTS martlet_session_by_time ON martlet_session (changed_at)",
            "CREATE INDEX IF NOT EXISTS martlet_session_by_expiry ON martlet_session (expires_at)",
        ],
        [
            """
            -- The number of a task's last change, and which process made it when: for the others.
            ALTER TABLE martlet_task ADD COLUMN IF NOT EXISTS change BIGINT NOT NULL DEFAULT 0
            """,
            "ALTER TABLE martlet_task ADD COLUMN IF NOT EXISTS origin BIGINT NOT NULL DEFAULT 0",
            """
            ALTER TABLE martlet_task
            ADD COLUMN IF NOT EXISTS changed_at TIMESTAMPTZ NOT NULL DEFAULT now()
            """,
            "CREATE INDEX IF NOT EXISTS martlet_task_by_change ON martlet_task (change)",
            "CREATE INDEX IF NOT EXISTS martlet_task_by_time ON martlet_task (changed_at)",
            """
            -- What a process was told of a task and passes on to the one that works at it, which
            -- removes it.
            CREATE TABLE IF NOT EXISTS martlet_task_word (
                task TEXT NOT NULL,
                topic TEXT NOT NULL,
                content TEXT NOT NULL,
                number BIGINT NOT NULL,
                process BIGINT NOT NULL,
                PRIMARY KEY (task, topic)
            )
            """,
            """
            CREATE INDEX IF NOT EXISTS martlet_task_word_by_process ON martlet_task_word (process)
            """,
        ],
    ]

    // What the migrations themselves need.

    static let find = PostgresStatement(
        "SELECT version FROM martlet_schema WHERE id = 1",
        to: "read the version of the schema"
    )

    static let create = PostgresStatement(
        """
        CREATE TABLE IF NOT EXISTS martlet_schema (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            version BIGINT NOT NULL
        )
        """,
        to: "create a table"
    )

    /// Parameters: the version.
    static let store = PostgresStatement(
        """
        INSERT INTO martlet_schema (id, version) VALUES (1, $1)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version
        """,
        to: "store the version of the schema"
    )

    static func migration(to version: Int64, _ sql: String) -> PostgresCall {
        PostgresStatement(sql, to: "bring the schema to version \(version)")()
    }
}
