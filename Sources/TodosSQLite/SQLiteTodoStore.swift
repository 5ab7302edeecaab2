internal import Libuv
internal import Synchronization
public import Todos

/// To-dos in an SQLite file, durable when they are acknowledged.
///
/// One thread owns the connection and serves a queue. It takes all that waits at once, answers the
/// reads, then commits the writes together: one sync of the write-ahead log for all of them, however
/// many clients there are (group commit). Only after that are the writers told.
///
/// What waits together was sent before any of it was answered, so that every order among it is a
/// right one, and reads need not wait for the disk. A client that has been told of its write finds
/// it in every later read.
public final class SQLiteTodoStore: TodoStore {
    /// Where the file is, and how much may wait for it.
    public struct Configuration: Hashable, Sendable {
        /// How much SQLite does for durability (<https://www.sqlite.org/pragma.html#pragma_synchronous>).
        package enum Synchronous: String, Hashable, Sendable {
            case full = "FULL"
            case off = "OFF"
        }

        /// Requests that may wait unless the configuration says otherwise.
        public static let pendingRequestCountMaxDefault = 8_192

        /// The database file, created if there is none.
        ///
        /// Its directory must exist; the write-ahead log lies beside it.
        public var path: String

        /// Requests that may wait for the storage thread; the next one is refused as unavailable.
        public var pendingRequestCountMax: Int

        /// SQLite's name for a file system to use instead of the operating system's.
        ///
        /// For tests that cut the power.
        package var virtualFileSystem: String?

        /// ``Synchronous/full`` outside tests: anything less loses acknowledged writes.
        package var synchronous = Synchronous.full

        /// Pages in the write-ahead log after which a commit moves them into the database file.
        package var checkpointPageCount = 1_000

        public init(
            path: String,
            pendingRequestCountMax: Int = Self.pendingRequestCountMaxDefault
        ) {
            self.path = path
            self.pendingRequestCountMax = pendingRequestCountMax
        }
    }

    private let pendingRequestCountMax: Int
    private let mailbox: Mailbox<Request>
    private let thread: NativeThread
    private let isClosed = Atomic<Bool>(false)
    private let generations = WorkspaceGenerations()
    private let counters = StorageCounters()

    /// Opens the file, creates it if there is none, and brings its schema up to date.
    ///
    /// Blocks the calling thread meanwhile.
    ///
    /// - Parameters:
    ///   - configuration: Where the file is.
    ///   - report: Called with every failure of SQLite from then on, on the storage thread.
    /// - Throws: ``TodoDatabaseError`` that tells the operator what to do.
    public init(
        _ configuration: Configuration,
        report: @escaping @Sendable (SQLiteError) -> Void
    ) throws(TodoDatabaseError) {
        // Safe: only this thread knows the database until the storage thread starts, and only that
        // one uses it afterwards.
        nonisolated(unsafe) let database = try TodoDatabase(configuration)
        let mailbox = Mailbox<Request>(countMax: configuration.pendingRequestCountMax)
        pendingRequestCountMax = configuration.pendingRequestCountMax
        self.mailbox = mailbox
        do throws(LibuvError) {
            thread = try NativeThread(name: "sqlite") { [generations, counters] in
                let storage = unsafe StorageThread(
                    database: database,
                    generations: generations,
                    report: report,
                    counters: counters
                )
                storage.serve(mailbox)
            }
        } catch {
            throw .noThread(reason: error.description)
        }
    }

    deinit {
        close()
    }

    /// Completes what waits, empties the write-ahead log, closes the file and ends the thread.
    ///
    /// Blocks the calling thread meanwhile. Later requests are refused as unavailable; closing
    /// again does nothing.
    public func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        mailbox.close()
        thread.join()
    }

    /// What the storage thread has done so far.
    public var counts: StorageCounts { counters.counts }

    /// Requests that wait for the storage thread.
    public var waitingCount: Int { mailbox.count }

    public func apply(
        _ request: TodoWriteRequest
    ) async throws(TodoStoreError) -> TodoWriteResult {
        try await withCheckedContinuation { writer in
            send(.write(request, writer)) { writer.resume(returning: .failure($0)) }
        }.get()
    }

    public func page(
        _ query: TodoQuery,
        in workspace: String
    ) async throws(TodoStoreError) -> TodoPage {
        try await withCheckedContinuation { reader in
            send(.page(query, workspace: workspace, reader)) {
                reader.resume(returning: .failure($0))
            }
        }.get()
    }

    public func todo(_ id: Int64, in workspace: String) async throws(TodoStoreError) -> Todo? {
        try await withCheckedContinuation { reader in
            send(.todo(id, workspace: workspace, reader)) {
                reader.resume(returning: .failure($0))
            }
        }.get()
    }

    public func generation(ofWorkspace workspace: String) -> UInt64? {
        generations.current(ofWorkspace: workspace)
    }

    func send(_ request: Request, orElse refuse: (TodoStoreError) -> Void) {
        guard !mailbox.send(request) else { return }
        refuse(
            .unavailable(
                reason: """
                    the database is closed, or \(pendingRequestCountMax) requests wait for it
                    """
            )
        )
    }
}
