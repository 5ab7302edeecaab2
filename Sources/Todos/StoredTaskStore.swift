/// Where rows of the server's tasks are kept, beside the to-dos and as durable.
public protocol StoredTaskStore: Sendable {
    /// Keeps a new task, unless there are too many.
    func insertTask(
        _ task: StoredTask,
        within quota: StoredTaskQuota
    ) async throws(StoredTaskError) -> StoredTaskAdmission

    /// - Returns: `nil` as well for a task of another owner.
    func task(
        _ id: String,
        of owner: StoredTask.Owner
    ) async throws(StoredTaskError) -> StoredTask?

    /// Keeps a task's state; nothing happens if it is not there, is final or has come further.
    func updateTask(_ task: StoredTask) async throws(StoredTaskError)

    func removeTask(_ id: String) async throws(StoredTaskError)

    func removeExpiredTasks(atMilliseconds now: Int64) async throws(StoredTaskError)

    /// Gives every task this state that is not final and that no process works at; called before
    /// this process begins one.
    func interruptAllTasks(_ ending: StoredTask.State) async throws(StoredTaskError)

    // For a store that several processes have at the same time.

    /// Whether other processes read what this one keeps; `false` unless said otherwise.
    var isShared: Bool { get }

    /// Keeps words for the process that works at a task, if one does, until it has heard them.
    ///
    /// Of several about one topic the first is kept.
    func passWords(_ words: [StoredTaskWord], toTask id: String) async throws(StoredTaskError)

    /// Tells, from now on, what other processes do to tasks; called once.
    func followTasks(_ hearer: StoredTaskHearer) async throws(StoredTaskError)
}

// What a store of one process need not do.
extension StoredTaskStore {
    public var isShared: Bool { false }

    public func passWords(
        _ words: [StoredTaskWord],
        toTask id: String
    ) async throws(StoredTaskError) {}

    public func followTasks(_ hearer: StoredTaskHearer) async throws(StoredTaskError) {}
}

/// Why work on tasks was not done; nothing was changed.
public struct StoredTaskError: Error, Hashable, Sendable {
    public let reason: String

    public init(reason: String) {
        self.reason = reason
    }
}
