/// The tables of the to-do database, and how a file comes to have them.
enum Schema {
    /// "Mtlt": tells a to-do database from those of other applications, to us and to `file(1)`.
    static let applicationID: Int64 = 0x4D74_6C74

    /// The version of a file after the last migration.
    static var versionMax: Int64 { Int64(migrations.count) }

    /// Each brings a file from the version that is its index to the next.
    ///
    /// What has been released is never edited: files out there were made by it.
    private static let migrations = [
        """
        CREATE TABLE workspace (
            key INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            -- The greatest id ever given to a to-do of the workspace. Ids are counted apart, so
            -- that they tell nothing of other workspaces, and never used again.
            last_todo_id INTEGER NOT NULL
        ) STRICT;

        -- Stored in the order of the key: a page of a list is one run of neighbours.
        CREATE TABLE todo (
            workspace INTEGER NOT NULL REFERENCES workspace (key),
            id INTEGER NOT NULL,
            title TEXT NOT NULL,
            is_completed INTEGER NOT NULL CHECK (is_completed IN (0, 1)),
            created_by_issuer TEXT NOT NULL,
            created_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (workspace, id)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX todo_by_completion ON todo (workspace, is_completed, id);

        -- Writes that carried an idempotency key, with their arguments and results. A result
        -- without a to-do (the workspace had none of that id) has NULL in all its columns.
        CREATE TABLE idempotent_write (
            workspace TEXT NOT NULL,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            kind TEXT NOT NULL,
            idempotency_key TEXT NOT NULL,
            arguments TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            todo_id INTEGER,
            title TEXT,
            is_completed INTEGER,
            created_by TEXT,
            created_at INTEGER,
            updated_at INTEGER,
            UNIQUE (workspace, issuer, subject, kind, idempotency_key)
        ) STRICT;

        CREATE INDEX idempotent_write_by_expiry ON idempotent_write (expires_at);
        """,
        """
        -- Results of writes of several to-dos. Added were todo_count of them from first_todo_id on;
        -- deleted were todo_count, and has_more is 1 if there were others left.
        ALTER TABLE idempotent_write ADD COLUMN first_todo_id INTEGER;
        ALTER TABLE idempotent_write ADD COLUMN todo_count INTEGER;
        ALTER TABLE idempotent_write ADD COLUMN has_more INTEGER;
        """,
        """
        -- Tasks of the server (MCP extension io.modelcontextprotocol/tasks). Times are in
        -- milliseconds since 1970; arguments and content are JSON.
        CREATE TABLE task (
            id TEXT NOT NULL UNIQUE,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            workspace TEXT NOT NULL,
            tool TEXT NOT NULL,
            arguments TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            lifetime INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            poll_interval INTEGER NOT NULL,
            status TEXT NOT NULL,
            is_final INTEGER NOT NULL CHECK (is_final IN (0, 1)),
            status_message TEXT,
            content TEXT,
            updated_at INTEGER NOT NULL,
            revision INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX task_by_subject ON task (issuer, subject, expires_at);
        CREATE INDEX task_by_expiry ON task (expires_at);
        """,
    ]

    /// Refuses a file that is not ours to change, before anything in it is changed.
    ///
    /// - Returns: The version of its schema; 0 for an empty file.
    static func validate(
        _ connection: borrowing Connection,
        at path: String
    ) throws(TodoDatabaseError) -> Int64 {
        let applicationID: Int64
        let version: Int64
        let tableCount: Int64
        do throws(SQLiteError) {
            applicationID = try connection.number("PRAGMA application_id", to: "read the file")
            version = try connection.number("PRAGMA user_version", to: "read the file")
            tableCount = try connection.number(
                "SELECT count(*) FROM sqlite_schema",
                to: "read the schema"
            )
        } catch {
            throw TodoDatabaseError(opening: path, error)
        }
        let isEmpty = applicationID == 0 && version == 0 && tableCount == 0
        guard applicationID == Self.applicationID || isEmpty else { throw .foreign(path: path) }
        guard version <= versionMax else {
            throw .newerSchema(path: path, version: version, versionMax: versionMax)
        }
        guard version >= 0 else { throw .foreign(path: path) }
        return version
    }

    /// Brings a file to the last version, one transaction a step.
    static func migrate(
        _ connection: borrowing Connection,
        from version: Int64
    ) throws(SQLiteError) {
        for (index, migration) in migrations.enumerated().dropFirst(Int(version)) {
            // A connection that is closed with a transaction open rolls it back.
            try connection.execute(
                """
                BEGIN IMMEDIATE;
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(index + 1);
                \(migration)
                COMMIT
                """,
                to: "bring the schema to version \(index + 1)"
            )
        }
    }
}
