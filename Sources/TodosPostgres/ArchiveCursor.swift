internal import Libuv
internal import PostgresClient
internal import Todos

/// Reads everything as it is at one moment, in a transaction of its own.
///
/// Confined to its loop's thread.
final class ArchiveCursor {
    private struct Workspace {
        let name: String
        let key: Int64
        let lastID: Int64
        var after: Int64 = 0
    }

    /// Workspaces that are looked up together, and of which to-dos are read in one round trip.
    static let workspaceCountMax = 50

    private let lease: PostgresLease

    /// Workspaces whose to-dos have not all been read, in their order.
    private var waiting: [Workspace] = []
    private var isLastWorkspaceFound = false

    private init(_ lease: PostgresLease) {
        self.lease = lease
    }

    /// - Returns: A cursor at the beginning, to be closed.
    static func open(
        of workspace: String?,
        in pool: PostgresPool,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) -> ArchiveCursor {
        let lease = try await pool.lease()
        let milliseconds = PostgresValue(Int64(pool.limits.requestSeconds) * 1_000)
        // Whoever takes what is read may take his time.
        let noLimit = PostgresValue(0)
        do throws(PostgresError) {
            _ = try await lease.run([
                ArchiveStatements.begin(), TodoStatements.bound(milliseconds, noLimit),
                ArchiveStatements.declareWorkspaces(PostgresValue(workspace)),
            ])
        } catch {
            lease.end()
            throw error
        }
        return ArchiveCursor(lease)
    }

    func close() {
        lease.end()
    }

    /// - Returns: The next entries; none at the end.
    func next(
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) -> [TodoArchiveEntry] {
        if waiting.isEmpty, !isLastWorkspaceFound { try await findWorkspaces() }
        guard !waiting.isEmpty else { return [] }
        // One that turned out to be long is read by itself.
        let together = waiting[0].after > 0 ? 1 : waiting.count
        let limit = TodoArchiveReader.entryCountMax / together
        let pages = try await lease.run(
            waiting[..<together].map { workspace in
                ArchiveStatements.page(
                    PostgresValue(workspace.key),
                    PostgresValue(workspace.after),
                    PostgresValue(Int64(limit))
                )
            }
        )
        var entries: [TodoArchiveEntry] = []
        for rows in pages {
            let workspace = waiting[0]
            entries += rows.storedTodos.map { .todo($0, workspace: workspace.name) }
            if rows.count == limit {
                // There may be more, which comes before what was read of those behind it.
                waiting[0].after = rows.number(rows.count - 1, 0)
                return entries
            }
            entries.append(.end(workspace: workspace.name, lastID: workspace.lastID))
            waiting.removeFirst()
        }
        return entries
    }

    private func findWorkspaces(
        isolation: isolated (any Actor)? = #isolation
    ) async throws(PostgresError) {
        let rows = try await lease.run([ArchiveStatements.fetchWorkspaces()])[0]
        isLastWorkspaceFound = rows.count < Self.workspaceCountMax
        waiting = (0..<rows.count).map { row in
            Workspace(
                name: rows.text(row, 0),
                key: rows.number(row, 1),
                lastID: rows.number(row, 2)
            )
        }
    }
}

extension PostgresRows {
    /// The to-dos in the columns of ``ArchiveStatements/page``.
    fileprivate var storedTodos: [StoredTodo] {
        (0..<count).map { StoredTodo(todo($0, 0), issuer: text($0, 6)) }
    }
}
