internal import PostgresClient
internal import Todos

/// What became of one write of a transaction.
typealias WriteOutcome = Result<TodoWriteResult, TodoStoreError>

/// The writes of one transaction: what it has to look at, what comes of them, and what it changes.
///
/// A value: the writes are carried out here, one after the other, on what the transaction has found
/// under the locks of their workspaces. PostgreSQL is told the outcome of all of them together.
struct WriteBatch {
    /// A to-do by its place.
    struct Place: Hashable {
        let workspace: ExactText
        let id: Int64
    }

    /// A workspace as the transaction found it, and the last id that it gives.
    private struct Counter {
        let key: Int64
        var lastID: Int64
        var hasChanged = false
    }

    let requests: [TodoWriteRequest]

    /// A number that no other batch of any process has.
    let number = Int64.random(in: .min ... .max)

    private var counters: [ExactText: Counter] = [:]
    private var todos: [Place: Todo] = [:]
    private var results: [ResultPlace: RecordedWrite] = [:]
    private var completedIDs: [Int64] = []

    // What has changed, in the order in which it did.
    private var stored: Set<Place> = []
    private var touched: [Place] = []
    private var isTouched: Set<Place> = []
    private var issuers: [Place: String] = [:]
    private var recorded: [ResultPlace] = []
    private var cleared: (key: Int64, lastID: Int64)?

    /// What others may hear of once the transaction is committed.
    private(set) var changes: [TodoChange] = []

    init(_ requests: [TodoWriteRequest]) {
        self.requests = requests
    }

    // What the transaction looks at.

    private var workspaces: [ExactText] {
        var names: [ExactText] = []
        for request in requests {
            let name = ExactText(request.caller.workspace)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The workspaces that do not exist, as far as was found.
    var missingWorkspaces: [String] {
        workspaces.filter { counters[$0] == nil }.map(\.text)
    }

    /// Locks the workspaces and reads what the writes are about; answered with ``receive(_:)``.
    var looking: [PostgresCall] {
        let places = Set(requests.flatMap(\.places))
        let results = Set(requests.compactMap { ResultPlace($0) })
        var calls = [
            TodoStatements.lockWorkspaces(PostgresValue(array: workspaces.map(\.text))),
            TodoStatements.findTodos(
                PostgresValue(array: places.map { $0.workspace.text }),
                PostgresValue(array: places.map { $0.id })
            ),
            TodoStatements.findResults(
                PostgresValue(array: results.map { $0.workspace.text }),
                PostgresValue(array: results.map { $0.issuer.text }),
                PostgresValue(array: results.map { $0.subject.text }),
                PostgresValue(array: results.map { $0.kind }),
                PostgresValue(array: results.map { $0.key })
            ),
        ]
        if let clearing = requests.first(where: \.isClearing) {
            calls.append(
                TodoStatements.completedIDs(
                    PostgresValue(clearing.caller.workspace),
                    PostgresValue(Int64(TodoClearing.countMax) + 1)
                )
            )
        }
        return calls
    }

    /// Takes what the statements of ``looking`` returned.
    mutating func receive(_ rows: ArraySlice<PostgresRows>) {
        let rows = Array(rows)
        guard rows.count >= 3 else { preconditionFailure("an answer to each statement") }
        for row in 0..<rows[0].count {
            counters[ExactText(rows[0].text(row, 0))] = Counter(
                key: rows[0].number(row, 1),
                lastID: rows[0].number(row, 2)
            )
        }
        todos = [:]
        issuers = [:]
        for row in 0..<rows[1].count {
            let todo = rows[1].todo(row, 1)
            let place = Place(workspace: ExactText(rows[1].text(row, 0)), id: todo.id)
            todos[place] = todo
            issuers[place] = rows[1].text(row, 7)
        }
        stored = Set(todos.keys)
        results = [:]
        for row in 0..<rows[2].count {
            results[ResultPlace(rows[2], row)] = RecordedWrite(rows[2], row)
        }
        completedIDs = rows.count > 3 ? (0..<rows[3].count).map { rows[3].number($0, 0) } : []
    }

    // What comes of the writes.

    /// Carries the writes out in their order.
    ///
    /// - Precondition: Called once, after ``receive(_:)`` has found every workspace.
    mutating func apply() -> [WriteOutcome] {
        requests.map { apply($0) }
    }

    private mutating func apply(_ request: TodoWriteRequest) -> WriteOutcome {
        let place = ResultPlace(request)
        if let place, let record = results[place], record.expiresAt > request.now {
            guard record.arguments == ExactText(request.write.arguments) else {
                return .failure(.idempotencyKeyReused)
            }
            return .success(TodoWriteResult(replaying: record.outcome))
        }
        let result: TodoWriteResult
        switch request.write {
        case .add(let title):
            guard let ids = add([title], request) else { return Self.idsAreUsedUp }
            let added = Place(workspace: ExactText(request.caller.workspace), id: ids.lowerBound)
            result = TodoWriteResult(.todo(todos[added]), changedIDs: [ids.lowerBound])
        case .addAll(let titles):
            guard let ids = add(titles, request) else { return Self.idsAreUsedUp }
            result = TodoWriteResult(.added(ids), changedIDs: Array(ids))
        case .complete(let id):
            result = change(id, request) { $0.complete(at: request.now) }
        case .updateTitle(let id, let title):
            result = change(id, request) { $0.rename(to: title, at: request.now) }
        case .delete(let id):
            result = delete(id, request)
        case .deleteCompleted(let clearing):
            result = clear(clearing, request)
        case .restore(let restoration):
            guard let restored = restore(restoration, in: request.caller.workspace) else {
                return Self.idsAreUsedUp
            }
            result = restored
        }
        if let place, let record = RecordedWrite(request, result.outcome) {
            results[place] = record
            recorded.append(place)
        }
        if let change = TodoChange(result, of: request) { changes.append(change) }
        return .success(result)
    }

    private static let idsAreUsedUp = WriteOutcome.failure(
        .failed(reason: "the workspace has used all ids")
    )

    /// - Returns: `nil` if there are not as many ids left.
    private mutating func add(
        _ titles: [TodoTitle],
        _ request: TodoWriteRequest
    ) -> ClosedRange<Int64>? {
        let workspace = ExactText(request.caller.workspace)
        guard var counter = counters[workspace] else {
            preconditionFailure("a workspace that was not looked at")
        }
        let (last, overflows) = counter.lastID.addingReportingOverflow(Int64(titles.count))
        guard !overflows, !titles.isEmpty else { return nil }
        let ids = (counter.lastID + 1)...last
        counter.lastID = last
        counter.hasChanged = true
        counters[workspace] = counter
        for (id, title) in zip(ids, titles) {
            let place = Place(workspace: workspace, id: id)
            todos[place] = Todo(
                id: id,
                title: title,
                createdBy: request.caller.subject,
                createdAt: request.now
            )
            issuers[place] = request.caller.issuer
            touch(place)
        }
        return ids
    }

    /// - Returns: `nil` if there are not as many ids left.
    private mutating func restore(
        _ restoration: TodoRestoration,
        in workspace: String
    ) -> TodoWriteResult? {
        let workspace = ExactText(workspace)
        guard var counter = counters[workspace] else {
            preconditionFailure("a workspace that was not looked at")
        }
        let plan = restoration.plan(lastID: counter.lastID) { id in
            let place = Place(workspace: workspace, id: id)
            return todos[place].map { StoredTodo($0, issuer: issuers[place] ?? "") }
        }
        guard let plan else { return nil }
        for stored in plan.added {
            let place = Place(workspace: workspace, id: stored.todo.id)
            todos[place] = stored.todo
            issuers[place] = stored.issuer
            touch(place)
        }
        counter.hasChanged = counter.hasChanged || plan.lastID > counter.lastID
        counter.lastID = plan.lastID
        counters[workspace] = counter
        return TodoWriteResult(plan.outcome, changedIDs: plan.added.map(\.todo.id))
    }

    private mutating func change(
        _ id: Int64,
        _ request: TodoWriteRequest,
        _ body: (inout Todo) -> Void
    ) -> TodoWriteResult {
        let place = Place(workspace: ExactText(request.caller.workspace), id: id)
        guard let before = todos[place] else {
            return TodoWriteResult(.todo(nil), changedIDs: [])
        }
        var after = before
        body(&after)
        guard after != before else { return TodoWriteResult(.todo(after), changedIDs: []) }
        todos[place] = after
        touch(place)
        return TodoWriteResult(.todo(after), changedIDs: [id])
    }

    private mutating func delete(_ id: Int64, _ request: TodoWriteRequest) -> TodoWriteResult {
        let place = Place(workspace: ExactText(request.caller.workspace), id: id)
        guard let todo = todos.removeValue(forKey: place) else {
            return TodoWriteResult(.todo(nil), changedIDs: [])
        }
        touch(place)
        return TodoWriteResult(.todo(todo), changedIDs: [id])
    }

    private mutating func clear(
        _ clearing: TodoClearing,
        _ request: TodoWriteRequest
    ) -> TodoWriteResult {
        precondition(requests.count == 1, "a clearing has a transaction of its own")
        let found = CompletedTodos(ids: completedIDs)
        guard clearing.admits(found) else {
            return TodoWriteResult(.needsConsent(found), changedIDs: [])
        }
        let ids = Array(completedIDs.prefix(found.count))
        if let last = ids.last, let counter = counters[ExactText(request.caller.workspace)] {
            cleared = (counter.key, last)
        }
        return TodoWriteResult(
            .cleared(count: found.count, hasMore: found.hasMore),
            changedIDs: ids
        )
    }

    private mutating func touch(_ place: Place) {
        if isTouched.insert(place).inserted { touched.append(place) }
    }

    // What the transaction changes.

    /// Whether the transaction changes any to-do.
    var hasChanges: Bool { !changes.isEmpty }

    /// Statements that bring the database to where the writes have led; may be none.
    ///
    /// `origin` is the number of this process; `notifies` tells whether others can be told.
    func changing(origin: Int64, notifies: Bool) -> [PostgresCall] {
        let isThere = touched.filter { todos[$0] != nil }
        let added = isThere.filter { !stored.contains($0) }
        let updated = isThere.filter { stored.contains($0) }
        let deleted = touched.filter { todos[$0] == nil && stored.contains($0) }
        var calls: [PostgresCall] = []
        if !added.isEmpty { calls.append(add(added)) }
        if !updated.isEmpty { calls.append(update(updated)) }
        if !deleted.isEmpty {
            calls.append(
                TodoStatements.delete(
                    PostgresValue(array: keys(deleted)),
                    PostgresValue(array: deleted.map(\.id))
                )
            )
        }
        if let cleared {
            calls.append(
                TodoStatements.deleteCompleted(
                    PostgresValue(cleared.key),
                    PostgresValue(cleared.lastID)
                )
            )
        }
        let writes = recorded.compactMap { place in
            results[place].map { (place: place, write: $0) }
        }
        if !writes.isEmpty { calls.append(RecordedWrite.record(writes)) }
        let counted = counters.values.filter(\.hasChanged)
        if !counted.isEmpty {
            calls.append(
                TodoStatements.countWorkspaces(
                    PostgresValue(array: counted.map(\.key)),
                    PostgresValue(array: counted.map(\.lastID))
                )
            )
        }
        if hasChanges {
            calls.append(recordChanges(origin: origin))
            if notifies {
                let payload = ProcessFeeds.payload(
                    ChangeFeed.letter,
                    origin: origin,
                    number: number
                )
                calls.append(TodoStatements.notify(PostgresValue(payload)))
            }
        }
        return calls
    }

    private func recordChanges(origin: Int64) -> PostgresCall {
        var byWorkspace: [ExactText: (ids: [Int64], lists: TodoChange.Lists)] = [:]
        for change in changes {
            let workspace = ExactText(change.workspace)
            let known = byWorkspace[workspace, default: (ids: [], lists: [])]
            byWorkspace[workspace] = (known.ids + change.ids, known.lists.union(change.lists))
        }
        let places = Array(byWorkspace)
        return TodoStatements.recordChanges(
            PostgresValue(number),
            PostgresValue(origin),
            PostgresValue(array: places.map { place in counters[place.key].map(\.key) }),
            PostgresValue(array: places.map { Int64($0.value.lists.rawValue) }),
            PostgresValue(array: places.map { IDList(Set($0.value.ids)).text })
        )
    }

    private func add(_ places: [Place]) -> PostgresCall {
        let added = places.compactMap { todos[$0] }
        return TodoStatements.add(
            PostgresValue(array: keys(places)),
            PostgresValue(array: added.map(\.id)),
            PostgresValue(array: added.map(\.title)),
            PostgresValue(array: added.map(\.isCompleted)),
            PostgresValue(array: places.map { issuers[$0] }),
            PostgresValue(array: added.map(\.createdBy)),
            PostgresValue(array: added.map(\.createdAt)),
            PostgresValue(array: added.map(\.updatedAt))
        )
    }

    private func update(_ places: [Place]) -> PostgresCall {
        let updated = places.compactMap { todos[$0] }
        return TodoStatements.update(
            PostgresValue(array: keys(places)),
            PostgresValue(array: updated.map(\.id)),
            PostgresValue(array: updated.map(\.title)),
            PostgresValue(array: updated.map(\.isCompleted)),
            PostgresValue(array: updated.map(\.updatedAt))
        )
    }

    private func keys(_ places: [Place]) -> [Int64?] {
        places.map { counters[$0.workspace]?.key }
    }
}

extension TodoWriteRequest {
    /// The to-dos that the write names.
    fileprivate var places: [WriteBatch.Place] {
        let workspace = ExactText(caller.workspace)
        return switch write {
        case .complete(let id), .updateTitle(let id, _), .delete(let id):
            [WriteBatch.Place(workspace: workspace, id: id)]
        case .restore(let restoration) where restoration.identity != .new:
            restoration.todos.map { WriteBatch.Place(workspace: workspace, id: $0.todo.id) }
        case .add, .addAll, .deleteCompleted, .restore: []
        }
    }

    fileprivate var isClearing: Bool {
        if case .deleteCompleted = write { return true }
        return false
    }
}
