public import JSON

/// A task as it stands: what a client is shown of it, and whose it is (ext-tasks, *Tasks*).
///
/// A value that stores keep. It changes by ``change(to:message:atMilliseconds:)`` only, never once
/// its status is final, and every change has a higher ``revision``.
public struct TaskRecord: Hashable, Sendable {
    /// Where a task stands, with what a client needs to know of it there.
    public enum Status: Hashable, Sendable {
        case working
        /// The questions that are open: an object of requests by key.
        case inputRequired(requests: RawJSON)
        /// What the call would have been answered with, a tool's error included.
        case completed(result: RawJSON)
        /// The error object that the call would have been answered with.
        case failed(error: RawJSON)
        case cancelled
    }

    public let id: TaskID
    public let owner: TaskOwner

    /// The tool that was called, and its arguments: who may not call it so may not ask for the task.
    public let tool: String
    public let arguments: RawJSON

    public let createdAtMilliseconds: Int64
    public let lifetimeMilliseconds: Int64
    public let pollIntervalMilliseconds: Int

    public private(set) var status: Status

    /// For the user or the model, in whatever status.
    public private(set) var statusMessage: String?
    public private(set) var updatedAtMilliseconds: Int64

    /// How often the task has changed.
    public private(set) var revision: Int

    /// A task that begins.
    public init(
        id: TaskID,
        owner: TaskOwner,
        tool: String,
        arguments: RawJSON,
        createdAtMilliseconds: Int64,
        lifetimeMilliseconds: Int64,
        pollIntervalMilliseconds: Int
    ) {
        self.id = id
        self.owner = owner
        self.tool = tool
        self.arguments = arguments
        self.createdAtMilliseconds = createdAtMilliseconds
        self.lifetimeMilliseconds = lifetimeMilliseconds
        self.pollIntervalMilliseconds = pollIntervalMilliseconds
        status = .working
        updatedAtMilliseconds = createdAtMilliseconds
        revision = 0
    }

    /// A task as a store has kept it.
    public init(
        _ beginning: TaskRecord,
        status: Status,
        statusMessage: String?,
        updatedAtMilliseconds: Int64,
        revision: Int
    ) {
        self = beginning
        self.status = status
        self.statusMessage = statusMessage
        self.updatedAtMilliseconds = updatedAtMilliseconds
        self.revision = revision
    }

    /// When a task is forgotten, in milliseconds since 1970.
    public var expiresAtMilliseconds: Int64 {
        createdAtMilliseconds.addingReportingOverflow(lifetimeMilliseconds).partialValue
    }

    /// Moves a task on.
    ///
    /// - Parameters:
    ///   - status: Where it stands now.
    ///   - message: What to say of it; at most ``statusMessageScalarCountMax`` Unicode scalar values
    ///     of it are kept.
    ///   - now: The time; a clock that goes backwards does not take the task along.
    /// - Returns: `false` if the status was final: nothing has changed.
    public mutating func change(
        to status: Status,
        message: String?,
        atMilliseconds now: Int64
    ) -> Bool {
        guard !self.status.isFinal else { return false }
        self.status = status
        statusMessage = message.map { text in
            let scalars = text.unicodeScalars.prefix(Self.statusMessageScalarCountMax)
            return String(String.UnicodeScalarView(scalars))
        }
        updatedAtMilliseconds = max(updatedAtMilliseconds, now)
        revision += 1
        return true
    }

    public static let statusMessageScalarCountMax = 1_024
}

extension TaskRecord.Status {
    /// Whether nothing comes after it.
    public var isFinal: Bool {
        switch self {
        case .working, .inputRequired: false
        case .completed, .failed, .cancelled: true
        }
    }

    /// The member `status`.
    public var name: String {
        switch self {
        case .working: "working"
        case .inputRequired: "input_required"
        case .completed: "completed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        }
    }

    /// What the status brings along, if anything.
    public var content: RawJSON? {
        switch self {
        case .working, .cancelled: nil
        case .inputRequired(let content), .completed(let content), .failed(let content): content
        }
    }

    /// A status as a store has kept it.
    ///
    /// - Returns: `nil` if there is no such status, or it lacks what it must bring along.
    public init?(name: String, content: RawJSON?) {
        switch (name, content) {
        case ("working", nil): self = .working
        case ("input_required", let content?): self = .inputRequired(requests: content)
        case ("completed", let content?): self = .completed(result: content)
        case ("failed", let content?): self = .failed(error: content)
        case ("cancelled", nil): self = .cancelled
        default: return nil
        }
    }

    /// What becomes of a task whose process ended before it.
    public static let interrupted = TaskRecord.Status.failed(
        error: RawJSON { writer in
            let error = RPCError.internalError
            writer.beginObject()
            writer.name("code")
            writer.integer(error.code(in: .modern))
            writer.name("message")
            writer.string(error.description)
            writer.endObject()
        }
    )
}
