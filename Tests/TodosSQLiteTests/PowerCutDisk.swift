import CPowerCutVFS
import Foundation
import TodosSQLite

/// A disk in memory whose power can be cut, with room for one database.
///
/// Closed stores only: whoever lets go of the disk or restores it has closed its stores before.
@safe
final class PowerCutDisk: Sendable {
    static let path = "/todos.db"

    // Safe: the disk has a lock of its own, and lives from `init` to `deinit`.
    nonisolated(unsafe) private let handle: OpaquePointer

    init() {
        guard let handle = unsafe powercut_disk_create() else {
            preconditionFailure("no memory for a disk")
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe powercut_disk_destroy(handle)
    }

    var name: String { unsafe String(cString: powercut_disk_name(handle)) }
    var isCut: Bool { unsafe powercut_disk_is_cut(handle) }
    var byteCount: UInt64 { unsafe powercut_disk_byte_count(handle) }
    var operationCount: UInt64 { unsafe powercut_disk_operation_count(handle) }
    var readCount: UInt64 { unsafe powercut_disk_read_count(handle) }
    var syncCount: UInt64 { unsafe powercut_disk_sync_count(handle) }

    /// Whether SQLite finds no contradiction in the database.
    var isConsistent: Bool { unsafe powercut_is_consistent(handle, Self.path) }

    func cut(afterOperations count: UInt64) { unsafe powercut_disk_cut_after(handle, count) }
    func setCapacity(byteCount: UInt64) { unsafe powercut_disk_set_capacity(handle, byteCount) }
    func setReadOnly(_ isReadOnly: Bool) {
        unsafe powercut_disk_set_read_only(handle, isReadOnly)
    }

    func failSyncs(_ count: UInt64) { unsafe powercut_disk_fail_syncs(handle, count) }
    func holdSyncs() { unsafe powercut_disk_hold_syncs(handle) }
    func releaseSyncs() { unsafe powercut_disk_release_syncs(handle) }

    func restore(_ survival: powercut_survival, seed: UInt64) {
        unsafe powercut_disk_restore(handle, survival, seed)
    }

    func damage(offset: UInt64, byteCount: UInt64) -> Bool {
        unsafe powercut_disk_damage(handle, Self.path, offset, byteCount)
    }

    /// Runs SQL on the closed database; the first number of the first row.
    @discardableResult
    func query(_ sql: String) -> Int64 {
        unsafe powercut_query(handle, Self.path, sql)
    }

    /// Calls the closure once a sync waits, from a thread that is for nothing else.
    func onHeldSync(_ body: @escaping @Sendable () -> Void) {
        Thread {
            unsafe powercut_disk_await_held_sync(self.handle)
            body()
        }.start()
    }

    /// Opens a store on the disk.
    func openStore(
        pendingRequestCountMax: Int = SQLiteTodoStore.Configuration.pendingRequestCountMaxDefault,
        synchronous: SQLiteTodoStore.Configuration.Synchronous = .full,
        checkpointPageCount: Int = 1_000,
        report: @escaping @Sendable (SQLiteError) -> Void = { _ in }
    ) throws(TodoDatabaseError) -> SQLiteTodoStore {
        var configuration = SQLiteTodoStore.Configuration(
            path: Self.path,
            pendingRequestCountMax: pendingRequestCountMax
        )
        configuration.virtualFileSystem = name
        configuration.synchronous = synchronous
        configuration.checkpointPageCount = checkpointPageCount
        return try SQLiteTodoStore(configuration, report: report)
    }
}

/// Runs SQL on the database in a file; the first number of the first row, or -1 on failure.
func query(_ path: String, _ sql: String) -> Int64 {
    unsafe powercut_query(nil, path, sql)
}
