/// Something that one process passes on to the one that works at a task.
///
/// The store knows nothing of its meaning.
public struct StoredTaskWord: Hashable, Sendable {
    public let topic: String
    public let content: String

    public init(topic: String, content: String) {
        self.topic = topic
        self.content = content
    }
}

/// Who hears what other processes do to tasks.
public struct StoredTaskHearer: Sendable {
    /// Whether anybody wants to hear of changes; nothing is read for nobody.
    public let wantsChanges: @Sendable () -> Bool

    /// The task of this id, and of this owner, has changed; may be said twice.
    public let didChange: @Sendable (String, StoredTask.Owner) async -> Void

    /// Something was passed on about the task of this id; it is kept until this returns, and may be
    /// said twice.
    public let didHear: @Sendable (StoredTaskWord, String) async -> Void

    public init(
        wantsChanges: @escaping @Sendable () -> Bool,
        didChange: @escaping @Sendable (String, StoredTask.Owner) async -> Void,
        didHear: @escaping @Sendable (StoredTaskWord, String) async -> Void
    ) {
        self.wantsChanges = wantsChanges
        self.didChange = didChange
        self.didHear = didHear
    }
}
