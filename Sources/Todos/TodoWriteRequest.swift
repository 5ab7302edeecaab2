/// A write, who wants it and when: all that a store needs to carry it out.
public struct TodoWriteRequest: Hashable, Sendable {
    public let write: TodoWrite
    public let caller: TodoCaller

    /// Makes the write happen once, however often it is asked for.
    public let idempotencyKey: IdempotencyKey?

    /// Seconds since 1970 (UTC).
    public let now: Int64

    public init(
        _ write: TodoWrite,
        by caller: TodoCaller,
        idempotencyKey: IdempotencyKey? = nil,
        now: Int64
    ) {
        self.write = write
        self.caller = caller
        self.idempotencyKey = idempotencyKey
        self.now = now
    }

    /// From when on the idempotency key means nothing; saturates at the end of time.
    public var idempotencyKeyExpiresAt: Int64 {
        let seconds =
            switch write {
            case .restore: TodoRestoration.keyLifetimeSeconds
            case .add, .addAll, .complete, .updateTitle, .delete, .deleteCompleted:
                IdempotencyKey.lifetimeSeconds
            }
        let (sum, overflowed) = now.addingReportingOverflow(seconds)
        return overflowed ? .max : sum
    }
}

/// What a write came to, as it is kept for a retry.
public enum TodoWriteOutcome: Hashable, Sendable {
    /// The to-do after the write, or before it if it was deleted; `nil` if the workspace has no
    /// to-do of that id and nothing was changed.
    case todo(Todo?)

    /// The ids of all that was added.
    case added(ClosedRange<Int64>)

    /// How many were deleted, and whether there were more than one clearing takes.
    case cleared(count: Int, hasMore: Bool)

    /// Nothing was deleted, since these are not what consent was given to.
    ///
    /// Not kept: a retry is another attempt.
    case needsConsent(CompletedTodos)

    /// The to-dos are there under the ids that they have had.
    ///
    /// Not kept: a retry comes to the same by itself.
    case restored(RestoredTodos)

    /// Nothing was added, since a to-do cannot have its id back.
    ///
    /// Not kept either.
    case conflict(TodoConflict)
}

extension TodoWriteOutcome {
    /// Whether the outcome is what a retry under the same idempotency key is told.
    public var isKept: Bool {
        switch self {
        case .todo, .added, .cleared: true
        case .needsConsent, .restored, .conflict: false
        }
    }
}

/// What came of a write.
public struct TodoWriteResult: Hashable, Sendable {
    public let outcome: TodoWriteOutcome

    /// What was added, changed or deleted now; empty for a replay, for an id that is not there, and
    /// where everything was already as it should be.
    public let changedIDs: [Int64]

    /// Whether the write had been done before under its idempotency key, and was not done again.
    public let isReplay: Bool

    public init(_ outcome: TodoWriteOutcome, changedIDs: [Int64]) {
        self.outcome = outcome
        self.changedIDs = changedIDs
        isReplay = false
    }

    /// The result of a write that had been done before.
    public init(replaying outcome: TodoWriteOutcome) {
        self.outcome = outcome
        changedIDs = []
        isReplay = true
    }

    /// The to-do that a write of one is about, if it is there.
    public var todo: Todo? {
        if case .todo(let todo) = outcome { return todo }
        return nil
    }
}
