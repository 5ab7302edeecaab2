internal import Synchronization

/// A store that forgets everything when the process ends, for development and tests.
///
/// Finding a to-do is a binary search. Deleting one, and listing one state only, take time in
/// proportion to the workspace.
public final class MemoryTodoStore: TodoStore {
    private let contents = Mutex(Contents())

    public init() {}

    public func apply(
        _ request: TodoWriteRequest
    ) async throws(TodoStoreError) -> TodoWriteResult {
        try contents.withLock { contents throws(TodoStoreError) in
            try contents.apply(request)
        }
    }

    public func page(
        _ query: TodoQuery,
        in workspace: String
    ) async throws(TodoStoreError) -> TodoPage {
        contents.withLock { $0.workspaces[workspace]?.page(query) }
            ?? TodoPage(todos: [], nextAfter: nil)
    }

    public func todo(_ id: Int64, in workspace: String) async throws(TodoStoreError) -> Todo? {
        contents.withLock { $0.workspaces[workspace]?.todo(id) }
    }
}

private struct Contents {
    var workspaces: [String: Workspace] = [:]
    private var writesDone = WritesDone()

    mutating func apply(
        _ request: TodoWriteRequest
    ) throws(TodoStoreError) -> TodoWriteResult {
        writesDone.removeExpired(at: request.now)
        if let result = try writesDone.result(of: request) { return result }

        let todo: Todo?
        if case .add = request.write {
            todo = workspaces[request.caller.workspace, default: Workspace()].apply(request)
        } else {
            // A workspace comes into being with its first to-do.
            todo = workspaces[request.caller.workspace]?.apply(request)
        }
        writesDone.record(request, result: todo)
        return TodoWriteResult(todo: todo)
    }
}

/// The to-dos of one workspace, sorted by id.
private struct Workspace {
    private var lastID: Int64 = 0
    private var todos: [Todo] = []

    func todo(_ id: Int64) -> Todo? {
        index(of: id).map { todos[$0] }
    }

    func page(_ query: TodoQuery) -> TodoPage {
        var found: [Todo] = []
        for todo in todos[firstIndex(above: query.after ?? 0)...] {
            if let isCompleted = query.isCompleted, todo.isCompleted != isCompleted { continue }
            found.append(todo)
            if found.count > query.limit { break }
        }
        return TodoPage(oneMoreThan: query.limit, todos: found)
    }

    mutating func apply(_ request: TodoWriteRequest) -> Todo? {
        switch request.write {
        case .add(let title):
            lastID += 1
            let todo = Todo(
                id: lastID,
                title: title,
                createdBy: request.caller.subject,
                createdAt: request.now
            )
            todos.append(todo)
            return todo
        case .complete(let id):
            return change(id) { $0.complete(at: request.now) }
        case .updateTitle(let id, let title):
            return change(id) { $0.rename(to: title, at: request.now) }
        case .delete(let id):
            return index(of: id).map { todos.remove(at: $0) }
        }
    }

    private mutating func change(_ id: Int64, _ body: (inout Todo) -> Void) -> Todo? {
        guard let index = index(of: id) else { return nil }
        body(&todos[index])
        return todos[index]
    }

    private func index(of id: Int64) -> Int? {
        let next = firstIndex(above: id)
        return next > 0 && todos[next - 1].id == id ? next - 1 : nil
    }

    /// Index of the first to-do with a greater id, or the count.
    private func firstIndex(above id: Int64) -> Int {
        var lower = 0
        var upper = todos.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if todos[middle].id > id { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}

/// The writes that carried an idempotency key, and what came of them, for 24 hours.
private struct WritesDone {
    private struct Key: Hashable {
        let caller: TodoCaller
        let kind: String
        let text: String
    }

    private struct Record {
        let arguments: String
        let todo: Todo?
        let expiresAt: Int64
    }

    /// The most records that one write removes, so that no write pays for a day of others.
    private static let removalCountMax = 64

    private var records: [Key: Record] = [:]

    /// Keys in the order recorded; those before `oldest` are removed already.
    private var queue: [Key] = []
    private var oldest = 0

    func result(of request: TodoWriteRequest) throws(TodoStoreError) -> TodoWriteResult? {
        guard let key = Self.key(of: request), let record = records[key],
            record.expiresAt > request.now
        else { return nil }
        guard record.arguments == request.write.arguments else { throw .idempotencyKeyReused }
        return TodoWriteResult(todo: record.todo, isReplay: true)
    }

    mutating func record(_ request: TodoWriteRequest, result: Todo?) {
        guard let key = Self.key(of: request) else { return }
        records[key] = Record(
            arguments: request.write.arguments,
            todo: result,
            expiresAt: request.idempotencyKeyExpiresAt
        )
        queue.append(key)
    }

    mutating func removeExpired(at now: Int64) {
        let end = min(queue.count, oldest + Self.removalCountMax)
        while oldest < end {
            let key = queue[oldest]
            // A key that expired and was used again stands in the queue twice.
            if let record = records[key] {
                guard record.expiresAt <= now else { break }
                records[key] = nil
            }
            oldest += 1
        }
        if oldest > queue.count / 2 {
            queue.removeFirst(oldest)
            oldest = 0
        }
    }

    private static func key(of request: TodoWriteRequest) -> Key? {
        request.idempotencyKey.map {
            Key(caller: request.caller, kind: request.write.kind, text: $0.text)
        }
    }
}
