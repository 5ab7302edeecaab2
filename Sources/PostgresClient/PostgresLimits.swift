/// What one loop's connections may cost.
public struct PostgresLimits: Hashable, Sendable {
    /// Connections that are open at once.
    public var connectionCountMax: Int

    /// Requests that may wait for a connection; the next one is refused.
    public var waitingCountMax: Int

    /// Seconds that a request may wait for a connection, and for its answer together.
    public var requestSeconds: Int

    /// Seconds that a connection may take to open.
    public var connectSeconds: Int

    public init(
        connectionCountMax: Int = 4,
        waitingCountMax: Int = 8_192,
        requestSeconds: Int = 10,
        connectSeconds: Int = 5
    ) {
        self.connectionCountMax = connectionCountMax
        self.waitingCountMax = waitingCountMax
        self.requestSeconds = requestSeconds
        self.connectSeconds = connectSeconds
    }
}

/// What an operator should know of the connections to PostgreSQL.
public enum PostgresEvent: Hashable, Sendable {
    /// Something failed. A failure to connect is told once, until another reason or success comes.
    case failed(PostgresError)

    /// A connection has opened after one could not.
    case recovered

    /// Connections are made through something that may share them out.
    case isShared
}
