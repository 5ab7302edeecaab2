/// A task of the server as a row.
///
/// The store knows nothing of its meaning but when it is forgotten and whether it can still change.
public struct StoredTask: Hashable, Sendable {
    /// Whose it is.
    public struct Owner: Hashable, Sendable {
        public let issuer: String
        public let subject: String
        public let workspace: String

        public init(issuer: String, subject: String, workspace: String) {
            self.issuer = issuer
            self.subject = subject
            self.workspace = workspace
        }
    }

    /// What changes of a task.
    public struct State: Hashable, Sendable {
        public let status: String
        public let isFinal: Bool
        public let statusMessage: String?

        /// JSON.
        public let content: String?
        public let updatedAtMilliseconds: Int64

        public init(
            status: String,
            isFinal: Bool,
            statusMessage: String?,
            content: String?,
            updatedAtMilliseconds: Int64
        ) {
            self.status = status
            self.isFinal = isFinal
            self.statusMessage = statusMessage
            self.content = content
            self.updatedAtMilliseconds = updatedAtMilliseconds
        }
    }

    public let id: String
    public let owner: Owner
    public let tool: String

    /// JSON.
    public let arguments: String
    public let createdAtMilliseconds: Int64
    public let lifetimeMilliseconds: Int64
    public let expiresAtMilliseconds: Int64
    public let pollIntervalMilliseconds: Int64
    public let state: State
    public let revision: Int64

    public init(
        id: String,
        owner: Owner,
        tool: String,
        arguments: String,
        createdAtMilliseconds: Int64,
        lifetimeMilliseconds: Int64,
        expiresAtMilliseconds: Int64,
        pollIntervalMilliseconds: Int64,
        state: State,
        revision: Int64
    ) {
        self.id = id
        self.owner = owner
        self.tool = tool
        self.arguments = arguments
        self.createdAtMilliseconds = createdAtMilliseconds
        self.lifetimeMilliseconds = lifetimeMilliseconds
        self.expiresAtMilliseconds = expiresAtMilliseconds
        self.pollIntervalMilliseconds = pollIntervalMilliseconds
        self.state = state
        self.revision = revision
    }
}

/// How many tasks there may be for one more to be kept; those that have expired do not count.
public struct StoredTaskQuota: Hashable, Sendable {
    public let countMax: Int64
    public let perSubjectCountMax: Int64
    public let nowMilliseconds: Int64

    public init(countMax: Int64, perSubjectCountMax: Int64, nowMilliseconds: Int64) {
        self.countMax = countMax
        self.perSubjectCountMax = perSubjectCountMax
        self.nowMilliseconds = nowMilliseconds
    }
}

/// Whether a new task was kept.
public enum StoredTaskAdmission: Hashable, Sendable {
    case admitted, tooManyOfSubject, tooMany
}
