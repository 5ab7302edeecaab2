internal import Synchronization

/// A store that forgets everything when the process ends, for development and tests.
///
/// Finding a to-do is a binary search. Deleting, and listing one state only, take time in
/// proportion to the workspace.
public final class MemoryTodoStore: TodoStore {
    private let contents = Mutex(Contents())
    private let generations = WorkspaceGenerations()

    public init() {}

    public func apply(
        _ request: TodoWriteRequest
    ) async throws(TodoStoreError) -> TodoWriteResult {
        try contents.withLock { contents throws(TodoStoreError) in
            defer { generations.advance(ofWorkspace: request.caller.workspace) }
            return try contents.apply(request)
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

    public func generation(ofWorkspace workspace: String) -> UInt64? {
        generations.current(ofWorkspace: workspace)
    }
}

extension MemoryTodoStore: TodoArchive {
    public func todoCount(in workspace: String?) async throws(TodoStoreError) -> Int {
        contents.withLock { contents in
            guard let workspace else {
                return contents.workspaces.values.reduce(0) { $0 + $1.count }
            }
            return contents.workspaces[workspace]?.count ?? 0
        }
    }

    public func archive(
        of workspace: String?
    ) async throws(TodoStoreError) -> TodoArchiveReader {
        let all = contents.withLock(\.workspaces)
        let names = all.keys.filter { workspace == nil || $0 == workspace }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let rest = ArchiveRest(names.flatMap { all[$0]?.entries(named: $0) ?? [] })
        return TodoArchiveReader(next: { rest.take() })
    }
}

/// What of an archive has not been read yet.
private final class ArchiveRest: Sendable {
    private let entries: Mutex<ArraySlice<TodoArchiveEntry>>

    init(_ entries: [TodoArchiveEntry]) {
        self.entries = Mutex(entries[...])
    }

    func take() -> [TodoArchiveEntry] {
        entries.withLock { entries in
            let taken = entries.prefix(TodoArchiveReader.entryCountMax)
            entries = entries.dropFirst(taken.count)
            return Array(taken)
        }
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

        let workspace = request.caller.workspace
        let result: TodoWriteResult
        switch request.write {
        case .add, .addAll, .restore:
            result = try workspaces[workspace, default: Workspace()].apply(request)
        case .complete, .updateTitle, .delete, .deleteCompleted:
            // A workspace comes into being with its first to-do.
            var nothing = Workspace()
            result =
                try workspaces[workspace] == nil
                ? nothing.apply(request)
                : workspaces[workspace, default: nothing].apply(request)
        }
        writesDone.record(request, result.outcome)
        return result
    }
}

/// The to-dos of one workspace, sorted by id.
private struct Workspace {
    private var lastID: Int64 = 0
    private var todos: [Todo] = []

    /// The issuers of who added them, by id.
    private var issuers: [Int64: String] = [:]

    var count: Int { todos.count }

    func todo(_ id: Int64) -> Todo? {
        index(of: id).map { todos[$0] }
    }

    /// All there is, as an archive has it.
    func entries(named name: String) -> [TodoArchiveEntry] {
        todos.map { .todo(stored($0), workspace: name) } + [.end(workspace: name, lastID: lastID)]
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

    mutating func apply(
        _ request: TodoWriteRequest
    ) throws(TodoStoreError) -> TodoWriteResult {
        switch request.write {
        case .add(let title):
            guard lastID < .max else { throw Self.hasNoMoreIDs }
            let todo = add(title, request)
            return TodoWriteResult(.todo(todo), changedIDs: [todo.id])
        case .addAll(let titles):
            guard titles.count <= .max - lastID else { throw Self.hasNoMoreIDs }
            let first = lastID + 1
            for title in titles { _ = add(title, request) }
            return TodoWriteResult(.added(first...lastID), changedIDs: Array(first...lastID))
        case .complete(let id):
            return change(id) { $0.complete(at: request.now) }
        case .updateTitle(let id, let title):
            return change(id) { $0.rename(to: title, at: request.now) }
        case .delete(let id):
            guard let index = index(of: id) else {
                return TodoWriteResult(.todo(nil), changedIDs: [])
            }
            issuers[id] = nil
            return TodoWriteResult(.todo(todos.remove(at: index)), changedIDs: [id])
        case .deleteCompleted(let clearing):
            return clear(clearing)
        case .restore(let restoration):
            return try restore(restoration)
        }
    }

    private static let hasNoMoreIDs = TodoStoreError.failed(
        reason: "the workspace has used all ids"
    )

    private mutating func add(_ title: TodoTitle, _ request: TodoWriteRequest) -> Todo {
        lastID += 1
        let todo = Todo(
            id: lastID,
            title: title,
            createdBy: request.caller.subject,
            createdAt: request.now
        )
        todos.append(todo)
        issuers[todo.id] = request.caller.issuer
        return todo
    }

    private mutating func restore(
        _ restoration: TodoRestoration
    ) throws(TodoStoreError) -> TodoWriteResult {
        guard
            let plan = restoration.plan(
                lastID: lastID,
                { id in todo(id).map { stored($0) } }
            )
        else { throw Self.hasNoMoreIDs }
        // Ids that are added are greater than all there were.
        for stored in plan.added {
            todos.append(stored.todo)
            issuers[stored.todo.id] = stored.issuer
        }
        lastID = plan.lastID
        return TodoWriteResult(plan.outcome, changedIDs: plan.added.map(\.todo.id))
    }

    private func stored(_ todo: Todo) -> StoredTodo {
        StoredTodo(todo, issuer: issuers[todo.id] ?? "")
    }

    private mutating func change(_ id: Int64, _ body: (inout Todo) -> Void) -> TodoWriteResult {
        guard let index = index(of: id) else {
            return TodoWriteResult(.todo(nil), changedIDs: [])
        }
        let before = todos[index]
        body(&todos[index])
        let after = todos[index]
        return TodoWriteResult(.todo(after), changedIDs: after == before ? [] : [id])
    }

    private mutating func clear(_ clearing: TodoClearing) -> TodoWriteResult {
        let ids = Array(
            todos.lazy.filter(\.isCompleted).map(\.id).prefix(TodoClearing.countMax + 1)
        )
        let found = CompletedTodos(ids: ids)
        guard clearing.admits(found) else {
            return TodoWriteResult(.needsConsent(found), changedIDs: [])
        }
        let cleared = Array(ids.prefix(found.count))
        if let last = cleared.last { todos.removeAll { $0.isCompleted && $0.id <= last } }
        for id in cleared { issuers[id] = nil }
        return TodoWriteResult(
            .cleared(count: found.count, hasMore: found.hasMore),
            changedIDs: cleared
        )
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
        let outcome: TodoWriteOutcome
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
        return TodoWriteResult(replaying: record.outcome)
    }

    mutating func record(_ request: TodoWriteRequest, _ outcome: TodoWriteOutcome) {
        guard let key = Self.key(of: request) else { return }
        guard outcome.isKept else { return }
        records[key] = Record(
            arguments: request.write.arguments,
            outcome: outcome,
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
