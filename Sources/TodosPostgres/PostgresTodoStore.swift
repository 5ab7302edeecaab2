public import Libuv
public import PostgresClient
public import Todos

/// To-dos in a PostgreSQL database that several processes share.
///
/// Every event loop has connections of its own and writes in transactions of as many writes as wait.
/// A write is acknowledged once PostgreSQL has it on disk. One whose connection broke while it was
/// committed is looked for, or tried again under its idempotency key, and never blindly.
public final class PostgresTodoStore: TodoStore {
    /// Where the database is, and what it may cost.
    public struct Configuration: Hashable, Sendable {
        /// How it is learnt what other processes change.
        public enum ChangeSource: Hashable, Sendable {
            /// By listening, if the database is one that lets itself be listened to, and nothing in
            /// between may share connections out.
            case automatic
            case listening
            /// By looking every second.
            case polling
        }

        public var url: PostgresURL
        public var limits: PostgresLimits

        /// Where to listen for what other processes change; `nil` for ``url``.
        ///
        /// For a database behind a proxy that shares connections, through which nothing is heard.
        public var listenURL: PostgresURL?

        /// How it is learnt what other processes change.
        public var changes = ChangeSource.automatic

        /// Where statements are prepared.
        public var preparation = PostgresPreparation.Place.unshared

        /// Whether processes keep out of each other's way by advisory locks, where there are any.
        ///
        /// For tests of databases that have none.
        package var usesAdvisoryLocks = true

        public init(url: PostgresURL, limits: PostgresLimits = PostgresLimits()) {
            self.url = url
            self.limits = limits
        }
    }

    /// Who is told of what other processes change.
    public struct Hearing: Sendable {
        /// Whether anybody is; nothing is read for nobody.
        public var isWanted: @Sendable () -> Bool

        /// Called on one of the loops.
        public var didHear: @Sendable (TodoChange) -> Void

        public init(
            isWanted: @escaping @Sendable () -> Bool,
            didHear: @escaping @Sendable (TodoChange) -> Void
        ) {
            self.isWanted = isWanted
            self.didHear = didHear
        }
    }

    let loopStores: [LoopBound<LoopStore>]
    private let indexByLoop: [ObjectIdentifier: Int]
    private let waitingGauges: [WaitingGauge]

    /// What the process does once, on the first loop.
    let single: LoopBound<ProcessWork>

    /// The number of this process.
    let origin: Int64

    /// Whether other processes can be told of changes.
    let notifies: Bool

    /// Waits for the database, and brings its tables up to date.
    ///
    /// - Parameters:
    ///   - configuration: Where it is.
    ///   - group: The loops that will use it; work from elsewhere goes by the first of them.
    ///   - hearing: Who is told of what other processes change.
    ///   - report: Called with what an operator should know, on any of the loops.
    /// - Returns: A store that must be closed before the loops are stopped.
    /// - Throws: ``PostgresStoreError`` that tells the operator what to do.
    public static func open(
        _ configuration: Configuration,
        on group: EventLoopGroup,
        hearing: Hearing = Hearing(isWanted: { false }, didHear: { _ in }),
        report: @escaping @Sendable (PostgresEvent) -> Void
    ) async throws(PostgresStoreError) -> PostgresTodoStore {
        let loop = group.loops[0]
        let findings = await withCheckedContinuation { continuation in
            loop.submit {
                var limits = configuration.limits
                limits.connectionCountMax = 1
                let pool = PostgresPool(
                    configuration.url,
                    preparing: PostgresPreparation(),
                    limits,
                    on: loop,
                    report: report
                )
                loop.startTask(with: SchemaMigration(in: pool, configuration)) { migration in
                    let result = await migration.run()
                    migration.pool.close()
                    continuation.resume(returning: result)
                }
            }
        }
        let found = try findings.get()
        if found.isShared { report(.isShared) }
        let parts = LoopParts(
            configuration: configuration,
            findings: found,
            hearing: hearing,
            report: report
        )
        return await PostgresTodoStore(parts, on: group)
    }

    private init(_ parts: LoopParts, on group: EventLoopGroup) async {
        var loopStores: [LoopBound<LoopStore>] = []
        var indexByLoop: [ObjectIdentifier: Int] = [:]
        var waitingGauges: [WaitingGauge] = []
        for (index, loop) in group.loops.enumerated() {
            let (store, gauges) = await withCheckedContinuation { continuation in
                loop.submit {
                    let store = LoopStore(parts, on: loop)
                    let gauges = [store.pool.waitingGauge, store.writer.waitingGauge]
                    continuation.resume(returning: (LoopBound(store, on: loop), gauges))
                }
            }
            loopStores.append(store)
            waitingGauges += gauges
            indexByLoop[ObjectIdentifier(loop)] = index
        }
        self.loopStores = loopStores
        self.indexByLoop = indexByLoop
        self.waitingGauges = waitingGauges
        origin = parts.origin
        notifies = parts.findings.hasNotifications
        let first = loopStores[0]
        single = await withCheckedContinuation { continuation in
            first.runLater { store in
                let work = ProcessWork(parts, in: store.pool)
                let bound = LoopBound(work, on: store.pool.loop)
                // Others must not take its tasks for those of nobody.
                work.roll.beat { continuation.resume(returning: bound) }
            }
        }
    }

    /// Closes every connection; what waits, and what comes later, is refused as unavailable.
    public func close() async {
        await withCheckedContinuation { continuation in
            single.runLater { $0.close { continuation.resume() } }
        }
        for store in loopStores {
            await withCheckedContinuation { continuation in
                store.runLater { store in
                    store.close()
                    continuation.resume()
                }
            }
        }
    }

    /// Requests of all loops that wait for a connection, or for writes before them.
    public var waitingCount: Int { waitingGauges.reduce(0) { $0 &+ $1.count } }

    /// Does at once what the store does every minute, and returns when it is done.
    package func clean(nowSeconds: Int64) async {
        await withCheckedContinuation { continuation in
            single.runLater { work in
                work.housekeeping.clean(nowSeconds: nowSeconds) { continuation.resume() }
            }
        }
    }

    /// Does at once what the store does every five seconds, and returns when it is done.
    package func beat() async {
        await withCheckedContinuation { continuation in
            single.runLater { $0.roll.beat { continuation.resume() } }
        }
    }

    public func apply(
        _ request: TodoWriteRequest
    ) async throws(TodoStoreError) -> TodoWriteResult {
        try await withCheckedContinuation { writer in
            here.run { $0.writer.write(request, writer) }
        }.get()
    }

    public func page(
        _ query: TodoQuery,
        in workspace: String
    ) async throws(TodoStoreError) -> TodoPage {
        let workspace = PostgresValue(workspace)
        let after = PostgresValue(query.after ?? 0)
        // One more than asked for tells whether there is a next page.
        let limit = PostgresValue(Int64(query.limit) + 1)
        let call =
            if let isCompleted = query.isCompleted {
                TodoStatements.pageByCompletion(
                    workspace,
                    after,
                    limit,
                    PostgresValue(isCompleted)
                )
            } else {
                TodoStatements.page(workspace, after, limit)
            }
        return TodoPage(oneMoreThan: query.limit, todos: try await read(call).todos)
    }

    public func todo(_ id: Int64, in workspace: String) async throws(TodoStoreError) -> Todo? {
        let call = TodoStatements.todo(PostgresValue(workspace), PostgresValue(id))
        return try await read(call).todos.first
    }

    private func read(_ call: PostgresCall) async throws(TodoStoreError) -> PostgresRows {
        do throws(PostgresError) {
            return try await run([call])[0]
        } catch {
            throw error.storeError
        }
    }

    /// Has statements carried out that may be carried out twice.
    ///
    /// - Returns: An answer to each.
    func run(_ calls: [PostgresCall]) async throws(PostgresError) -> [PostgresRows] {
        try await withCheckedContinuation { waiter in
            here.run { store in
                store.pool.run(calls) { waiter.resume(returning: $0) }
            }
        }.get()
    }

    /// What the calling loop has of the store, or the first loop.
    private var here: LoopBound<LoopStore> {
        let index = EventLoop.current.flatMap { indexByLoop[ObjectIdentifier($0)] }
        return loopStores[index ?? 0]
    }
}
