/// Where several processes keep what a client of the legacy protocol has changed of its session, and
/// through which they pass on what a client says to one of them and another waits for, what is left
/// of a stream that a client comes back for, and what has changed for those who listen.
///
/// A session itself is in its sealed id, so that a process which misses something serves it with its
/// defaults.
public protocol SessionStore: Sendable {
    /// Keeps something, and tells other processes; they hear of it soon after.
    func put(_ notice: SessionNotice) async throws(SessionStoreError)

    /// Tells of what is kept, in any order, and from then on of what other processes put.
    ///
    /// Called once, before the first session is served. The closure may be called on any thread, with
    /// a notice of this process's own and with one that it has been called with before as well.
    func follow(
        _ didHear: @escaping @Sendable (SessionNotice) -> Void
    ) async throws(SessionStoreError)
}

/// Something that every process must know of a session.
public struct SessionNotice: Hashable, Sendable {
    /// Names the session, opens nothing; of no session there are notices as well.
    public let session: String

    /// What the notice is about: a later one about the same takes its place.
    ///
    /// `nil` for what is said once, and may be forgotten after a minute.
    public let topic: String?

    public let content: String

    /// Seconds since 1970 (UTC); from then on the session is no more.
    ///
    /// Of no meaning without a topic.
    public let expirySeconds: Int64

    public init(session: String, topic: String?, content: String, expirySeconds: Int64) {
        self.session = session
        self.topic = topic
        self.content = content
        self.expirySeconds = expirySeconds
    }
}

/// A store of sessions that could not do what it was asked.
public struct SessionStoreError: Error, Hashable, Sendable {
    /// For the log: the store's own words.
    public let reason: String

    public init(reason: String) {
        self.reason = reason
    }
}

extension SessionStoreError: CustomStringConvertible {
    public var description: String { "sessions cannot be shared with other servers: \(reason)" }
}
