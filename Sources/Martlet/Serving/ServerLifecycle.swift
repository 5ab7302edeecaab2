/// What a process does at the turns of its server's life.
public struct ServerLifecycle {
    /// The server answers.
    public var started: () -> Void = {}

    /// The files are to be read again (SIGHUP).
    ///
    /// `nil` leaves the signal what it is to any process: its end.
    public var reload: (() async -> Void)?

    /// The server was asked to end, and begins to.
    public var stopping: () -> Void = {}

    public init() {}
}
