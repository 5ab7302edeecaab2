/// Something that other processes must know of a session of the legacy protocol.
///
/// The store knows nothing of its meaning but how long it counts.
public struct SessionRow: Hashable, Sendable {
    public let session: String

    /// What it is about: a later row about the same takes its place.
    ///
    /// `nil` for what is said once.
    public let topic: String?

    public let content: String

    /// Seconds since 1970 (UTC), for what has a topic; what is said once is kept for a minute.
    public let expiresAt: Int64

    public init(session: String, topic: String?, content: String, expiresAt: Int64) {
        self.session = session
        self.topic = topic
        self.content = content
        self.expiresAt = expiresAt
    }
}

/// Why something of a session was not told to other processes.
public struct SessionRowError: Error, Hashable, Sendable {
    public let reason: String
}
