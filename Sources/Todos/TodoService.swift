/// The rules of the to-do list, applied on behalf of a caller.
///
/// Each event loop has a service of its own, isolated to that loop, so that calling it costs no
/// change of thread. All of them share one store, which holds all the state there is.
public actor TodoService {
    private let executor: any SerialExecutor
    private let store: any TodoStore
    private let didChange: @Sendable (TodoChange) -> Void

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Safe: the service keeps its executor alive as long as itself.
        unsafe executor.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - executor: Where the service is isolated to.
    ///   - store: Where the to-dos live.
    ///   - didChange: Called with every change once the store has acknowledged it; not for writes
    ///     that changed nothing, nor for those that had been done before.
    public init(
        executor: any SerialExecutor,
        store: any TodoStore,
        didChange: @escaping @Sendable (TodoChange) -> Void = { _ in }
    ) {
        self.executor = executor
        self.store = store
        self.didChange = didChange
    }

    /// Adds a to-do, durably.
    ///
    /// - Parameters:
    ///   - title: As the caller sent it; see ``TodoTitle``.
    ///   - idempotencyKey: As the caller sent it; see ``IdempotencyKey``.
    ///   - caller: Who adds it, and to which workspace.
    ///   - now: Seconds since 1970 (UTC).
    /// - Returns: The to-do; the first one, if the idempotency key has been used for it.
    /// - Throws: ``TodoError``; nothing was added.
    public func add(
        title: String,
        idempotencyKey: String?,
        by caller: TodoCaller,
        now: Int64
    ) async throws(TodoError) -> Todo {
        let write = TodoWrite.add(title: try Self.validate(title: title))
        guard let todo = try await apply(write, idempotencyKey, caller, now).todo else {
            throw .store(.failed(reason: "the store added nothing"))
        }
        return todo
    }

    /// Adds to-dos in one transaction, durably: all of them or, for whatever reason, none.
    ///
    /// Looks through the titles first, giving others their turn after each
    /// ``TodoImport/checkedTogetherCount``. A caller that is cancelled by then has added nothing; later,
    /// what is acknowledged stays.
    ///
    /// - Parameters:
    ///   - titles: As the caller sent them, 1 to ``TodoImport/titleCountMax``; see ``TodoTitle``.
    ///   - idempotencyKey: As the caller sent it; see ``IdempotencyKey``.
    ///   - caller: Who adds them, and to which workspace.
    ///   - now: Seconds since 1970 (UTC).
    ///   - didCheck: Called with the number of titles that were looked through, while there are more.
    /// - Returns: Their ids; those of the first time, if the idempotency key has been used for them.
    /// - Throws: ``TodoError``; nothing was added.
    public func addAll(
        titles: [String],
        idempotencyKey: String?,
        by caller: TodoCaller,
        now: Int64,
        didCheck: @Sendable (Int) -> Void = { _ in }
    ) async throws(TodoError) -> ClosedRange<Int64> {
        guard (1...TodoImport.titleCountMax).contains(titles.count) else {
            throw .titleCountOutOfRange(titles.count)
        }
        var checked: [TodoTitle] = []
        checked.reserveCapacity(titles.count)
        for title in titles {
            if checked.count.isMultiple(of: TodoImport.checkedTogetherCount), !checked.isEmpty {
                didCheck(checked.count)
                await Task.yield()
                if Task.isCancelled { throw .cancelled }
            }
            do throws(TodoTitleError) {
                checked.append(try TodoTitle(title))
            } catch {
                throw .titleInList(position: checked.count + 1, count: titles.count, error)
            }
        }
        let write = TodoWrite.addAll(titles: checked)
        guard case .added(let ids) = try await apply(write, idempotencyKey, caller, now).outcome
        else { throw .store(.failed(reason: "the store added nothing")) }
        return ids
    }

    /// One page of the caller's workspace.
    ///
    /// - Parameters:
    ///   - after: The last page's ``TodoPage/nextAfter``, or `nil` for the first page.
    ///   - limit: 1 to ``TodoQuery/limitMax``; `nil` stands for ``TodoQuery/limitDefault``.
    ///   - isCompleted: The state to list, or `nil` for both.
    ///   - caller: Whose workspace is listed.
    /// - Returns: To-dos in the order of their ids; none is not an error.
    /// - Throws: ``TodoError/query(_:)`` for a limit out of range, ``TodoError/store(_:)``.
    public func list(
        after: Int64? = nil,
        limit: Int? = nil,
        isCompleted: Bool? = nil,
        for caller: TodoCaller
    ) async throws(TodoError) -> TodoPage {
        let query: TodoQuery
        do throws(TodoQueryError) {
            query = try TodoQuery(after: after, limit: limit, isCompleted: isCompleted)
        } catch {
            throw .query(error)
        }
        do throws(TodoStoreError) {
            return try await store.page(query, in: caller.workspace)
        } catch {
            throw .store(error)
        }
    }

    /// One to-do of the caller's workspace.
    public func todo(_ id: Int64, for caller: TodoCaller) async throws(TodoError) -> Todo {
        do throws(TodoStoreError) {
            if let todo = try await store.todo(id, in: caller.workspace) { return todo }
        } catch {
            throw .store(error)
        }
        throw .noSuchTodo(id: id)
    }

    /// Marks a to-do as done and returns it so; one that is done already is returned as it is.
    public func complete(
        _ id: Int64,
        idempotencyKey: String?,
        by caller: TodoCaller,
        now: Int64
    ) async throws(TodoError) -> Todo {
        try await change(id, .complete(id: id), idempotencyKey, caller, now)
    }

    /// Replaces a to-do's title and returns the to-do with it.
    public func updateTitle(
        of id: Int64,
        to title: String,
        idempotencyKey: String?,
        by caller: TodoCaller,
        now: Int64
    ) async throws(TodoError) -> Todo {
        let write = TodoWrite.updateTitle(id: id, title: try Self.validate(title: title))
        return try await change(id, write, idempotencyKey, caller, now)
    }

    /// Deletes a to-do and returns it as it was.
    public func delete(
        _ id: Int64,
        idempotencyKey: String?,
        by caller: TodoCaller,
        now: Int64
    ) async throws(TodoError) -> Todo {
        try await change(id, .delete(id: id), idempotencyKey, caller, now)
    }

    /// Deletes the completed to-dos of the caller's workspace together, if that is consented to.
    ///
    /// - Parameters:
    ///   - clearing: What was consented to.
    ///   - idempotencyKey: As the caller sent it; see ``IdempotencyKey``. Counts once something
    ///     was deleted, or there was nothing to delete.
    ///   - caller: Whose workspace is cleared.
    ///   - now: Seconds since 1970 (UTC).
    /// - Returns: ``TodoClearingResult``.
    /// - Throws: ``TodoError``; nothing was deleted.
    public func deleteCompleted(
        _ clearing: TodoClearing,
        idempotencyKey: String?,
        by caller: TodoCaller,
        now: Int64
    ) async throws(TodoError) -> TodoClearingResult {
        let write = TodoWrite.deleteCompleted(clearing)
        return switch try await apply(write, idempotencyKey, caller, now).outcome {
        case .cleared(let count, let hasMore): .cleared(count: count, hasMore: hasMore)
        case .needsConsent(let completed): .needsConsent(completed)
        case .todo, .added, .restored, .conflict:
            throw .store(.failed(reason: "the store cleared nothing"))
        }
    }

    private func change(
        _ id: Int64,
        _ write: TodoWrite,
        _ idempotencyKey: String?,
        _ caller: TodoCaller,
        _ now: Int64
    ) async throws(TodoError) -> Todo {
        guard let todo = try await apply(write, idempotencyKey, caller, now).todo else {
            throw .noSuchTodo(id: id)
        }
        return todo
    }

    private func apply(
        _ write: TodoWrite,
        _ idempotencyKey: String?,
        _ caller: TodoCaller,
        _ now: Int64
    ) async throws(TodoError) -> TodoWriteResult {
        let request = TodoWriteRequest(
            write,
            by: caller,
            idempotencyKey: try Self.validate(idempotencyKey: idempotencyKey),
            now: now
        )
        let result: TodoWriteResult
        do throws(TodoStoreError) {
            result = try await store.apply(request)
        } catch {
            throw .store(error)
        }
        if let change = TodoChange(result, of: request) { didChange(change) }
        return result
    }

    private static func validate(title: String) throws(TodoError) -> TodoTitle {
        do throws(TodoTitleError) {
            return try TodoTitle(title)
        } catch {
            throw .title(error)
        }
    }

    private static func validate(
        idempotencyKey: String?
    ) throws(TodoError) -> IdempotencyKey? {
        guard let idempotencyKey else { return nil }
        do throws(IdempotencyKeyError) {
            return try IdempotencyKey(idempotencyKey)
        } catch {
            throw .idempotencyKey(error)
        }
    }
}
