import Foundation
import Libuv
import PostgresClient
import Todos
import TodosPostgres
import TodosSQLite

/// The database that a command reads or writes by itself.
struct ArchiveDatabase {
    /// A file that is to be read, and is not there.
    struct Missing: Error, CustomStringConvertible {
        let path: String

        var description: String {
            "cannot open database \(path): there is no such file; name another with --database"
        }
    }

    let store: any TodoArchive
    let close: () async -> Void

    /// - Parameters:
    ///   - database: Which one.
    ///   - mustExist: Whether a file that is not there is an error; otherwise it is made.
    ///   - report: Told what an operator should know, on any thread.
    /// - Returns: The database, to be closed.
    /// - Throws: Whatever keeps it from being opened, in words for its operator.
    static func open(
        _ database: ServeSettings.Database,
        mustExist: Bool,
        report: @escaping @Sendable (String) -> Void
    ) async throws -> ArchiveDatabase {
        switch database {
        case .memory: preconditionFailure("a mistake that was reported")
        case .sqlite(let configuration):
            if mustExist, !FileManager.default.fileExists(atPath: configuration.path) {
                throw Missing(path: configuration.path)
            }
            let store = try PrivateFiles.create { () throws(TodoDatabaseError) in
                // What fails is told by whoever waits for it.
                try SQLiteTodoStore(configuration) { _ in }
            }
            return ArchiveDatabase(store: store, close: { store.close() })
        case .postgres(let configuration):
            let group = try EventLoopGroup(count: 1)
            do throws(PostgresStoreError) {
                let store = try await PostgresTodoStore.open(configuration, on: group) { event in
                    report("database: \(event.text)")
                }
                return ArchiveDatabase(
                    store: store,
                    close: {
                        await store.close()
                        group.stop()
                    }
                )
            } catch {
                group.stop()
                throw error
            }
        }
    }
}
