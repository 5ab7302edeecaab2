internal import Libuv
internal import Todos

/// What a store's callers send to its storage thread, each with who awaits the answer.
enum Request: Sendable {
    typealias Answer<Success: Sendable> = CheckedContinuation<
        Result<Success, TodoStoreError>, Never
    >

    case write(TodoWriteRequest, Answer<TodoWriteResult>)
    case page(TodoQuery, workspace: String, Answer<TodoPage>)
    case todo(Int64, workspace: String, Answer<Todo?>)
    case task(TaskWork)
    case count(workspace: String?, Answer<Int>)
    case archive(ArchivePlace, Answer<ArchivePage>)
}

/// The work of the thread that owns the connection.
struct StorageThread {
    let database: TodoDatabase
    let generations: WorkspaceGenerations
    let report: (SQLiteError) -> Void
    let counters: StorageCounters

    /// Answers all that is sent until the mailbox is closed and empty.
    func serve(_ mailbox: Mailbox<Request>) {
        while let requests = mailbox.receiveAll() { answer(requests) }
        do throws(SQLiteError) {
            try database.checkpoint()
        } catch {
            // Nothing is lost: the next connection finds the log as it is.
            report(error)
        }
    }

    private func answer(_ requests: [Request]) {
        var writes: [TodoWriteRequest] = []
        var writers: [Request.Answer<TodoWriteResult>] = []
        for request in requests {
            switch request {
            case .write(let write, let writer):
                writes.append(write)
                writers.append(writer)
            case .task(let work):
                answer(work)
            case .page(let query, let workspace, let reader):
                reader.resume(
                    returning: read { () throws(SQLiteError) in
                        try database.page(query, in: workspace)
                    }
                )
            case .count(let workspace, let reader):
                reader.resume(
                    returning: read { () throws(SQLiteError) in
                        try database.todoCount(in: workspace)
                    }
                )
            case .archive(let place, let reader):
                reader.resume(
                    returning: read { () throws(SQLiteError) in
                        try database.archivePage(from: place)
                    }
                )
            case .todo(let id, let workspace, let reader):
                reader.resume(
                    returning: read { () throws(SQLiteError) in
                        try database.todo(id, in: workspace)
                    }
                )
            }
        }
        commit(writes, for: writers)
    }

    /// Does work on tasks at once, in a transaction of its own: there is little of it.
    private func answer(_ work: TaskWork) {
        switch work {
        case .insert(let task, let quota, let writer):
            writer.resume(
                returning: read { () throws(SQLiteError) in
                    try database.insert(task, within: quota)
                }
            )
        case .find(let id, let owner, let reader):
            reader.resume(
                returning: read { () throws(SQLiteError) in try database.task(id, of: owner) }
            )
        case .update(let task, let writer):
            writer.resume(
                returning: read { () throws(SQLiteError) in try database.update(task) }
            )
        case .remove(let id, let writer):
            writer.resume(
                returning: read { () throws(SQLiteError) in try database.removeTask(id) }
            )
        case .removeExpired(let now, let writer):
            writer.resume(
                returning: read { () throws(SQLiteError) in
                    try database.removeExpiredTasks(atMilliseconds: now)
                }
            )
        case .interruptAll(let ending, let writer):
            writer.resume(
                returning: read { () throws(SQLiteError) in
                    try database.interruptAllTasks(ending)
                }
            )
        }
    }

    private func read<Value>(
        _ body: () throws(SQLiteError) -> Value
    ) -> Result<Value, TodoStoreError> {
        do throws(SQLiteError) {
            return .success(try body())
        } catch {
            report(error)
            return .failure(error.storeError)
        }
    }

    private func commit(
        _ writes: [TodoWriteRequest],
        for writers: [Request.Answer<TodoWriteResult>]
    ) {
        var start = 0
        while start < writes.count {
            let end = Self.transactionEnd(writes, from: start)
            let beginning = MonotonicClock.nanoseconds()
            let outcomes = database.commit(Array(writes[start..<end]), report: report)
            counters.countCommit(
                ofWrites: end - start,
                nanoseconds: MonotonicClock.nanoseconds() &- beginning
            )
            // Of failed ones too: a commit that could not say that it was done may have been.
            for write in writes[start..<end] {
                generations.advance(ofWorkspace: write.caller.workspace)
            }
            for (writer, outcome) in zip(writers[start..<end], outcomes) {
                writer.resume(returning: outcome)
            }
            start = end
        }
    }

    /// Where the transaction ends that begins with a write: after that one at least.
    private static func transactionEnd(_ writes: [TodoWriteRequest], from start: Int) -> Int {
        var todoCount = 0
        for (index, request) in writes[start...].enumerated() {
            todoCount += request.write.todoCountMax
            if todoCount > TodoDatabase.transactionTodoCountMax { return start + max(index, 1) }
        }
        return writes.count
    }
}
