/// One thing to do, as everyone in its workspace sees it.
public struct Todo: Hashable, Sendable {
    /// Positive, counted from 1 within the workspace and never used again.
    ///
    /// Counted apart in every workspace, so that gaps tell nobody how busy the others are.
    public let id: Int64

    /// Satisfies the rules of ``TodoTitle``.
    public private(set) var title: String

    public private(set) var isCompleted: Bool

    /// The name (`sub`) of the subject that added it.
    public let createdBy: String

    /// Seconds since 1970 (UTC).
    public let createdAt: Int64

    /// Seconds since 1970 (UTC) of the last change, never before ``createdAt``.
    public private(set) var updatedAt: Int64

    /// A new to-do.
    public init(id: Int64, title: TodoTitle, createdBy: String, createdAt: Int64) {
        self.id = id
        self.title = title.text
        self.isCompleted = false
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }

    /// A to-do as a store kept it.
    public init(
        storedID: Int64,
        title: String,
        isCompleted: Bool,
        createdBy: String,
        createdAt: Int64,
        updatedAt: Int64
    ) {
        self.id = storedID
        self.title = title
        self.isCompleted = isCompleted
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Marks the to-do as done; one that is done already stays as it is.
    public mutating func complete(at now: Int64) {
        guard !isCompleted else { return }
        isCompleted = true
        updatedAt = max(updatedAt, now)
    }

    /// Replaces the title; the same title again leaves the to-do as it is.
    public mutating func rename(to title: TodoTitle, at now: Int64) {
        guard self.title != title.text else { return }
        self.title = title.text
        updatedAt = max(updatedAt, now)
    }
}
