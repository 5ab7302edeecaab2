import Synchronization
import Testing
import Todos
import TodosSQLite

@Suite("Group commit")
struct GroupCommitTests {
    private static let waitingCount = 64

    @Test func `Writes that wait together share one sync`() async throws {
        let disk = PowerCutDisk()
        let outcomes = try await outcomes(ofWritesThatWaitOn: disk) { store, number in
            try await store.add("to-do \(number)", key: "\(number)")
        }
        #expect(outcomes.todos.count == Self.waitingCount)
        #expect(outcomes.syncCount == 1)
    }

    @Test func `Commits and the writes in them are counted, and reads are not`() async throws {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        #expect(store.counts.writeCount == 0)
        for number in 1...3 {
            try await store.add("\(number)")
            #expect(store.counts.commitCount == number)
            #expect(store.counts.writeCount == number)
        }
        _ = try await store.all()
        #expect(store.counts.commitCount == 3)
        #expect(store.counts.commitNanoseconds > 0)
        #expect(store.counts.commitCounts.reduce(0, +) == 3)
        #expect(store.waitingCount == 0)
        store.close()
    }

    @Test func `A write beyond the queue's bound is refused as unavailable`() async throws {
        let disk = PowerCutDisk()
        let outcomes = try await outcomes(ofWritesThatWaitOn: disk) { store, number in
            try await store.add("to-do \(number)")
        }
        let reason = "the database is closed, or \(Self.waitingCount) requests wait for it"
        #expect(outcomes.errors == [.unavailable(reason: reason)])
    }

    @Test func `A write that SQLite refuses does not take those beside it down`() async throws {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        try await store.add("x", in: "full")
        store.close()
        // The next id is not an integer that SQLite can store.
        disk.query("UPDATE workspace SET last_todo_id = \(Int64.max) WHERE name = 'full'")

        let reports = Mutex<[SQLiteError]>([])
        let outcomes = try await outcomes(
            ofWritesThatWaitOn: disk,
            report: { error in reports.withLock { $0.append(error) } }
        ) { store, number in
            let isRefused = number.isMultiple(of: 8)
            return try await store.add(
                "\(number)",
                in: isRefused ? "full" : "home",
                key: "k\(number)"
            )
        }
        #expect(outcomes.todos.count + outcomes.errors.count == Self.waitingCount + 1)
        let refusals = outcomes.errors.filter { if case .failed = $0 { true } else { false } }
        // The one that was refused at the queue's bound may be any of either kind.
        #expect((Self.waitingCount / 8...Self.waitingCount / 8 + 1).contains(refusals.count))
        #expect(outcomes.errors.count - refusals.count == 1)
        #expect(reports.withLock { $0.count } > refusals.count)

        let reopened = try disk.openStore()
        #expect(try await reopened.all() == outcomes.todos.sorted { $0.id < $1.id })
        #expect(try await reopened.all(in: "full").map(\.title) == ["x"])
        reopened.close()
    }

    @Test func `Writes of several to-dos share a transaction up to 1,024 to-dos`() async throws {
        let disk = PowerCutDisk()
        let title = try TodoTitle("x")
        let outcomes = try await outcomes(
            ofWritesThatWaitOn: disk,
            waitingCount: 9
        ) { store, _ in
            let write = TodoWrite.addAll(titles: Array(repeating: title, count: 341))
            let result = try await store.apply(write)
            return Todo(id: result.changedIDs[0], title: title, createdBy: "", createdAt: 0)
        }
        // Three hold 1,023 to-dos.
        #expect(outcomes.todos.count == 9)
        #expect(outcomes.syncCount == 3)
    }

    @Test func `A transaction holds 1,024 writes at most`() async throws {
        let disk = PowerCutDisk()
        let outcomes = try await outcomes(
            ofWritesThatWaitOn: disk,
            waitingCount: 1_025
        ) { store, number in
            try await store.add("\(number)")
        }
        #expect(outcomes.todos.count == 1_025)
        #expect(outcomes.syncCount == 2)
    }

    @Test func `A client that was told of its write finds it in its next read`() async throws {
        let disk = PowerCutDisk()
        let store = try disk.openStore()
        defer { store.close() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<32 {
                group.addTask {
                    for _ in 0..<10 {
                        let todo = try await store.add("of client \(client)")
                        #expect(try await store.todo(todo.id, in: "home") == todo)
                        let query = try TodoQuery(after: todo.id - 1, limit: 1)
                        #expect(try await store.page(query, in: "home").todos == [todo])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private struct Outcomes {
        var todos: [Todo] = []
        var errors: [TodoStoreError] = []

        /// Syncs after the first, which the waiting writes had to themselves.
        var syncCount: UInt64 = 0
    }

    /// Lets writes pile up behind one that waits for the disk.
    ///
    /// One write more than the queue holds is sent: once that is refused, all others do wait.
    private func outcomes(
        ofWritesThatWaitOn disk: PowerCutDisk,
        waitingCount: Int = Self.waitingCount,
        report: @escaping @Sendable (SQLiteError) -> Void = { _ in },
        _ write: @escaping @Sendable (SQLiteTodoStore, Int) async throws -> Todo
    ) async throws -> Outcomes {
        let store = try disk.openStore(pendingRequestCountMax: waitingCount, report: report)
        defer { store.close() }
        // The first sync of a new write-ahead log is followed by one of its header.
        try await store.add("first", in: "elsewhere")
        disk.holdSyncs()
        let held = Task { try await store.add("held", in: "elsewhere") }
        await awaitHeldSync(of: disk)

        let syncCount = disk.syncCount
        return try await withThrowingTaskGroup(of: Result<Todo, TodoStoreError>.self) { group in
            for number in 0...waitingCount {
                group.addTask {
                    do {
                        return .success(try await write(store, number))
                    } catch let error as TodoStoreError {
                        return .failure(error)
                    }
                }
            }
            var outcomes = Outcomes()
            for try await result in group {
                switch result {
                case .success(let todo): outcomes.todos.append(todo)
                case .failure(let error):
                    outcomes.errors.append(error)
                    disk.releaseSyncs()
                }
            }
            _ = try await held.value
            outcomes.syncCount = disk.syncCount - syncCount - 1
            return outcomes
        }
    }

    /// Waits on a thread of its own, so that no other test's tasks wait along.
    private func awaitHeldSync(of disk: PowerCutDisk) async {
        await withCheckedContinuation { continuation in
            disk.onHeldSync { continuation.resume() }
        }
    }
}
