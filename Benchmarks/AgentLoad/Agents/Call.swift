/// One thing that an agent wants of the server, with all its attempts.
struct Call {
    let operation: Operation

    /// When it was to begin, by the monotonic clock: its latency counts from here.
    let dueAt: UInt64

    /// When its first request was begun; what a deadline counts from.
    let begunAt: UInt64

    /// Whether it only brings the agent to where it can begin.
    var isPreparation = false

    /// The to-do it is about.
    var todoID: Int?

    /// Names the write, so that attempts do it once; `nil` if there is one attempt.
    var idempotencyKey: String?

    var hasRenewedToken = false
    var hasRenewedSession = false
}
