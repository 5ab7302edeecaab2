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
        let (sum, overflowed) = now.addingReportingOverflow(IdempotencyKey.lifetimeSeconds)
        return overflowed ? .max : sum
    }
}

/// What came of a write.
public struct TodoWriteResult: Hashable, Sendable {
    /// The to-do after the write, or before it if it was deleted; `nil` if the workspace has no
    /// to-do of that id and nothing was changed.
    public let todo: Todo?

    /// Whether the write had been done before under its idempotency key, and was not done again.
    public let isReplay: Bool

    public init(todo: Todo?, isReplay: Bool = false) {
        self.todo = todo
        self.isReplay = isReplay
    }
}
