/// Where tasks are kept, so that they outlive the request that began them and, with a store on
/// disk, the process.
///
/// What a store acknowledges it keeps: a client is told of a task, or of its result, only after
/// that. Of a record it keeps the highest revision, and never changes one whose status is final.
public protocol TaskStore: Sendable {
    /// Keeps a new task, unless there are too many.
    func insert(
        _ task: TaskRecord,
        within quota: TaskQuota
    ) async throws(TaskStoreError) -> TaskAdmission

    /// Keeps what a task has become; nothing if it is not kept, or has come further.
    func update(_ task: TaskRecord) async throws(TaskStoreError)

    /// A task by its id, if it is its owner who asks.
    ///
    /// `nil` as well for a task of another owner: the two must not be told apart, by time neither.
    func task(_ id: TaskID, of owner: TaskOwner) async throws(TaskStoreError) -> TaskRecord?

    /// Forgets a task of which nobody was told.
    func remove(_ id: TaskID) async throws(TaskStoreError)

    /// Forgets the tasks whose time is up.
    func removeExpired(atMilliseconds now: Int64) async throws(TaskStoreError)

    /// Gives every task whose process has ended before it the status
    /// ``TaskRecord/Status/interrupted``.
    ///
    /// Called once, before the first task begins.
    func interruptAll(
        message: String,
        atMilliseconds now: Int64
    ) async throws(TaskStoreError)
}

/// How many tasks may be kept when one more comes; those whose time is up do not count.
public struct TaskQuota: Hashable, Sendable {
    public let countMax: Int
    public let perSubjectCountMax: Int
    public let nowMilliseconds: Int64

    public init(countMax: Int, perSubjectCountMax: Int, nowMilliseconds: Int64) {
        self.countMax = countMax
        self.perSubjectCountMax = perSubjectCountMax
        self.nowMilliseconds = nowMilliseconds
    }
}

/// Whether a store has taken a new task.
public enum TaskAdmission: Hashable, Sendable {
    case admitted
    /// The subject has as many as one may have.
    case tooManyOfSubject
    case tooMany
}

/// A store that could not do what it was asked; nothing was changed.
public struct TaskStoreError: Error, Hashable, Sendable {
    /// For the log: the store's own words.
    public let reason: String

    public init(reason: String) {
        self.reason = reason
    }
}

extension TaskStoreError: CustomStringConvertible {
    public var description: String { "tasks cannot be read or written: \(reason)" }
}
