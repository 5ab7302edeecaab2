/// How many tasks there may be, and how long they take (MCP extension
/// `io.modelcontextprotocol/tasks`).
public struct TaskLimits: Hashable, Sendable {
    /// How long a task is kept from its creation, its result included (`ttlMs`); a task that still
    /// runs then is stopped.
    public var lifetimeSeconds = 7_200

    /// How long a tool may work, waiting for the client not counted; then the task is `completed`
    /// with an error for the model.
    public var runSeconds = 3_600

    /// How often a client should ask (`pollIntervalMs`).
    public var pollIntervalMilliseconds = 2_000

    /// Tasks of a process that run at once.
    public var runningCountMax = 256

    /// Tasks of one subject that are kept, those that have ended included.
    public var perSubjectCountMax = 100

    /// Tasks that the store keeps.
    public var countMax = 10_000

    /// Bytes of a result; a larger one is replaced by an error for the model.
    public var resultByteCountMax = 1_048_576

    public init() {}
}
