internal import Libuv
internal import PostgresClient

/// Looks at a database before it is used, and brings its tables up to date.
///
/// Several processes may do so at the same time: they wait for each other, by an advisory lock or,
/// where there is none, by a row. Confined to its loop's thread.
final class SchemaMigration {
    /// Any number, the same for every process: "martlet" in ASCII.
    private static let advisoryLock: Int64 = 0x6D_6172_746C_6574

    private static let pauseMilliseconds: UInt64 = 200

    let pool: PostgresPool
    private let configuration: PostgresTodoStore.Configuration

    init(in pool: PostgresPool, _ configuration: PostgresTodoStore.Configuration) {
        self.pool = pool
        self.configuration = configuration
    }

    func run(
        isolation: isolated (any Actor)? = #isolation
    ) async -> Result<DatabaseFindings, PostgresStoreError> {
        do throws(PostgresError) {
            let lease = try await pool.lease()
            defer { lease.end() }
            let findings = try await look(lease)
            guard findings.isUTF8 else { return .failure(.notUTF8(configuration.url)) }
            guard findings.isSearchPathHeeded else {
                return .failure(.searchPathIgnored(configuration.url))
            }
            let version = try await version(lease)
            guard version <= PostgresSchema.versionMax else {
                return .failure(.newerSchema(configuration.url, version: version))
            }
            if version < PostgresSchema.versionMax {
                if findings.hasAdvisoryLocks {
                    try await migrateInTransaction(lease)
                } else {
                    try await migrateUnderLockRow(lease)
                }
            }
            return .success(findings)
        } catch {
            return .failure(PostgresStoreError(configuration.url, error))
        }
    }

    // What there is.

    private func look(
        _ lease: PostgresLease,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) -> DatabaseFindings {
        let statement = PostgresStatement(
            """
            SELECT version(), current_setting('server_encoding'), current_setting('search_path')
            """,
            to: "ask what the database is"
        )
        // In two round trips: a pooler that lets no transaction last so long is found out here.
        _ = try await lease.run([Self.begin()])
        let rows = try await lease.run([statement(), Self.commit()])[0]
        return DatabaseFindings(
            name: rows.text(0, 0),
            encoding: rows.text(0, 1),
            searchPath: rows.text(0, 2),
            isShared: lease.isShared,
            configuration
        )
    }

    private static let begin = PostgresStatement("BEGIN", to: "begin a transaction")
    private static let commit = PostgresStatement("COMMIT", to: "commit a transaction")

    /// - Returns: 0 if there is no schema yet.
    private func version(
        _ lease: PostgresLease,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) -> Int64 {
        do throws(PostgresError) {
            let rows = try await lease.run([PostgresSchema.find()])[0]
            return rows.count > 0 ? rows.number(0, 0) : 0
        } catch {
            // undefined_table
            if error.sqlState == "42P01" { return 0 }
            throw error
        }
    }

    private func migrations(from version: Int64) -> [[PostgresCall]] {
        PostgresSchema.migrations.enumerated().dropFirst(Int(version)).map { index, statements in
            let next = Int64(index) + 1
            return statements.map { PostgresSchema.migration(to: next, $0) }
                + [PostgresSchema.store(PostgresValue(next))]
        }
    }

    // Under an advisory lock, all of it or nothing.

    private func migrateInTransaction(
        _ lease: PostgresLease,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) {
        let lock = PostgresStatement("SELECT pg_advisory_xact_lock($1)", to: "lock the schema")
        // By the time the lock is there somebody else may have done it.
        let rows = try await lease.run([
            Self.begin(), lock(PostgresValue(Self.advisoryLock)), PostgresSchema.create(),
            PostgresSchema.find(),
        ])
        let version = rows[3].count > 0 ? rows[3].number(0, 0) : 0
        _ = try await lease.run(migrations(from: version).flatMap { $0 } + [Self.commit()])
    }

    // Under a row that says who is at it, one step after the other.

    private static let createLock = PostgresStatement(
        """
        CREATE TABLE IF NOT EXISTS martlet_schema_lock (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            holder BIGINT NOT NULL,
            expires_at TIMESTAMPTZ NOT NULL
        )
        """,
        to: "create a table"
    )

    /// Parameters: the holder.
    ///
    /// Returns a row if the lock is now the holder's; that of somebody who has not given it back for a
    /// minute is broken.
    private static let takeLock = PostgresStatement(
        """
        INSERT INTO martlet_schema_lock AS l (id, holder, expires_at)
        VALUES (1, $1, now() + INTERVAL '60 seconds')
        ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
        WHERE l.expires_at < now()
        RETURNING holder
        """,
        to: "lock the schema"
    )

    /// Parameters: the holder.
    private static let giveLockBack = PostgresStatement(
        "DELETE FROM martlet_schema_lock WHERE holder = $1",
        to: "unlock the schema"
    )

    private func migrateUnderLockRow(
        _ lease: PostgresLease,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) {
        let holder = PostgresValue(Int64.random(in: .min ... .max))
        try await repeatedly(lease, [Self.createLock(), PostgresSchema.create()]) { _ in true }
        try await repeatedly(lease, [Self.takeLock(holder)]) { $0[0].count > 0 }
        for calls in migrations(from: try await version(lease)) { _ = try await lease.run(calls) }
        _ = try await lease.run([Self.giveLockBack(holder)])
    }

    /// Tries for longer than a lock is kept, as long as others do the same.
    private func repeatedly(
        _ lease: PostgresLease,
        _ calls: [PostgresCall],
        isolation: isolated (any Actor)? = #isolation,
        until isDone: ([PostgresRows]) -> Bool
    ) async throws(PostgresError) {
        let deadline = pool.loop.monotonicMilliseconds + 90_000
        while true {
            do throws(PostgresError) {
                if isDone(try await lease.run(calls)) { return }
                guard pool.loop.monotonicMilliseconds < deadline else {
                    let cause = PostgresError.Cause.noAnswer(seconds: 90)
                    throw PostgresError("lock the schema", cause)
                }
            } catch {
                // unique_violation, duplicate_table: of two that create a table at once, one fails.
                let isRace = error.sqlState == "23505" || error.sqlState == "42P07"
                guard isRace || error.isConflict,
                    pool.loop.monotonicMilliseconds < deadline
                else { throw error }
            }
            await pool.loop.pause(milliseconds: Self.pauseMilliseconds)
        }
    }
}
