public import JSON

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

    // For a store that several processes have at the same time.

    /// Whether other processes read what this one keeps.
    ///
    /// `false` unless said otherwise; then nothing is passed on, and there is nobody to follow.
    var isShared: Bool { get }

    /// Passes on what a client has said of a task to the process that works at it, if one does.
    ///
    /// What is acknowledged is kept until that process has it, which may hear it twice. Of several
    /// answers to one question the first counts.
    func pass(_ words: [TaskWord], to task: TaskID) async throws(TaskStoreError)

    /// Tells, from now on, what other processes do to tasks.
    ///
    /// Called once. The closure may be called with what it has been called with before.
    func follow(_ hearer: TaskHearer) async throws(TaskStoreError)
}

// What a store of one process need not do.
extension TaskStore {
    public var isShared: Bool { false }

    public func pass(_ words: [TaskWord], to task: TaskID) async throws(TaskStoreError) {}

    public func follow(_ hearer: TaskHearer) async throws(TaskStoreError) {}
}

/// Something that a client says of a task to a process which does not work at it.
public enum TaskWord: Hashable, Sendable {
    /// An answer to the question of this key.
    case answer(key: String, RawJSON)
    case cancellation
}

/// Who hears what other processes do to tasks.
public struct TaskHearer: Sendable {
    /// Whether anybody wants to hear of changes; nothing is read for nobody.
    public let wantsChanges: @Sendable () -> Bool

    /// A task has changed; whose it is as well, since a store is asked by owners only.
    public let didChange: @Sendable (TaskID, TaskOwner) async -> Void

    /// A client has said something of a task that this process works at.
    ///
    /// When it returns, that need not be kept any longer.
    public let didHear: @Sendable (TaskWord, TaskID) async -> Void

    public init(
        wantsChanges: @escaping @Sendable () -> Bool,
        didChange: @escaping @Sendable (TaskID, TaskOwner) async -> Void,
        didHear: @escaping @Sendable (TaskWord, TaskID) async -> Void
    ) {
        self.wantsChanges = wantsChanges
        self.didChange = didChange
        self.didHear = didHear
    }
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
